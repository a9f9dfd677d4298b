// The settings that belong to no single topic: who we are and where.

import type { Setting } from '#domain/settings/setting.ts';
import { choice, country, flag, mailAddress, publicAddress, text } from '#domain/settings/setting.ts';
import { languages } from '#src/locales/words.ts';

/** The operator's name, on every page and letter. */
export const companyName: Setting<string> = {
  name: 'company-name',
  area: 'general',
  kind: text(100),
  fallback: 'Doorward',
};

/** The public address ("System URL"): the base of every link. DOORWARD_URL goes before it. */
export const publicUrl: Setting<string> = { name: 'public-url', area: 'general', kind: publicAddress(), fallback: '' };

/** Where customers write for help; shown in refusals and letters. */
export const supportAddress: Setting<string> = {
  name: 'support-address',
  area: 'general',
  kind: mailAddress(),
  fallback: '',
};

/** The accent colour of buttons and links, `#rrggbb`. */
export const accentColour: Setting<string> = {
  name: 'accent-colour',
  area: 'general',
  kind: {
    ...text(7),
    read: (given) =>
      given === '' || /^#[0-9a-f]{6}$/i.test(given)
        ? { value: given.toLowerCase() }
        : { fault: 'setting-not-a-colour' },
  },
  fallback: '',
};

/** The language of people who chose none and whose browser asks for none of ours. */
export const defaultLanguage: Setting<string> = {
  name: 'default-language',
  area: 'general',
  kind: choice(languages.map((one) => one.wire)),
  fallback: 'english',
};

/** The country that stands chosen in the forms of a new account; empty: none does (behaviours.md 11.3). */
export const defaultCountry: Setting<string> = {
  name: 'default-country',
  area: 'general',
  kind: country(),
  fallback: '',
};

/** Closes the client area to everybody but staff. */
export const maintenance: Setting<boolean> = { name: 'maintenance', area: 'general', kind: flag(), fallback: false };

// Who may use Duo, and how this installation is known there (behaviours.md 3.10; docs/operate/duo.md).

import type { SealedText, Setting, SettingKind } from '#domain/settings/setting.ts';
import { flag, secret, text } from '#domain/settings/setting.ts';

/** Customers may set it up, once the three settings below are there. */
export const duoForUsers: Setting<boolean> = {
  name: 'duo-users',
  area: 'security',
  kind: flag(),
  fallback: false,
};

/** Staff may. */
export const duoForAdministrators: Setting<boolean> = {
  name: 'duo-administrators',
  area: 'security',
  kind: flag(),
  fallback: false,
};

/** What Duo calls our application. */
export const duoClientId: Setting<string> = {
  name: 'duo-client-id',
  area: 'security',
  kind: oneOf(/^(?:[A-Za-z0-9]{20})?$/, 'setting-not-a-duo-client'),
  fallback: '',
};

/** What proves to Duo that it is we who ask; and to us that it is Duo who answers. */
export const duoClientSecret: Setting<SealedText> = {
  name: 'duo-client-secret',
  area: 'security',
  kind: duoSecret(),
  fallback: { sealed: '' },
};

/**
 * The host of the operator's account at Duo. Only a host of Duo's own: nobody else's word is taken for it that somebody
 * showed their second factor.
 */
export const duoApiHost: Setting<string> = {
  name: 'duo-api-host',
  area: 'security',
  kind: oneOf(/^(?:api-[a-z0-9]{4,32}\.(?:duosecurity|duofederal)\.com)?$/i, 'setting-not-a-duo-host'),
  fallback: '',
};

function oneOf(pattern: RegExp, fault: string): SettingKind<string> {
  return { ...text(), read: (given) => (pattern.test(given.trim()) ? { value: given.trim() } : { fault }) };
}

/** Forty characters as Duo hands it out. Once sealed it is longer than anything that would be typed by mistake. */
function duoSecret(): SettingKind<SealedText> {
  const kind = secret();
  const SEALED_AT_LEAST = 90;
  return {
    ...kind,
    read: (given) => {
      const { length } = given.trim();
      return length === 0 || length === 40 || length >= SEALED_AT_LEAST
        ? kind.read(given)
        : { fault: 'setting-not-a-duo-secret' };
    },
  };
}

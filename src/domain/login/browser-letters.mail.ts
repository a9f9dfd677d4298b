// The letters about a person's browsers: a sign-in on one that was not known as theirs, and a "remember me" that is in two
// hands. Neither holds a link that opens anything: who gets such a letter from somebody else learns to sign in by our address.

import { countryName } from '#domain/devices/place.ts';
import type { Letter } from '#domain/mail/letter.ts';
import { letterBy, letterTwins } from '#domain/mail/letter-template.ts';
import { languageOf, translator } from '#src/locales/words.ts';

const FIELDS = {
  name: 'Robin Sample',
  company_name: 'Example Hosting',
  sign_in: 'robin.sample@example.com',
  browser: 'Firefox on Windows',
  at: '1 March 2026 at 09:30 UTC',
  from: '203.0.113.7',
  place: 'Germany',
};

/** A sign-in on a browser that was not known: the texts for customers and for staff. */
export const [newDeviceTemplate, staffNewDeviceTemplate] = letterTwins({
  kind: 'new-device',
  name: 'New Device Sign-In',
  fields: FIELDS,
  link: 'none',
  mayBeOff: true,
  write: (t, given) => ({
    subject: t('devices.letter.new.subject', { company: given.company_name }),
    paragraphs: [
      t('mail.greeting', { name: given.name }),
      t('devices.letter.new.text', { signIn: given.sign_in, company: given.company_name }),
      t('devices.letter.new.facts', { browser: given.browser, at: given.at, from: given.from, place: given.place }),
      t('devices.letter.new.you'),
      t('devices.letter.new.not-you'),
    ],
    small: [t('devices.letter.why')],
  }),
});

/** A "remember me" in two hands: the texts for customers and for staff. */
export const [copiedTemplate, staffCopiedTemplate] = letterTwins({
  kind: 'remembered-copied',
  name: 'Remembered Sign-In Ended',
  fields: FIELDS,
  link: 'none',
  mayBeOff: false, // it tells of a danger
  write: (t, given) => ({
    subject: t('devices.letter.copied.subject', { company: given.company_name }),
    paragraphs: [
      t('mail.greeting', { name: given.name }),
      t('devices.letter.copied.text', { signIn: given.sign_in, company: given.company_name }),
      t('devices.letter.copied.facts', { browser: given.browser, at: given.at, from: given.from, place: given.place }),
      t('devices.letter.copied.done'),
      t('devices.letter.copied.now'),
    ],
    small: [t('devices.letter.why')],
  }),
});

/** What both tell. `country`: two letters, where it is known; `browser` and `system` as `browserName` gives them. */
export type BrowserLetter = {
  readonly kind: 'new-device' | 'remembered-copied';
  readonly to: { readonly address: string; readonly name: string; readonly language: string };
  readonly company: string;
  readonly signIn: string;
  readonly browser: string | undefined;
  readonly system: string | undefined;
  readonly at: number;
  readonly from: string;
  readonly country: string | undefined;
  readonly expiresAt: number;
  readonly userId?: number;
  readonly administratorId?: number;
};

/** Writes the letter in the person's language. */
export function browserLetter(about: BrowserLetter): Letter {
  const { code } = languageOf(about.to.language);
  const t = translator(code);
  const { browser, system, country } = about;
  const names = [browser, system].filter((one) => one !== undefined);
  const when = new Intl.DateTimeFormat(code, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return letterBy(templateOf(about), {
    kind: about.kind,
    to: about.to,
    values: {
      name: about.to.name,
      company_name: about.company,
      sign_in: about.signIn,
      browser:
        browser !== undefined && system !== undefined
          ? t('client.sessions.browser-on', { browser, system })
          : (names[0] ?? t('client.sessions.unknown')),
      at: `${when.format(about.at)} UTC`,
      from: about.from,
      place: (country === undefined ? undefined : countryName(code, country)) ?? t('devices.place.unknown'),
    },
    expiresAt: about.expiresAt,
    userId: about.userId,
    administratorId: about.administratorId,
  });
}

function templateOf({ kind, administratorId }: BrowserLetter) {
  const isStaff = administratorId !== undefined;
  if (kind === 'new-device') return isStaff ? staffNewDeviceTemplate : newDeviceTemplate;
  return isStaff ? staffCopiedTemplate : copiedTemplate;
}

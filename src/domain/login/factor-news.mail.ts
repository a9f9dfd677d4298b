// The letters about second factors and backup codes (ASVS 5.0 V6.3.7). None holds a link that opens anything. Staff get texts of
// their own: what the operator writes to customers need not fit them.

import type { Letter } from '#domain/mail/letter.ts';
import { letterBy, letterTwins } from '#domain/mail/letter-template.ts';

const WHO = {
  name: 'Robin Sample',
  company_name: 'Example Hosting',
  login_name: 'robin.sample@example.com',
  security_url: 'https://my.example.com/user/security',
};

/** Somebody set up a second factor: the texts for customers and for staff. */
export const [factorAddedTemplate, staffFactorAddedTemplate] = letterTwins({
  kind: 'second-factor-added',
  name: 'Second Factor Added',
  fields: { ...WHO, factor: 'Authenticator app' },
  link: 'none',
  mayBeOff: false,
  write: (t, given) => ({
    subject: t('factors.letter.added.subject', { company: given.company_name }),
    paragraphs: [
      t('mail.greeting', { name: given.name }),
      t('factors.letter.added.text', { name: given.login_name, company: given.company_name, factor: given.factor }),
      t('factors.letter.added.sessions'),
      t('factors.letter.not-you'),
      given.security_url,
    ],
    small: [t('factors.letter.why')],
  }),
});

/** Who took it away. */
export type TakenAwayBy = 'self' | 'staff' | 'recovery';

/** A second factor was taken away: the texts for customers and for staff. */
export const [factorRemovedTemplate, staffFactorRemovedTemplate] = letterTwins({
  kind: 'second-factor-removed',
  name: 'Second Factor Removed',
  fields: { ...WHO, factor: 'Authenticator app', removed_by: 'self' },
  link: 'none',
  choices: { removed_by: ['self', 'staff', 'recovery'] },
  mayBeOff: false,
  write: (t, given) => ({
    subject: t('factors.letter.removed.subject', { company: given.company_name }),
    paragraphs: [
      t('mail.greeting', { name: given.name }),
      t(`factors.letter.removed.${byIn(given.removed_by)}`, {
        name: given.login_name,
        company: given.company_name,
        factor: given.factor,
      }),
      t('factors.letter.removed.sessions'),
      t('factors.letter.not-you'),
      given.security_url,
    ],
    small: [t('factors.letter.why')],
  }),
});

function byIn(text: string): TakenAwayBy {
  return (['staff', 'recovery'] as const).find((one) => one === text) ?? 'self';
}

/** A backup code was used, or new ones were made: the texts for customers and for staff. */
export const [backupCodesTemplate, staffBackupCodesTemplate] = letterTwins({
  kind: 'backup-codes',
  name: 'Backup Codes Notice',
  fields: { ...WHO, what: 'used', codes_left: 7 },
  link: 'none',
  choices: { what: ['used', 'made'] },
  mayBeOff: false,
  write: (t, given) => {
    const what = given.what === 'made' ? 'made' : 'used';
    return {
      subject: t(`factors.letter.codes.${what}.subject`, { company: given.company_name }),
      paragraphs: [
        t('mail.greeting', { name: given.name }),
        t(`factors.letter.codes.${what}`, {
          name: given.login_name,
          company: given.company_name,
          left: given.codes_left,
        }),
        t('factors.letter.codes.left', { left: given.codes_left }),
        t('factors.letter.not-you'),
        given.security_url,
      ],
      small: [t('factors.letter.why')],
    };
  },
});

/** Whoever gets such a letter. */
export type NewsReader = {
  readonly to: { readonly address: string; readonly name: string; readonly language: string };
  readonly company: string;
  /** The name they sign in with. */
  readonly signIn: string;
  readonly securityUrl: string;
  readonly expiresAt: number;
  readonly userId?: number;
  readonly administratorId?: number;
};

/** Writes that a factor was set up. `factor`: its name in the reader's language. */
export function factorAddedLetter(reader: NewsReader, factor: string): Letter {
  const template = reader.administratorId === undefined ? factorAddedTemplate : staffFactorAddedTemplate;
  return letterBy(template, { ...reader, kind: 'second-factor-added', values: { ...whoOf(reader), factor } });
}

/** Writes that it was taken away. */
export function factorRemovedLetter(reader: NewsReader, factor: string, by: TakenAwayBy): Letter {
  const template = reader.administratorId === undefined ? factorRemovedTemplate : staffFactorRemovedTemplate;
  const values = { ...whoOf(reader), factor, removed_by: by };
  return letterBy(template, { ...reader, kind: 'second-factor-removed', values });
}

/** Writes that a backup code was used, or that new ones were made. */
export function backupCodesLetter(reader: NewsReader, what: 'used' | 'made', left: number): Letter {
  const template = reader.administratorId === undefined ? backupCodesTemplate : staffBackupCodesTemplate;
  return letterBy(template, { ...reader, kind: 'backup-codes', values: { ...whoOf(reader), what, codes_left: left } });
}

function whoOf(reader: NewsReader): typeof WHO {
  return {
    name: reader.to.name,
    company_name: reader.company,
    login_name: reader.signIn,
    security_url: reader.securityUrl,
  };
}

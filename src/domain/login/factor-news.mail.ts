// The letters about second factors and backup codes (ASVS 5.0 V6.3.7). None holds a link that opens anything. Staff get texts of
// their own: what the operator writes to customers need not fit them.

import type { Letter } from '#domain/mail/letter.ts';
import type { WrittenText } from '#domain/mail/letter-template.ts';
import { letterBy, letterTemplate } from '#domain/mail/letter-template.ts';
import type { Translate } from '#src/locales/words.ts';

const WHO = {
  name: 'Robin Sample',
  company_name: 'Example Hosting',
  login_name: 'robin.sample@example.com',
  security_url: 'https://my.example.com/user/security',
} as const;

type Texts<Fields> = { readonly [Name in keyof Fields]: Fields[Name] extends number ? number : string };

const ADDED = { ...WHO, factor: 'Authenticator app' } as const;

const added = {
  fields: ADDED as Texts<typeof ADDED>,
  link: 'none',
  mayBeOff: false,
  write: (t: Translate, given: Texts<typeof ADDED>): WrittenText => ({
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
} as const;

/** Somebody set up a second factor: the text for customers. */
export const factorAddedTemplate = letterTemplate({
  kind: 'second-factor-added',
  name: 'Second Factor Added',
  type: 'general',
  ...added,
});
/** The text for staff. */
export const staffFactorAddedTemplate = letterTemplate({
  kind: 'staff-second-factor-added',
  name: 'Admin Second Factor Added',
  type: 'admin',
  ...added,
});

/** Who took it away. */
export type TakenAwayBy = 'self' | 'staff' | 'recovery';

const REMOVED = { ...ADDED, removed_by: 'self' } as const;

const removed = {
  fields: REMOVED as Texts<typeof REMOVED>,
  link: 'none',
  choices: { removed_by: ['self', 'staff', 'recovery'] },
  mayBeOff: false,
  write: (t: Translate, given: Texts<typeof REMOVED>): WrittenText => ({
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
} as const;

/** A second factor was taken away: the text for customers. */
export const factorRemovedTemplate = letterTemplate({
  kind: 'second-factor-removed',
  name: 'Second Factor Removed',
  type: 'general',
  ...removed,
});
/** The text for staff. */
export const staffFactorRemovedTemplate = letterTemplate({
  kind: 'staff-second-factor-removed',
  name: 'Admin Second Factor Removed',
  type: 'admin',
  ...removed,
});

function byIn(text: string): TakenAwayBy {
  return (['staff', 'recovery'] as const).find((one) => one === text) ?? 'self';
}

const CODES = { ...WHO, what: 'used', codes_left: 7 } as const;

const codes = {
  fields: CODES as Texts<typeof CODES>,
  link: 'none',
  choices: { what: ['used', 'made'] },
  mayBeOff: false,
  write: (t: Translate, given: Texts<typeof CODES>): WrittenText => {
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
} as const;

/** A backup code was used, or new ones were made: the text for customers. */
export const backupCodesTemplate = letterTemplate({
  kind: 'backup-codes',
  name: 'Backup Codes Notice',
  type: 'general',
  ...codes,
});
/** The text for staff. */
export const staffBackupCodesTemplate = letterTemplate({
  kind: 'staff-backup-codes',
  name: 'Admin Backup Codes Notice',
  type: 'admin',
  ...codes,
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

function whoOf(reader: NewsReader): Texts<typeof WHO> {
  return {
    name: reader.to.name,
    company_name: reader.company,
    login_name: reader.signIn,
    security_url: reader.securityUrl,
  };
}

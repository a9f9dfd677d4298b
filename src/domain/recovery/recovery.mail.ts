// The letters of a recovery. The link in those to every address of the person ends it, and does nothing else; the one in the
// letter to their sign-in address finishes it, beside the password; the one to the owner is a page that asks who they are.

import type { Letter } from '#domain/mail/letter.ts';
import { letterBy, letterTemplate } from '#domain/mail/letter-template.ts';

type Reader = { readonly address: string; readonly name: string; readonly language: string };

/** What there is to tell. `token`: of the link that ends it. */
export type RecoveryNews =
  | { readonly news: 'asked'; readonly token: string; readonly ip: string; readonly expiresAt: number }
  | {
      readonly news: 'approved';
      readonly token: string;
      readonly by: string;
      readonly readyAt: number;
      readonly expiresAt: number;
    }
  | { readonly news: 'declined' | 'cancelled' };

/** The text of what the person is told. */
export const recoveryTemplate = letterTemplate({
  kind: 'factor-recovery',
  name: 'Second Factor Recovery',
  type: 'general',
  fields: {
    name: 'Robin Sample',
    company: 'Example Hosting',
    news: 'asked',
    address: '192.0.2.7',
    by: 'Support',
    ready: '2026-01-31 12:00 UTC',
  },
  choices: { news: ['asked', 'approved', 'declined', 'cancelled'] },
  link: 'offered',
  mayBeOff: false,
  write: (t, values) => {
    const text =
      {
        asked: t('recovery.letter.asked', values),
        approved: t('recovery.letter.approved', values),
        declined: t('recovery.letter.declined', values),
        cancelled: t('recovery.letter.cancelled', values),
      }[String(values.news)] ?? '';
    const isOpen = values.news === 'asked' || values.news === 'approved';
    return {
      subject: isOpen ? t('recovery.letter.subject.open', values) : t('recovery.letter.subject.over', values),
      paragraphs: [
        t('mail.greeting', values),
        text,
        isOpen ? t('recovery.letter.not-you') : t('recovery.letter.password'),
      ],
      button: t('recovery.letter.button'),
      small: [t('recovery.letter.why', values)],
    };
  },
});

/** The kind of the letter with the key. */
export const RECOVERY_KEY = 'factor-recovery-key';

/** The text of the letter with the key that finishes it. */
export const recoveryKeyTemplate = letterTemplate({
  kind: RECOVERY_KEY,
  name: 'Second Factor Recovery Link',
  type: 'general',
  fields: { name: 'Robin Sample', company: 'Example Hosting', ready: '2026-01-31 12:00 UTC' },
  link: 'needed',
  mayBeOff: false,
  write: (t, values) => ({
    subject: t('recovery.letter.key.subject', values),
    paragraphs: [t('mail.greeting', values), t('recovery.letter.key.text', values), t('recovery.letter.key.not-you')],
    button: t('recovery.letter.key.button'),
    small: [t('recovery.letter.key.why', values)],
  }),
});

/** The text of what an owner is asked. */
export const recoveryHelpTemplate = letterTemplate({
  kind: 'factor-recovery-help',
  name: 'Second Factor Recovery Help',
  type: 'general',
  fields: { name: 'Robin Sample', company: 'Example Hosting', person: 'Kim Example' },
  link: 'needed',
  mayBeOff: false,
  write: (t, values) => ({
    subject: t('recovery.letter.help.subject', values),
    paragraphs: [
      t('mail.greeting', values),
      t('recovery.letter.help.text', values),
      t('recovery.letter.help.how', values),
    ],
    button: t('recovery.letter.help.button'),
    small: [t('recovery.letter.help.why', values)],
  }),
});

/** Writes to one of the person's addresses. `url` ends the recovery. */
export function recoveryLetter(about: {
  readonly to: Reader;
  readonly company: string;
  readonly what: RecoveryNews;
  readonly url: string | undefined;
  readonly expiresAt: number;
  readonly userId: number;
}): Letter {
  const { to, company, what, url, expiresAt, userId } = about;
  const values = {
    name: to.name,
    company,
    news: what.news,
    address: what.news === 'asked' ? what.ip : '',
    by: what.news === 'approved' ? what.by : '',
    ready: what.news === 'approved' ? instant(what.readyAt) : '',
  };
  return letterBy(recoveryTemplate, { to, values, ...(url === undefined ? {} : { url }), expiresAt, userId });
}

/** Writes to the address that the person signs in with. `url` finishes the recovery from `readyAt` on. */
export function recoveryKeyLetter(about: {
  readonly to: Reader;
  readonly company: string;
  readonly url: string;
  readonly readyAt: number;
  readonly expiresAt: number;
  readonly userId: number;
}): Letter {
  const { to, company, url, readyAt, expiresAt, userId } = about;
  const values = { name: to.name, company, ready: instant(readyAt) };
  return letterBy(recoveryKeyTemplate, { to, values, url, expiresAt, userId });
}

/** Writes to the owner who could vouch. */
export function recoveryHelpLetter(about: {
  readonly to: Reader;
  readonly company: string;
  readonly person: string;
  readonly url: string;
  readonly expiresAt: number;
  readonly userId: number;
}): Letter {
  const { to, company, person, url, expiresAt, userId } = about;
  return letterBy(recoveryHelpTemplate, { to, values: { name: to.name, company, person }, url, expiresAt, userId });
}

function instant(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

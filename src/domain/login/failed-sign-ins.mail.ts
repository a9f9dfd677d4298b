// The letters about failed sign-ins: to the person whose password was guessed at, and to staff when an address guessed at the
// admin area. Neither holds a link that opens anything (ASVS 5.0 V6.3.5).

import type { Letter } from '#domain/mail/letter.ts';
import { letterBy, letterTemplate, letterTwins } from '#domain/mail/letter-template.ts';

/** To whoever was guessed at: the texts for customers and for staff. */
export const [guessedTemplate, staffGuessedTemplate] = letterTwins({
  kind: 'failed-sign-ins',
  name: 'Failed Sign-In Attempts',
  fields: {
    name: 'Robin Sample',
    company_name: 'Example Hosting',
    sign_in: 'robin.sample@example.com',
    failures: 10,
    last_at: '1 March 2026 at 09:30 UTC',
    last_from: '203.0.113.7',
  },
  link: 'none',
  mayBeOff: false,
  write: (t, given) => ({
    subject: t('protection.letter.guessed.subject', { company: given.company_name }),
    paragraphs: [
      t('mail.greeting', { name: given.name }),
      t('protection.letter.guessed.text', {
        signIn: given.sign_in,
        company: given.company_name,
        failures: given.failures,
        at: given.last_at,
        from: given.last_from,
      }),
      t('protection.letter.guessed.safe'),
      t('protection.letter.guessed.you'),
      t('protection.letter.guessed.not-you'),
    ],
    small: [t('protection.letter.guessed.why')],
  }),
});

type Reader = { readonly address: string; readonly name: string; readonly language: string };

/** Writes the letter in the person's language. */
export function guessedLetter(about: {
  readonly to: Reader;
  readonly company: string;
  readonly signIn: string;
  readonly failures: number;
  readonly at: string;
  readonly from: string;
  readonly expiresAt: number;
  readonly userId?: number;
  readonly administratorId?: number;
}): Letter {
  return letterBy(about.administratorId === undefined ? guessedTemplate : staffGuessedTemplate, {
    kind: 'failed-sign-ins',
    to: about.to,
    values: {
      name: about.to.name,
      company_name: about.company,
      sign_in: about.signIn,
      failures: about.failures,
      last_at: about.at,
      last_from: about.from,
    },
    expiresAt: about.expiresAt,
    userId: about.userId,
    administratorId: about.administratorId,
  });
}

/** What became of an address after failed sign-ins to the admin area. */
export type AdminFailuresOutcome = 'banned' | 'listed' | 'ours' | 'off';

/** Its text. */
export const adminFailuresTemplate = letterTemplate({
  kind: 'admin-sign-in-failures',
  name: 'Admin Login Failure Notice',
  type: 'admin',
  fields: {
    name: 'Sam Staff',
    company_name: 'Example Hosting',
    from: '203.0.113.7',
    failures: 3,
    tried_name: 'sam',
    outcome: 'banned',
    banned_until: '1 March 2026 at 09:45 UTC',
  },
  link: 'none',
  choices: { outcome: ['banned', 'listed', 'ours', 'off'] },
  mayBeOff: true,
  write: (t, given) => ({
    subject: t('protection.letter.staff.subject', { company: given.company_name }),
    paragraphs: [
      t('mail.greeting', { name: given.name }),
      t('protection.letter.staff.text', { failures: given.failures, from: given.from, name: given.tried_name }),
      t(`protection.letter.staff.${outcomeIn(given.outcome)}`, { until: given.banned_until, from: given.from }),
    ],
    small: [t('protection.letter.staff.why')],
  }),
});

function outcomeIn(text: string): AdminFailuresOutcome {
  return (['listed', 'ours', 'off'] as const).find((one) => one === text) ?? 'banned';
}

/** Writes the letter in the language of whoever gets it. `name`: the one that was tried, or words for one that nobody has. */
export function adminFailuresLetter(about: {
  readonly to: Reader;
  readonly company: string;
  readonly from: string;
  readonly failures: number;
  readonly name: string;
  readonly outcome: AdminFailuresOutcome;
  readonly until: string;
  readonly expiresAt: number;
  readonly administratorId: number;
}): Letter {
  return letterBy(adminFailuresTemplate, {
    to: about.to,
    values: {
      name: about.to.name,
      company_name: about.company,
      from: about.from,
      failures: about.failures,
      tried_name: about.name,
      outcome: about.outcome,
      banned_until: about.until,
    },
    expiresAt: about.expiresAt,
    administratorId: about.administratorId,
  });
}

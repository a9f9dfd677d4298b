// The letters about a security question: that it was changed or taken away, so that a change that was not theirs does not
// stay unseen (ASVS 5.0 V6.3.7), and that a new password was asked for with a wrong answer.

import type { Letter } from '#domain/mail/letter.ts';
import { letterBy, letterTemplate } from '#domain/mail/letter-template.ts';

type About = {
  readonly to: { readonly address: string; readonly name: string; readonly language: string };
  readonly company: string;
  /** Where a new password is asked for. */
  readonly resetUrl: string;
  readonly expiresAt: number;
  readonly userId: number;
};

const FIELDS = {
  name: 'Robin Sample',
  company_name: 'Example Hosting',
  login_email: 'robin.sample@example.com',
  reset_url: 'https://my.example.com/password/reset',
} as const;

/** To whoever's question was changed. `change`: `set` or `removed`. */
export const securityQuestionChangedTemplate = letterTemplate({
  kind: 'security-question-changed',
  name: 'Security Question Changed',
  type: 'general',
  fields: { ...FIELDS, change: 'set' },
  choices: { change: ['set', 'removed'] },
  link: 'none',
  mayBeOff: false,
  write: (t, { name, company_name: company, login_email: address, reset_url: resetUrl, change }) => ({
    subject: t('passwords.letter.question.subject', { company }),
    paragraphs: [
      t('mail.greeting', { name }),
      change === 'removed'
        ? t('passwords.letter.question.removed', { company, address })
        : t('passwords.letter.question.set', { company, address }),
      t('passwords.letter.question.not-you'),
      resetUrl,
    ],
    small: [t('passwords.letter.question.why')],
  }),
});

/** To whoever's security question was answered wrongly. */
export const wrongAnswerTemplate = letterTemplate({
  kind: 'wrong-security-answer',
  name: 'Wrong Security Answer',
  type: 'general',
  fields: FIELDS,
  link: 'none',
  mayBeOff: false,
  write: (t, { name, company_name: company, login_email: address, reset_url: resetUrl }) => ({
    subject: t('passwords.letter.wrong-answer.subject', { company }),
    paragraphs: [
      t('mail.greeting', { name }),
      t('passwords.letter.wrong-answer.text', { company, address }),
      t('passwords.letter.wrong-answer.again'),
      resetUrl,
      t('passwords.letter.wrong-answer.forgotten', { company }),
    ],
    small: [t('passwords.letter.wrong-answer.why', { address })],
  }),
});

/** Writes the letter of a change in the person's language. */
export function securityQuestionChangedLetter(about: About & { readonly change: 'set' | 'removed' }): Letter {
  return letterBy(securityQuestionChangedTemplate, {
    to: about.to,
    values: { ...valuesOf(about), change: about.change },
    expiresAt: about.expiresAt,
    userId: about.userId,
  });
}

/** Writes the letter of a wrong answer in the person's language. */
export function wrongAnswerLetter(about: About): Letter {
  return letterBy(wrongAnswerTemplate, {
    to: about.to,
    values: valuesOf(about),
    expiresAt: about.expiresAt,
    userId: about.userId,
  });
}

function valuesOf(about: About) {
  return {
    name: about.to.name,
    company_name: about.company,
    login_email: about.to.address,
    reset_url: about.resetUrl,
  };
}

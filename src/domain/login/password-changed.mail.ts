// The letter that tells somebody their password was changed, so that a change that was not theirs does not stay unseen
// (ASVS 5.0 V6.3.7). Staff get one of their own: what the operator writes to customers need not fit them.

import type { Letter } from '#domain/mail/letter.ts';
import { letterBy, letterTwins } from '#domain/mail/letter-template.ts';

/** Its texts for customers and for staff. */
export const [passwordChangedTemplate, staffPasswordChangedTemplate] = letterTwins({
  kind: 'password-changed',
  name: 'Password Reset Confirmation',
  fields: {
    name: 'Robin Sample',
    company_name: 'Example Hosting',
    login_email: 'robin.sample@example.com',
    reset_url: 'https://my.example.com/password/reset',
  },
  link: 'none',
  mayBeOff: false,
  write: (t, given) => ({
    subject: t('mail.password-changed.subject', { company: given.company_name }),
    paragraphs: [
      t('mail.greeting', { name: given.name }),
      t('mail.password-changed.text', { company: given.company_name, address: given.login_email }),
      t('mail.password-changed.not-you'),
      given.reset_url,
    ],
    small: [t('mail.password-changed.why')],
  }),
});

/** Writes the letter in the person's language. */
export function passwordChangedLetter(about: {
  readonly to: { readonly address: string; readonly name: string; readonly language: string };
  readonly company: string;
  readonly resetUrl: string;
  readonly expiresAt: number;
  readonly userId?: number;
  readonly administratorId?: number;
}): Letter {
  return letterBy(about.administratorId === undefined ? passwordChangedTemplate : staffPasswordChangedTemplate, {
    kind: 'password-changed',
    to: about.to,
    values: {
      name: about.to.name,
      company_name: about.company,
      login_email: about.to.address,
      reset_url: about.resetUrl,
    },
    expiresAt: about.expiresAt,
    userId: about.userId,
    administratorId: about.administratorId,
  });
}

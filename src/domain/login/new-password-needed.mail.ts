// The letter that tells somebody they choose a new password at their next sign-in, because staff asked for it.

import type { Letter } from '#domain/mail/letter.ts';
import { letterBy, letterTwins } from '#domain/mail/letter-template.ts';

/** Its texts for customers and for staff. */
export const [newPasswordNeededTemplate, staffNewPasswordNeededTemplate] = letterTwins({
  kind: 'new-password-needed',
  name: 'New Password Needed',
  fields: {
    name: 'Robin Sample',
    company_name: 'Example Hosting',
    login_name: 'robin.sample@example.com',
  },
  link: 'offered',
  mayBeOff: false,
  write: (t, given) => ({
    subject: t('passwords.letter.needed.subject', { company: given.company_name }),
    paragraphs: [
      t('mail.greeting', { name: given.name }),
      t('passwords.letter.needed.text', { company: given.company_name, address: given.login_name }),
      t('passwords.letter.needed.forgotten'),
    ],
    button: t('passwords.letter.needed.button'),
    small: [t('passwords.letter.needed.why', { company: given.company_name })],
  }),
});

/** Writes the letter in the person's language. `loginUrl` opens nothing by itself: it is the sign-in page. */
export function newPasswordNeededLetter(about: {
  readonly to: { readonly address: string; readonly name: string; readonly language: string };
  /** What they sign in with. */
  readonly signInName: string;
  readonly company: string;
  readonly loginUrl: string;
  readonly expiresAt: number;
  readonly userId?: number;
  readonly administratorId?: number;
}): Letter {
  return letterBy(about.administratorId === undefined ? newPasswordNeededTemplate : staffNewPasswordNeededTemplate, {
    kind: 'new-password-needed',
    to: about.to,
    values: { name: about.to.name, company_name: about.company, login_name: about.signInName },
    url: about.loginUrl,
    expiresAt: about.expiresAt,
    userId: about.userId,
    administratorId: about.administratorId,
  });
}

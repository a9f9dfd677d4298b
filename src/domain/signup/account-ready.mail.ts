// The letter to a new person whose password was chosen already, at a checkout or by a program on their behalf. It holds
// neither the password nor a link that would replace it: who knows it signs in, who does not asks for a new one.

import type { Letter } from '#domain/mail/letter.ts';
import { letterBy, letterTemplate } from '#domain/mail/letter-template.ts';

/** Its text. Its link opens nothing by itself: it leads to the sign-in page. */
export const accountReadyTemplate = letterTemplate({
  kind: 'account-ready',
  name: 'Client Signup Email',
  type: 'general',
  fields: {
    name: 'Robin Sample',
    company_name: 'Example Hosting',
    login_email: 'robin.sample@example.com',
    reset_url: 'https://my.example.com/password/reset',
  },
  link: 'offered',
  mayBeOff: true,
  write: (t, { name, company_name: company, login_email: address, reset_url: resetUrl }) => ({
    subject: t('mail.account-ready.subject', { company }),
    paragraphs: [
      t('mail.greeting', { name }),
      t('mail.account-ready.text', { company, address }),
      t('mail.account-ready.unknown-password'),
      resetUrl,
    ],
    button: t('mail.account-ready.button'),
    small: [t('mail.welcome.why', { company, address }), t('mail.welcome.not-you', { company })],
  }),
});

/** Writes the letter in the person's language. `resetUrl`: where a new password is asked for. */
export function accountReadyLetter(about: {
  readonly to: { readonly address: string; readonly name: string; readonly language: string };
  readonly company: string;
  readonly loginUrl: string;
  readonly resetUrl: string;
  readonly expiresAt: number;
  readonly userId: number;
  readonly clientId: number;
}): Letter {
  return letterBy(accountReadyTemplate, {
    to: about.to,
    values: {
      name: about.to.name,
      company_name: about.company,
      login_email: about.to.address,
      reset_url: about.resetUrl,
    },
    url: about.loginUrl,
    expiresAt: about.expiresAt,
    userId: about.userId,
    clientId: about.clientId,
  });
}

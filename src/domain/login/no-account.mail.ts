// The letter to an address with which nobody signs in, when somebody asked for a new password for it: people forget which
// address they used, and whoever asks hears the same on the page in any case (behaviours.md, section 15, number 2).

import type { Letter } from '#domain/mail/letter.ts';
import { letterBy, letterTemplate } from '#domain/mail/letter-template.ts';

/** Its text. */
export const noAccountTemplate = letterTemplate({
  kind: 'no-account',
  name: 'Password Reset Without Account',
  type: 'general',
  fields: { company_name: 'Example Hosting', login_email: 'robin.sample@example.com' },
  link: 'none',
  mayBeOff: true,
  write: (t, { company_name: company, login_email: address }) => ({
    subject: t('passwords.letter.no-account.subject', { company }),
    paragraphs: [
      t('passwords.letter.no-account.text', { company, address }),
      t('passwords.letter.no-account.other', { company }),
    ],
    small: [t('passwords.letter.no-account.why', { company })],
  }),
});

/** Writes the letter. Nothing is known of the recipient but the address. */
export function noAccountLetter(about: {
  readonly to: { readonly address: string; readonly name: string; readonly language: string };
  readonly company: string;
  readonly expiresAt: number;
}): Letter {
  return letterBy(noAccountTemplate, {
    to: about.to,
    values: { company_name: about.company, login_email: about.to.address },
    expiresAt: about.expiresAt,
  });
}

// The letter to the old address of a member of staff whose address became another: whoever took over their sign-in cannot
// cut them off unseen (ASVS 5.0 V6.3.7).

import type { Letter } from '#domain/mail/letter.ts';
import { letterBy, letterTemplate } from '#domain/mail/letter-template.ts';
import { maskedAddress } from '#kit/text.ts';

/** Its text. */
export const addressChangedTemplate = letterTemplate({
  kind: 'staff-address-changed',
  name: 'Admin E-mail Address Changed',
  type: 'admin',
  fields: { name: 'Sam Staff', username: 'sam', company_name: 'Example Hosting', new_email: 's•••@example.com' },
  link: 'none',
  mayBeOff: false,
  write: (t, { name, username, company_name: company, new_email: address }) => ({
    subject: t('mail.staff-address-changed.subject', { company }),
    paragraphs: [
      t('mail.greeting', { name }),
      t('mail.staff-address-changed.text', { username, company, address }),
      t('mail.staff-address-changed.not-you'),
    ],
    small: [t('mail.staff-address-changed.why')],
  }),
});

/** Writes the letter in the person's language. `to` is the old address; of the new one it says the first letter and the host. */
export function addressChangedLetter(about: {
  readonly to: { readonly address: string; readonly name: string; readonly language: string };
  readonly username: string;
  readonly newAddress: string;
  readonly company: string;
  readonly administratorId: number;
  readonly expiresAt: number;
}): Letter {
  return letterBy(addressChangedTemplate, {
    to: about.to,
    values: {
      name: about.to.name,
      username: about.username,
      company_name: about.company,
      new_email: maskedAddress(about.newAddress),
    },
    expiresAt: about.expiresAt,
    administratorId: about.administratorId,
  });
}

// The letter with the link that confirms an address.

import type { Letter } from '#domain/mail/letter.ts';
import { letterBy, letterTemplate } from '#domain/mail/letter-template.ts';

/** The kind of the letter: a newer one takes the place of one that still waits. */
export const VERIFY_LETTER = 'verify-address';

/** Its text. */
export const verifyAddressTemplate = letterTemplate({
  kind: VERIFY_LETTER,
  name: 'Email Address Verification',
  type: 'general',
  fields: {
    name: 'Robin Sample',
    company_name: 'Example Hosting',
    login_email: 'robin.sample@example.com',
    minutes: 60,
  },
  link: 'needed',
  mayBeOff: false,
  write: (t, { name, company_name: company, login_email: address, minutes }) => ({
    subject: t('registration.letter.verify.subject', { company }),
    paragraphs: [
      t('mail.greeting', { name }),
      t('registration.letter.verify.text', { company, address }),
      t('registration.letter.verify.holds', { minutes }),
    ],
    button: t('registration.letter.verify.button'),
    small: [t('registration.letter.verify.why', { company, address }), t('registration.letter.verify.not-you')],
  }),
});

/** Writes the letter in the person's language. */
export function verifyAddressLetter(about: {
  readonly to: { readonly address: string; readonly name: string; readonly language: string };
  readonly company: string;
  readonly url: string;
  readonly holdsMinutes: number;
  readonly expiresAt: number;
  readonly userId: number;
}): Letter {
  return letterBy(verifyAddressTemplate, {
    to: about.to,
    values: {
      name: about.to.name,
      company_name: about.company,
      login_email: about.to.address,
      minutes: about.holdsMinutes,
    },
    url: about.url,
    expiresAt: about.expiresAt,
    userId: about.userId,
  });
}

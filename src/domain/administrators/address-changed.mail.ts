// The letter to the old address of a member of staff whose address became another: whoever took over their sign-in cannot
// cut them off unseen (ASVS 5.0 V6.3.7).

import type { Letter } from '#domain/mail/letter.ts';
import { maskedAddress } from '#kit/text.ts';
import { languageOf, translator } from '#src/locales/words.ts';

/** Writes the letter in the person's language. `to` is the old address; of the new one it says the first letter and the host. */
export function addressChangedLetter(about: {
  readonly to: { readonly address: string; readonly name: string; readonly language: string };
  readonly username: string;
  readonly newAddress: string;
  readonly company: string;
  readonly administratorId: number;
  readonly expiresAt: number;
}): Letter {
  const language = languageOf(about.to.language);
  const t = translator(language.code);
  const values = {
    name: about.to.name,
    username: about.username,
    company: about.company,
    address: maskedAddress(about.newAddress),
  };
  return {
    kind: 'staff-address-changed',
    language: language.code,
    direction: language.direction,
    to: about.to,
    subject: t('mail.staff-address-changed.subject', values),
    paragraphs: [
      t('mail.greeting', values),
      t('mail.staff-address-changed.text', values),
      t('mail.staff-address-changed.not-you', values),
    ],
    small: [t('mail.staff-address-changed.why', values)],
    expiresAt: about.expiresAt,
    administratorId: about.administratorId,
  };
}

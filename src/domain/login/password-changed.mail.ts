// The letter that tells somebody their password was changed, so that a change that was not theirs does not stay unseen
// (ASVS 5.0 V6.3.7).

import type { Letter } from '#domain/mail/letter.ts';
import { languageOf, translator } from '#src/locales/words.ts';

/** Writes the letter in the person's language. */
export function passwordChangedLetter(about: {
  readonly to: { readonly address: string; readonly name: string; readonly language: string };
  readonly company: string;
  readonly resetUrl: string;
  readonly expiresAt: number;
  readonly userId?: number;
  readonly administratorId?: number;
}): Letter {
  const language = languageOf(about.to.language);
  const t = translator(language.code);
  const values = { name: about.to.name, company: about.company, address: about.to.address };
  return {
    kind: 'password-changed',
    language: language.code,
    direction: language.direction,
    to: about.to,
    subject: t('mail.password-changed.subject', values),
    paragraphs: [
      t('mail.greeting', values),
      t('mail.password-changed.text', values),
      t('mail.password-changed.not-you', values),
      about.resetUrl,
    ],
    small: [t('mail.password-changed.why', values)],
    expiresAt: about.expiresAt,
    ...(about.userId === undefined ? {} : { userId: about.userId }),
    ...(about.administratorId === undefined ? {} : { administratorId: about.administratorId }),
  };
}

// The letters of a changed address: to the one before, with the way back, and of a change that was put back.

import type { Letter } from '#domain/mail/letter.ts';
import { maskedAddress } from '#kit/text.ts';
import { languageOf, translator } from '#src/locales/words.ts';

type Reader = { readonly address: string; readonly name: string; readonly language: string };

/**
 * Tells the address before that it is no longer the person's. `url` is the way back; without one, nobody had used the
 * address here. Of the new address it says the first letter and the host.
 */
export function addressLeftLetter(about: {
  readonly to: Reader;
  readonly newAddress: string;
  readonly company: string;
  readonly url: string | undefined;
  readonly userId: number;
  readonly expiresAt: number;
}): Letter {
  const language = languageOf(about.to.language);
  const t = translator(language.code);
  const values = { name: about.to.name, company: about.company, address: maskedAddress(about.newAddress) };
  return {
    kind: 'address-changed',
    language: language.code,
    direction: language.direction,
    to: about.to,
    subject: t('people.letter.address-left.subject', values),
    paragraphs: [
      t('mail.greeting', values),
      t('people.letter.address-left.text', values),
      about.url === undefined
        ? t('people.letter.address-left.no-undo', values)
        : t('people.letter.address-left.undo', values),
    ],
    ...(about.url === undefined
      ? {}
      : { button: { label: t('people.letter.address-left.button'), url: about.url, orCopy: t('mail.or-copy') } }),
    small: [t('people.letter.address-left.why', values)],
    expiresAt: about.expiresAt,
    userId: about.userId,
  };
}

/** Tells an address that a change to it was put back. */
export function addressPutBackLetter(about: {
  readonly to: Reader;
  readonly company: string;
  readonly userId: number;
  readonly expiresAt: number;
}): Letter {
  const language = languageOf(about.to.language);
  const t = translator(language.code);
  const values = { name: about.to.name, company: about.company, address: about.to.address };
  return {
    kind: 'address-put-back',
    language: language.code,
    direction: language.direction,
    to: about.to,
    subject: t('people.letter.address-put-back.subject', values),
    paragraphs: [
      t('mail.greeting', values),
      t('people.letter.address-put-back.text', values),
      t('people.letter.address-put-back.more', values),
    ],
    small: [t('people.letter.address-put-back.why', values)],
    expiresAt: about.expiresAt,
    userId: about.userId,
  };
}

// The letters of a wish for another address: to the address, or to whoever has it already.

import type { Letter } from '#domain/mail/letter.ts';
import { languageOf, translator } from '#src/locales/words.ts';

type Reader = { readonly address: string; readonly name: string; readonly language: string };

/**
 * The link that makes an address somebody's. It is kept under nobody's name in the history: whoever asked must not see
 * there whether a letter went out, or they would learn who has an address here.
 */
export function confirmAddressLetter(about: {
  readonly to: Reader;
  readonly company: string;
  readonly url: string;
  readonly expiresAt: number;
}): Letter {
  const language = languageOf(about.to.language);
  const t = translator(language.code);
  const values = { name: about.to.name, company: about.company, address: about.to.address };
  return {
    kind: 'confirm-address',
    language: language.code,
    direction: language.direction,
    to: about.to,
    subject: t('people.letter.confirm-address.subject', values),
    paragraphs: [
      t('mail.greeting', values),
      t('people.letter.confirm-address.text', values),
      t('people.letter.confirm-address.holds', values),
    ],
    button: { label: t('people.letter.confirm-address.button'), url: about.url, orCopy: t('mail.or-copy') },
    small: [t('people.letter.confirm-address.why', values), t('people.letter.confirm-address.not-you', values)],
    expiresAt: about.expiresAt,
  };
}

/** A word to somebody whose address another person asked for. It names nobody and holds no link. */
export function addressWantedLetter(about: {
  readonly to: Reader;
  readonly company: string;
  readonly userId: number;
  readonly expiresAt: number;
}): Letter {
  const language = languageOf(about.to.language);
  const t = translator(language.code);
  const values = { name: about.to.name, company: about.company, address: about.to.address };
  return {
    kind: 'address-wanted',
    language: language.code,
    direction: language.direction,
    to: about.to,
    subject: t('people.letter.address-wanted.subject', values),
    paragraphs: [
      t('mail.greeting', values),
      t('people.letter.address-wanted.text', values),
      t('people.letter.address-wanted.more', values),
    ],
    small: [t('people.letter.address-wanted.why', values)],
    expiresAt: about.expiresAt,
    userId: about.userId,
  };
}

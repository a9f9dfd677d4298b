// The letter with a link for taking back consent, for whoever asked for it on the page and has no letter of ours at hand.

import type { Letter } from '#domain/mail/letter.ts';
import { languageOf, translator } from '#src/locales/words.ts';

/** Writes the letter in the account's language. */
export function unsubscribeLetter(about: {
  readonly address: string;
  readonly language: string;
  readonly company: string;
  readonly url: string;
  readonly clientId: number;
  readonly expiresAt: number;
}): Letter {
  const language = languageOf(about.language);
  const t = translator(language.code);
  const values = { company: about.company, address: about.address };
  return {
    kind: 'unsubscribe',
    language: language.code,
    direction: language.direction,
    to: { address: about.address, name: '' }, // whoever asked need not be whoever has the address: no name
    subject: t('records.letter.unsubscribe.subject', values),
    paragraphs: [t('records.letter.unsubscribe.text', values)],
    button: { label: t('records.letter.unsubscribe.button'), url: about.url, orCopy: t('mail.or-copy') },
    small: [t('records.letter.unsubscribe.why', values)],
    clientId: about.clientId,
    expiresAt: about.expiresAt,
  };
}

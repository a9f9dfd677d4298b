// The letter with a link for taking back consent, for whoever asked for it on the page and has no letter of ours at hand.

import type { Letter } from '#domain/mail/letter.ts';
import { letterBy, letterTemplate } from '#domain/mail/letter-template.ts';

/** Its text. */
export const unsubscribeTemplate = letterTemplate({
  kind: 'unsubscribe',
  name: 'Unsubscribe Confirmation',
  type: 'general',
  fields: { company: 'Example Hosting', address: 'robin.sample@example.com' },
  link: 'needed',
  mayBeOff: false,
  write: (t, values) => ({
    subject: t('records.letter.unsubscribe.subject', values),
    paragraphs: [t('records.letter.unsubscribe.text', values)],
    button: t('records.letter.unsubscribe.button'),
    small: [t('records.letter.unsubscribe.why', values)],
  }),
});

/** Writes the letter in the account's language. */
export function unsubscribeLetter(about: {
  readonly address: string;
  readonly language: string;
  readonly company: string;
  readonly url: string;
  readonly clientId: number;
  readonly expiresAt: number;
}): Letter {
  const { address, language, company, url, clientId, expiresAt } = about;
  return letterBy(unsubscribeTemplate, {
    to: { address, name: '', language }, // whoever asked need not be whoever has the address: no name
    values: { company, address },
    url,
    clientId,
    expiresAt,
  });
}

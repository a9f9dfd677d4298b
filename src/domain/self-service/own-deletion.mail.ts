// The last letter to somebody who left for good.

import type { Letter } from '#domain/mail/letter.ts';
import { FAREWELL } from '#domain/mail/letters-to-person.ts';
import { languageOf, translator } from '#src/locales/words.ts';

/** Writes it in the person's language. It belongs to nobody in the history. */
export function farewellLetter(about: {
  readonly to: { readonly address: string; readonly name: string; readonly language: string };
  readonly company: string;
  readonly expiresAt: number;
}): Letter {
  const language = languageOf(about.to.language);
  const t = translator(language.code);
  const values = { name: about.to.name, company: about.company, address: about.to.address };
  return {
    kind: FAREWELL,
    language: language.code,
    direction: language.direction,
    to: about.to,
    subject: t('people.letter.farewell.subject', values),
    paragraphs: [
      t('mail.greeting', values),
      t('people.letter.farewell.text', values),
      t('people.letter.farewell.not-you', values),
    ],
    small: [t('people.letter.farewell.why', values)],
    expiresAt: about.expiresAt,
  };
}

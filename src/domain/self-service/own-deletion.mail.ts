// The last letter to somebody who left for good.

import type { Letter } from '#domain/mail/letter.ts';
import { letterBy, letterTemplate } from '#domain/mail/letter-template.ts';
import { FAREWELL } from '#domain/mail/letters-to-person.ts';

/** Its text. */
export const farewellTemplate = letterTemplate({
  kind: FAREWELL,
  name: 'Farewell',
  type: 'general',
  fields: { name: 'Robin Sample', company: 'Example Hosting', address: 'robin.sample@example.com' },
  link: 'none',
  mayBeOff: false,
  write: (t, values) => ({
    subject: t('people.letter.farewell.subject', values),
    paragraphs: [
      t('mail.greeting', values),
      t('people.letter.farewell.text', values),
      t('people.letter.farewell.not-you', values),
    ],
    small: [t('people.letter.farewell.why', values)],
  }),
});

/** Writes it in the person's language. It belongs to nobody in the history. */
export function farewellLetter(about: {
  readonly to: { readonly address: string; readonly name: string; readonly language: string };
  readonly company: string;
  readonly expiresAt: number;
}): Letter {
  const { to, company, expiresAt } = about;
  return letterBy(farewellTemplate, { to, values: { name: to.name, company, address: to.address }, expiresAt });
}

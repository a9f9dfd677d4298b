// The letter to staff that people of an account changed its details.

import type { Letter } from '#domain/mail/letter.ts';
import { letterBy, letterTemplate } from '#domain/mail/letter-template.ts';

/** Its text. */
export const detailsChangedTemplate = letterTemplate({
  kind: 'client-details-changed',
  name: 'Client Details Changed',
  type: 'admin',
  fields: {
    name: 'Sam Staff',
    company_name: 'Example Hosting',
    client_name: 'Sample & Daughters Ltd',
    client_id: 1024,
    changed_by: 'robin.sample@example.com',
    changed: 'Address, Phone number',
  },
  link: 'offered',
  mayBeOff: true,
  write: (t, { name, client_name: client, client_id: id, changed_by: by, changed }) => ({
    subject: t('fields.letter.changed.subject', { client }),
    paragraphs: [
      t('mail.greeting', { name }),
      t('fields.letter.changed.text', { client, id: String(id), by }),
      t('fields.letter.changed.what', { changed }),
    ],
    button: t('fields.letter.changed.button'),
    small: [t('fields.letter.changed.why')],
  }),
});

/** Writes the letter in the language of whoever gets it. `changed`: the fields, in words. */
export function detailsChangedLetter(about: {
  readonly to: { readonly address: string; readonly name: string; readonly language: string };
  readonly company: string;
  readonly client: { readonly id: number; readonly name: string };
  readonly by: string;
  readonly changed: string;
  readonly url: string;
  readonly expiresAt: number;
  readonly administratorId: number;
}): Letter {
  return letterBy(detailsChangedTemplate, {
    to: about.to,
    values: {
      name: about.to.name,
      company_name: about.company,
      client_name: about.client.name,
      client_id: about.client.id,
      changed_by: about.by,
      changed: about.changed,
    },
    url: about.url,
    expiresAt: about.expiresAt,
    clientId: about.client.id,
    administratorId: about.administratorId,
  });
}

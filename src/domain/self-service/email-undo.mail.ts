// The letters of a changed address: to the one before, with the way back, and of a change that was put back.

import type { Letter } from '#domain/mail/letter.ts';
import { letterBy, letterTemplate } from '#domain/mail/letter-template.ts';
import { maskedAddress } from '#kit/text.ts';

type Reader = { readonly address: string; readonly name: string; readonly language: string };

/** The text of the one with the way back. */
export const addressLeftTemplate = letterTemplate({
  kind: 'address-changed',
  name: 'Address Changed',
  type: 'general',
  fields: { name: 'Robin Sample', company: 'Example Hosting', address: 'r•••@example.com', undo: 'yes' },
  choices: { undo: ['yes', 'no'] },
  link: 'offered',
  mayBeOff: false,
  write: (t, values) => ({
    subject: t('people.letter.address-left.subject', values),
    paragraphs: [
      t('mail.greeting', values),
      t('people.letter.address-left.text', values),
      values.undo === 'no'
        ? t('people.letter.address-left.no-undo', values)
        : t('people.letter.address-left.undo', values),
    ],
    button: t('people.letter.address-left.button'),
    small: [t('people.letter.address-left.why', values)],
  }),
});

/** The text of the one about a change that was put back. */
export const addressPutBackTemplate = letterTemplate({
  kind: 'address-put-back',
  name: 'Address Put Back',
  type: 'general',
  fields: { name: 'Robin Sample', company: 'Example Hosting', address: 'robin.sample@example.com' },
  link: 'none',
  mayBeOff: false,
  write: (t, values) => ({
    subject: t('people.letter.address-put-back.subject', values),
    paragraphs: [
      t('mail.greeting', values),
      t('people.letter.address-put-back.text', values),
      t('people.letter.address-put-back.more', values),
    ],
    small: [t('people.letter.address-put-back.why', values)],
  }),
});

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
  const { to, url, userId, expiresAt } = about;
  return letterBy(addressLeftTemplate, {
    to,
    values: {
      name: to.name,
      company: about.company,
      address: maskedAddress(about.newAddress),
      undo: url === undefined ? 'no' : 'yes',
    },
    ...(url === undefined ? {} : { url }),
    userId,
    expiresAt,
  });
}

/** Tells an address that a change to it was put back. */
export function addressPutBackLetter(about: {
  readonly to: Reader;
  readonly company: string;
  readonly userId: number;
  readonly expiresAt: number;
}): Letter {
  const { to, company, userId, expiresAt } = about;
  const values = { name: to.name, company, address: to.address };
  return letterBy(addressPutBackTemplate, { to, values, userId, expiresAt });
}

// The letters of a wish for another address: to the address, or to whoever has it already.

import type { Letter } from '#domain/mail/letter.ts';
import { letterBy, letterTemplate } from '#domain/mail/letter-template.ts';

type Reader = { readonly address: string; readonly name: string; readonly language: string };

const FIELDS = { name: 'Robin Sample', company: 'Example Hosting', address: 'robin.sample@example.com' };

/** The text of the one with the link. */
export const confirmAddressTemplate = letterTemplate({
  kind: 'confirm-address',
  name: 'New Address Confirmation',
  type: 'general',
  fields: FIELDS,
  link: 'needed',
  mayBeOff: false,
  write: (t, values) => ({
    subject: t('people.letter.confirm-address.subject', values),
    paragraphs: [
      t('mail.greeting', values),
      t('people.letter.confirm-address.text', values),
      t('people.letter.confirm-address.holds', values),
    ],
    button: t('people.letter.confirm-address.button'),
    small: [t('people.letter.confirm-address.why', values), t('people.letter.confirm-address.not-you', values)],
  }),
});

/** The text of the one to whoever has the address already. */
export const addressWantedTemplate = letterTemplate({
  kind: 'address-wanted',
  name: 'Address Wanted By Another',
  type: 'general',
  fields: FIELDS,
  link: 'none',
  mayBeOff: false,
  write: (t, values) => ({
    subject: t('people.letter.address-wanted.subject', values),
    paragraphs: [
      t('mail.greeting', values),
      t('people.letter.address-wanted.text', values),
      t('people.letter.address-wanted.more', values),
    ],
    small: [t('people.letter.address-wanted.why', values)],
  }),
});

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
  const { to, url, expiresAt } = about;
  return letterBy(confirmAddressTemplate, { to, values: valuesOf(about), url, expiresAt });
}

/** A word to somebody whose address another person asked for. It names nobody and holds no link. */
export function addressWantedLetter(about: {
  readonly to: Reader;
  readonly company: string;
  readonly userId: number;
  readonly expiresAt: number;
}): Letter {
  const { to, userId, expiresAt } = about;
  return letterBy(addressWantedTemplate, { to, values: valuesOf(about), userId, expiresAt });
}

function valuesOf({ to, company }: { readonly to: Reader; readonly company: string }) {
  return { name: to.name, company, address: to.address };
}

// The letters around a change of owner. Neither side learns of it by chance.

import type { Letter } from '#domain/mail/letter.ts';
import type { User } from '#domain/users/users.ts';
import { nameOf } from '#domain/users/users.ts';
import type { Key } from '#src/locales/words.ts';
import { languageOf, translator } from '#src/locales/words.ts';

/**
 * - `offered`: to whom the account is offered; the button leads to where they answer
 * - `offering`: to the owner, who may not have done it; the button leads to where it is called off
 * - `declined`: to the owner
 * - `handed-over`: to the owner until now; the button undoes it, where there is one
 * - `received`: to the owner from now on
 * - `put-back` and `lost`: to the owner who is it again, and to the one who is it no more
 */
export type OwnershipLetter = 'offered' | 'offering' | 'declined' | 'handed-over' | 'received' | 'put-back' | 'lost';

/** Writes one in its reader's language. `other`: the name of the other person. `url`: where its button leads. */
export function ownershipLetter(about: {
  readonly which: OwnershipLetter;
  readonly to: User;
  readonly other: string;
  readonly account: string;
  readonly company: string;
  readonly byStaff: boolean;
  readonly url: string | undefined;
  readonly clientId: number;
  readonly expiresAt: number;
}): Letter {
  const language = languageOf(about.to.language);
  const t = translator(language.code);
  const { which } = about;
  const button = BUTTONS[which];
  const values = {
    name: nameOf(about.to),
    other: about.other,
    account: about.account,
    company: about.company,
    staff: about.byStaff ? 'yes' : 'no',
    undo: about.url === undefined ? 'no' : 'yes',
  };
  return {
    kind: `ownership-${which}`,
    language: language.code,
    direction: language.direction,
    to: { address: about.to.email, name: nameOf(about.to) },
    subject: t(`people.letter.ownership.${which}.subject`, values),
    paragraphs: [
      t('mail.greeting', values),
      t(`people.letter.ownership.${which}.text`, values),
      t(`people.letter.ownership.${which}.more`, values),
    ],
    ...(about.url === undefined || button === undefined
      ? {}
      : { button: { label: t(button), url: about.url, orCopy: t('mail.or-copy') } }),
    small: [t('people.letter.ownership.why', values)],
    expiresAt: about.expiresAt,
    userId: about.to.id,
    clientId: about.clientId,
  };
}

const BUTTONS: Partial<Record<OwnershipLetter, Key>> = {
  offered: 'people.letter.ownership.offered.button',
  offering: 'people.letter.ownership.offering.button',
  'handed-over': 'people.letter.ownership.handed-over.button',
  received: 'people.letter.ownership.received.button',
};

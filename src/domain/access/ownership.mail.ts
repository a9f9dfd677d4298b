// The letters around a change of owner. Neither side learns of it by chance.

import type { Letter } from '#domain/mail/letter.ts';
import type { LetterTemplate } from '#domain/mail/letter-template.ts';
import { letterBy, letterTemplate } from '#domain/mail/letter-template.ts';
import type { User } from '#domain/users/users.ts';
import { nameOf } from '#domain/users/users.ts';
import type { Key } from '#src/locales/words.ts';

/**
 * - `offered`: to whom the account is offered; the button leads to where they answer
 * - `offering`: to the owner, who may not have done it; the button leads to where it is called off
 * - `declined`: to the owner
 * - `handed-over`: to the owner until now; the button undoes it, where there is one
 * - `received`: to the owner from now on
 * - `put-back` and `lost`: to the owner who is it again, and to the one who is it no more
 */
export type OwnershipLetter = 'offered' | 'offering' | 'declined' | 'handed-over' | 'received' | 'put-back' | 'lost';

const EXAMPLE = {
  name: 'Ada Lovelace',
  other: 'Ben Guest',
  account: 'Analytical Engines Ltd',
  company: 'Example Hosting',
  staff: 'no',
  undo: 'yes',
} as const;

type Values = { readonly [Name in keyof typeof EXAMPLE]: string };

const BUTTONS: Partial<Record<OwnershipLetter, Key>> = {
  offered: 'people.letter.ownership.offered.button',
  offering: 'people.letter.ownership.offering.button',
  'handed-over': 'people.letter.ownership.handed-over.button',
  received: 'people.letter.ownership.received.button',
};

/** Their texts. `offered` is for its link; the others have one where there is something to go to. */
export const ownershipTemplates: Readonly<Record<OwnershipLetter, LetterTemplate<Values>>> = {
  offered: template('offered', 'Account Ownership Offered', 'needed'),
  offering: template('offering', 'Account Ownership Being Offered', 'offered'),
  declined: template('declined', 'Account Ownership Declined', 'none'),
  'handed-over': template('handed-over', 'Account Ownership Handed Over', 'offered'),
  received: template('received', 'Account Ownership Received', 'offered'),
  'put-back': template('put-back', 'Account Ownership Put Back', 'none'),
  lost: template('lost', 'Account Ownership Lost', 'none'),
};

function template(which: OwnershipLetter, name: string, link: LetterTemplate['link']): LetterTemplate<Values> {
  const button = BUTTONS[which];
  return letterTemplate<Values>({
    kind: `ownership-${which}`,
    name,
    type: 'general',
    fields: EXAMPLE,
    choices: { staff: ['yes', 'no'], undo: ['yes', 'no'] },
    link,
    mayBeOff: false,
    write: (t, values) => ({
      subject: t(`people.letter.ownership.${which}.subject`, values),
      paragraphs: [
        t('mail.greeting', values),
        t(`people.letter.ownership.${which}.text`, values),
        t(`people.letter.ownership.${which}.more`, values),
      ],
      ...(button === undefined ? {} : { button: t(button) }),
      small: [t('people.letter.ownership.why', values)],
    }),
  });
}

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
  const name = nameOf(about.to);
  return letterBy(ownershipTemplates[about.which], {
    to: { address: about.to.email, name, language: about.to.language },
    values: {
      name,
      other: about.other,
      account: about.account,
      company: about.company,
      staff: about.byStaff ? 'yes' : 'no',
      undo: about.url === undefined ? 'no' : 'yes',
    },
    ...(about.url === undefined ? {} : { url: about.url }),
    expiresAt: about.expiresAt,
    userId: about.to.id,
    clientId: about.clientId,
  });
}

// What an owner is told of who came into their account and who went, and what somebody is told whose time there is over.

import { letterTemplate } from '#domain/mail/letter-template.ts';

const FIELDS = {
  company: 'Northwind Hosting',
  account: 'Analytical Engines Ltd',
  name: 'Ada Lovelace',
  person: 'Ben Guest (ben@example.com)',
};
const INVITED = { ...FIELDS, address: 'ben@example.com' };

/** A letter to the owner, with the way to the people of the account. `more`: what it says beside what happened. */
function toOwner<Fields extends typeof FIELDS>(
  what: 'accepted' | 'declined' | 'left' | 'ended',
  told: { readonly name: string; readonly fields: Fields; readonly more?: 'accepted.change' | 'ended.again' },
) {
  const { name, fields, more } = told;
  return letterTemplate<Fields>({
    kind: `access-${what}`,
    name,
    type: 'general',
    fields,
    link: 'offered',
    mayBeOff: true,
    write: (t, values) => ({
      subject: t(`access.letter.${what}.subject`, values),
      paragraphs: [
        t('mail.greeting', values),
        t(`access.letter.${what}.text`, values),
        ...(more ? [t(`access.letter.${more}`, values)] : []),
      ],
      button: t('access.letter.people'),
      small: [t('access.letter.why', values)],
    }),
  });
}

/** Somebody accepted an invitation. */
export const acceptedTemplate = toOwner('accepted', {
  name: 'Account Access Accepted',
  fields: INVITED,
  more: 'accepted.change',
});

/** Somebody declined one. */
export const declinedTemplate = toOwner('declined', { name: 'Account Access Declined', fields: INVITED });

/** Somebody left by themselves. */
export const leftTemplate = toOwner('left', { name: 'Account Access Given Up', fields: FIELDS });

/** Somebody's time is over; to the owner. */
export const endedTemplate = toOwner('ended', {
  name: 'Account Access Ended',
  fields: FIELDS,
  more: 'ended.again',
});

/** The same, to whoever it was. */
export const yoursEndedTemplate = letterTemplate({
  kind: 'access-yours-ended',
  name: 'Your Account Access Ended',
  type: 'general',
  fields: { company: 'Northwind Hosting', account: 'Analytical Engines Ltd', name: 'Ben Guest' },
  link: 'none',
  mayBeOff: true,
  write: (t, values) => ({
    subject: t('access.letter.yours-ended.subject', values),
    paragraphs: [
      t('mail.greeting', values),
      t('access.letter.yours-ended.text', values),
      t('access.letter.yours-ended.again', values),
    ],
    small: [t('access.letter.yours-ended.why', values)],
  }),
});

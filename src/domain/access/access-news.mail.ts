// What an owner is told of who came into their account and who went, and what somebody is told whose time there is over.

import { letterTemplate } from '#domain/mail/letter-template.ts';

const FIELDS = {
  company: 'Northwind Hosting',
  account: 'Analytical Engines Ltd',
  name: 'Ada Lovelace',
  person: 'Ben Guest (ben@example.com)',
};
const INVITED = { ...FIELDS, address: 'ben@example.com' };

/** Somebody accepted an invitation. */
export const acceptedTemplate = letterTemplate({
  kind: 'access-accepted',
  name: 'Account Access Accepted',
  type: 'general',
  fields: INVITED,
  link: 'offered',
  mayBeOff: true,
  write: (t, values) => ({
    subject: t('access.letter.accepted.subject', values),
    paragraphs: [
      t('mail.greeting', values),
      t('access.letter.accepted.text', values),
      t('access.letter.accepted.change', values),
    ],
    button: t('access.letter.people'),
    small: [t('access.letter.why', values)],
  }),
});

/** Somebody declined one. */
export const declinedTemplate = letterTemplate({
  kind: 'access-declined',
  name: 'Account Access Declined',
  type: 'general',
  fields: INVITED,
  link: 'offered',
  mayBeOff: true,
  write: (t, values) => ({
    subject: t('access.letter.declined.subject', values),
    paragraphs: [t('mail.greeting', values), t('access.letter.declined.text', values)],
    button: t('access.letter.people'),
    small: [t('access.letter.why', values)],
  }),
});

/** Somebody left by themselves. */
export const leftTemplate = letterTemplate({
  kind: 'access-left',
  name: 'Account Access Given Up',
  type: 'general',
  fields: FIELDS,
  link: 'offered',
  mayBeOff: true,
  write: (t, values) => ({
    subject: t('access.letter.left.subject', values),
    paragraphs: [t('mail.greeting', values), t('access.letter.left.text', values)],
    button: t('access.letter.people'),
    small: [t('access.letter.why', values)],
  }),
});

/** Somebody's time is over; to the owner. */
export const endedTemplate = letterTemplate({
  kind: 'access-ended',
  name: 'Account Access Ended',
  type: 'general',
  fields: FIELDS,
  link: 'offered',
  mayBeOff: true,
  write: (t, values) => ({
    subject: t('access.letter.ended.subject', values),
    paragraphs: [
      t('mail.greeting', values),
      t('access.letter.ended.text', values),
      t('access.letter.ended.again', values),
    ],
    button: t('access.letter.people'),
    small: [t('access.letter.why', values)],
  }),
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

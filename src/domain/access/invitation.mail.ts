// The letter that invites somebody into an account: who gives what, and the link.

import { letterTemplate } from '#domain/mail/letter-template.ts';

/** Its text. */
export const invitationTemplate = letterTemplate({
  kind: 'access-invitation',
  name: 'Account Access Invitation',
  type: 'general',
  fields: {
    company: 'Northwind Hosting',
    inviter: 'Ada Lovelace',
    account: 'Analytical Engines Ltd',
    permissions: 'See and pay invoices, see domains',
    term: 'Your access would have no end.',
    holds_until: 'June 8, 2026',
    address: 'ben@example.com',
  },
  link: 'needed',
  mayBeOff: false,
  write: (t, values) => ({
    subject: t('access.letter.invitation.subject', values),
    paragraphs: [
      t('access.letter.greeting'),
      t('access.letter.invitation.text', values),
      t('access.letter.invitation.permissions', values),
      values.term,
      t('access.letter.invitation.holds', values),
    ],
    button: t('access.letter.invitation.button'),
    small: [t('access.letter.invitation.why', values), t('access.letter.invitation.not-you', values)],
  }),
});

// The letter to a user in whose place staff were, once they have left. Only where the operator wants it (acting-letter).

import type { Letter } from '#domain/mail/letter.ts';
import { letterBy, letterTemplate } from '#domain/mail/letter-template.ts';

/** Its text. */
export const actingTemplate = letterTemplate({
  kind: 'staff-were-here',
  name: 'Staff Entered Your Client Area',
  type: 'general',
  fields: {
    name: 'Robin Sample',
    company_name: 'Example Hosting',
    staff_shown: 'Support Operator',
    entered_at: '1 March 2026 at 09:30 UTC',
    left_at: '1 March 2026 at 09:42 UTC',
    reason: 'Ticket 4711: an invoice could not be found',
    may_write: 'no',
  },
  choices: { may_write: ['yes', 'no'] },
  link: 'offered',
  mayBeOff: true,
  write: (t, values) => ({
    subject: t('support.letter.subject', { company: values.company_name }),
    paragraphs: [
      t('mail.greeting', { name: values.name }),
      t('support.letter.text', {
        company: values.company_name,
        staff: values.staff_shown,
        from: values.entered_at,
        until: values.left_at,
      }),
      t('support.letter.reason', { reason: values.reason }),
      t('support.letter.could', { write: values.may_write }),
    ],
    button: t('support.letter.button'),
    small: [t('support.letter.why', { company: values.company_name })],
  }),
});

/** Writes the letter in the person's language; `from` and `until` are in it already. */
export function actingLetterTo(about: {
  readonly to: { readonly address: string; readonly name: string; readonly language: string };
  readonly company: string;
  readonly staff: string;
  readonly from: string;
  readonly until: string;
  readonly reason: string;
  readonly mayWrite: boolean;
  readonly url: string;
  readonly expiresAt: number;
  readonly userId: number;
}): Letter {
  return letterBy(actingTemplate, {
    to: about.to,
    values: {
      name: about.to.name,
      company_name: about.company,
      staff_shown: about.staff,
      entered_at: about.from,
      left_at: about.until,
      reason: about.reason,
      may_write: about.mayWrite ? 'yes' : 'no',
    },
    url: about.url,
    expiresAt: about.expiresAt,
    userId: about.userId,
  });
}

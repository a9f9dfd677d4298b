// SendAdminEmail: a letter to staff, by a template or in the caller's own words.

import { ActionError, action } from '#api/action.ts';
import { scalar } from '#api/dialect/parameters.ts';
import type { WireValues } from '#api/dialect/wire.ts';
import { letterValues } from '#api/letter-values.ts';
import { MAIL_KINDS } from '#domain/administrators/roles.ts';
import type { StaffMessage } from '#domain/correspondence/staff-letters.ts';
import { isForStaff, sendToStaff } from '#domain/correspondence/staff-letters.ts';
import { findTemplateByName } from '#domain/mail/email-templates.ts';
import { Problem } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/**
 * messagename, or customsubject and custommessage; type (system, account or support; system): whose roles get it; mergefields
 * (a map, or base64 of PHP serialize or JSON). deptid is read by nobody: there are no departments here.
 */
export default action({
  group: 'System',
  answer: async ({ ctx, caller, values }) => {
    const message = await messageIn(ctx, values);
    const more = letterValues(values, 'mergefields');
    if (more === 'invalid') throw new ActionError('The custom variables you provided are invalid.');
    try {
      await sendToStaff(ctx, caller.actor, kindIn(values), message, more);
    } catch (error) {
      if (error instanceof Problem) throw new ActionError('Sending Failed. Please see documentation.');
      throw error;
    }
    return {};
  },
});

async function messageIn(ctx: Context, values: WireValues): Promise<StaffMessage> {
  const name = scalar(values, 'messagename')?.trim();
  if (name) {
    const template = await findTemplateByName(ctx, name);
    if (!template || !isForStaff(template)) throw new ActionError('Email Template not found');
    if (template.isOff) throw new ActionError('Email Template is disabled');
    return { template };
  }
  const body = scalar(values, 'custommessage')?.trim();
  const subject = scalar(values, 'customsubject')?.trim();
  if (!body && !subject)
    throw new ActionError('You must provide either an existing email template name or a custom message');
  if (!subject) throw new ActionError('A subject is required for a custom message');
  if (!body) throw new ActionError('A message body is required for a custom message');
  return { subject, body };
}

function kindIn(values: WireValues) {
  const type = scalar(values, 'type')?.trim().toLowerCase() || 'system';
  const kind = MAIL_KINDS.find((one) => one === type);
  if (!kind) throw new ActionError('Invalid message type provided');
  return kind;
}

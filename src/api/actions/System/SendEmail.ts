// SendEmail: a letter to a client, by a template or in the caller's own words.

import { ActionError, action } from '#api/action.ts';
import { integer, scalar } from '#api/dialect/parameters.ts';
import type { WireValues } from '#api/dialect/wire.ts';
import { letterValues } from '#api/letter-values.ts';
import type { EmailCategory } from '#domain/contacts/recipients.ts';
import type { Message } from '#domain/correspondence/client-letters.ts';
import { isSendable, sendToClient } from '#domain/correspondence/client-letters.ts';
import { findTemplateByName } from '#domain/mail/email-templates.ts';
import { Problem } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

const CATEGORIES: readonly EmailCategory[] = ['general', 'product', 'domain', 'invoice', 'support', 'affiliate'];
const FAILED = 'Sending Failed. Please see documentation.';

/**
 * messagename, or customtype, customsubject and custommessage; id (of the client: letters about a service, a domain, an
 * invoice, a ticket or an affiliate have nothing here to be about yet, and fail); customvars (base64 of PHP serialize or JSON).
 */
export default action({
  group: 'System',
  answer: async ({ ctx, caller, values }) => {
    const message = messageIn(values);
    const more = letterValues(values, 'customvars');
    if (more === 'invalid') throw new ActionError('The custom variables you provided are invalid.');
    const id = integer(values, 'id');
    if (id === undefined || id === 'invalid' || id === 0) throw new ActionError('A related ID is required');
    const sent = 'name' in message ? await templateCalled(ctx, message.name) : message;
    if (!('template' in sent) && sent.category !== 'general') throw new ActionError(FAILED);
    try {
      await sendToClient(ctx, caller.actor, id, sent, more);
    } catch (error) {
      if (error instanceof Problem) throw new ActionError(FAILED);
      throw error;
    }
    return {};
  },
});

/** What is to be sent; a template by its name alone, since the parameters are checked before it is looked for. */
function messageIn(values: WireValues): { readonly name: string } | Exclude<Message, { template: unknown }> {
  const name = scalar(values, 'messagename')?.trim();
  if (name) return { name };
  const type = scalar(values, 'customtype')?.trim().toLowerCase();
  if (!type) throw new ActionError('You must provide either an existing email template name or a custom message type');
  const category = CATEGORIES.find((one) => one === type);
  if (!category) throw new ActionError('Invalid message type provided');
  const subject = scalar(values, 'customsubject')?.trim();
  if (!subject) throw new ActionError('A subject is required for a custom message');
  const body = scalar(values, 'custommessage')?.trim();
  if (!body) throw new ActionError('A message body is required for a custom message');
  return { category, subject, body };
}

async function templateCalled(ctx: Context, name: string): Promise<Message> {
  const template = await findTemplateByName(ctx, name);
  if (!template) throw new ActionError('Email Template not found');
  if (template.isOff) throw new ActionError('Email Template is disabled');
  if (!isSendable(template)) throw new ActionError(FAILED);
  return { template };
}

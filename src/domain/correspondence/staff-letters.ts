// Letters to staff in general: to everybody whose role gets letters of the kind; and to oneself, for a look at a template.

import type { Administrator } from '#domain/administrators/administrators.ts';
import { administratorOf, listAdministrators } from '#domain/administrators/administrators.ts';
import type { MailKind } from '#domain/administrators/roles.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { staffValues } from '#domain/correspondence/client-values.ts';
import type { EmailTemplate } from '#domain/mail/email-templates.ts';
import { templateOf } from '#domain/mail/email-templates.ts';
import type { Letter } from '#domain/mail/letter.ts';
import type { MergeValues } from '#domain/mail/liquid.ts';
import { TextFault } from '#domain/mail/liquid.ts';
import { queueLetter } from '#domain/mail/outbox.ts';
import { fromSmarty } from '#domain/mail/smarty.ts';
import { letterInWords, letterOfTemplate } from '#domain/mail/template-letters.ts';
import { exampleLetter } from '#domain/mail/template-trials.ts';
import { nameOf } from '#domain/users/users.ts';
import { days } from '#kit/duration.ts';
import { conflict, notAllowed } from '#kit/problem.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** What is sent to staff: a template of theirs, or a subject and a message of one's own. */
export type StaffMessage = { readonly template: EmailTemplate } | { readonly subject: string; readonly body: string };

/** Whether a template can be sent to staff in general: the shipped ones are about one person each. */
export function isForStaff(template: EmailTemplate): boolean {
  return template.type === 'admin' && template.isCustom;
}

/**
 * Sends a letter to everybody of staff whose role gets letters of the kind; the full administrators get all. Throws conflict
 * `letter-not-sendable`, `letter-template-off` or `letter-text-fault`. Answers how many they are.
 */
export async function sendToStaff(
  ctx: Context,
  actor: Actor,
  kind: MailKind,
  message: StaffMessage,
  more: MergeValues = {},
): Promise<number> {
  if ('template' in message && !isForStaff(message.template)) throw conflict('letter-not-sendable');
  if ('template' in message && message.template.isOff) throw conflict('letter-template-off');
  return ctx.transaction(async (tx) => {
    const staff = (await listAdministrators(tx, false)).filter((one) => one.role.mailKinds.includes(kind));
    for (const one of staff) await queueLetter(tx, await letterToOne(tx, one, message, more));
    await audit(tx, actor, {
      event: 'letter.sent_to_staff',
      description: `A letter was sent to staff: ${'template' in message ? message.template.name : message.subject}`,
      details: { kind, recipients: staff.length },
    });
    return staff.length;
  });
}

/**
 * Sends a template with examples to whoever acts, whose own address it is. Throws not-found, not-allowed for anybody but staff,
 * or invalid when it cannot be filled in.
 */
export async function sendExample(ctx: Context, actor: Actor, templateId: number, language: string): Promise<string> {
  if (actor.kind !== 'administrator') throw notAllowed('staff-only');
  const template = await templateOf(ctx, templateId);
  const { email: address, ...staff } = await administratorOf(ctx, actor.administratorId);
  const to = { address, name: nameOf({ ...staff, email: address }) };
  const expiresAt = ctx.now() + days(1);
  const letter = await exampleLetter(ctx, template, language, { to, expiresAt, administratorId: staff.id });
  await ctx.transaction(async (tx) => {
    await queueLetter(tx, letter);
  });
  return address;
}

async function letterToOne(
  tx: Context,
  staff: Administrator,
  message: StaffMessage,
  more: MergeValues,
): Promise<Letter> {
  const about = {
    to: { address: staff.email, name: nameOf(staff) },
    language: staff.language,
    administratorId: staff.id,
    expiresAt: tx.now() + days(7),
    values: { ...more, ...staffValues(staff) },
  };
  try {
    if ('template' in message) return await letterOfTemplate(tx, message.template, about);
    const source = { subject: fromSmarty(oneLine(message.subject)), body: fromSmarty(message.body), small: '' };
    return await letterInWords(tx, source, about);
  } catch (error) {
    if (error instanceof TextFault) throw conflict('letter-text-fault', { what: error.message });
    throw error;
  }
}

// Letters that staff or a program send to a client: by a template, or in words of their own. They go to every address that
// gets letters of the category, each as a letter of its own, and stand in the client's history.

import { ownerIdOf } from '#domain/access/members.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { Client } from '#domain/clients/clients.ts';
import { clientOf } from '#domain/clients/clients.ts';
import type { EmailCategory, Recipient } from '#domain/contacts/recipients.ts';
import { recipientsOf } from '#domain/contacts/recipients.ts';
import { clientValues } from '#domain/correspondence/client-values.ts';
import type { EmailTemplate } from '#domain/mail/email-templates.ts';
import { everyTemplate } from '#domain/mail/email-templates.ts';
import type { Letter } from '#domain/mail/letter.ts';
import type { TemplateSource } from '#domain/mail/letter-template.ts';
import type { MergeValues } from '#domain/mail/liquid.ts';
import { TextFault } from '#domain/mail/liquid.ts';
import type { KeptLetter } from '#domain/mail/outbox.ts';
import { letterOf, queueLetter, repeatLetter } from '#domain/mail/outbox.ts';
import { fromSmarty } from '#domain/mail/smarty.ts';
import { letterInWords, letterOfTemplate } from '#domain/mail/template-letters.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { accountReadyLetter, accountReadyTemplate } from '#domain/signup/account-ready.mail.ts';
import { findUser } from '#domain/users/users.ts';
import { days } from '#kit/duration.ts';
import { conflict, invalid } from '#kit/problem.ts';
import { comparable, oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** What is sent: a template, or a subject and a message of one's own. */
export type Message =
  | { readonly template: EmailTemplate }
  | { readonly subject: string; readonly body: string; readonly category: EmailCategory };

/** A letter to a client before it is sent: to whom, and as what. */
export type ReadyLetter = { readonly recipients: readonly Recipient[]; readonly letter: Letter };

/** For so long a letter of staff is tried. */
const OF_USE = days(7);
const LONGEST_MESSAGE = 50_000;

/** The templates that can be sent to a client: those about the client itself. The others want a service or an invoice. */
export async function sendableTemplates(ctx: Context): Promise<EmailTemplate[]> {
  return (await everyTemplate(ctx)).filter((one) => isSendable(one) && !one.isOff);
}

/** Whether a template can be sent to a client by hand. Of the shipped ones few: most hold a link that somebody must have asked for. */
export function isSendable(template: EmailTemplate): boolean {
  return template.type === 'general' && (template.isCustom || template.kind === accountReadyTemplate.kind);
}

/**
 * Makes the letter without sending it. Throws not-found `client-not-found`; conflict `letter-not-sendable`,
 * `letter-template-off` or `letters-switched-off` (no address of the client gets any of the category); invalid for words of one's own.
 */
export async function readyLetter(
  ctx: Context,
  clientId: number,
  message: Message,
  more: MergeValues = {},
): Promise<ReadyLetter> {
  const client = await clientOf(ctx, clientId);
  if ('template' in message && !isSendable(message.template)) throw conflict('letter-not-sendable');
  if ('template' in message && message.template.isOff) throw conflict('letter-template-off');
  const letter = await letterTo(ctx, client, message, more);
  const recipients = await recipientsOf(ctx, clientId, 'template' in message ? 'general' : message.category);
  if (recipients.length === 0) throw conflict('letters-switched-off');
  return { recipients, letter };
}

/** Sends a letter to a client. Throws as `readyLetter`. Answers to how many addresses it goes. */
export async function sendToClient(
  ctx: Context,
  actor: Actor,
  clientId: number,
  message: Message,
  more: MergeValues = {},
): Promise<number> {
  return ctx.transaction(async (tx) => {
    const { recipients, letter } = await readyLetter(tx, clientId, message, more);
    for (const { address, name } of recipients) await queueLetter(tx, { ...letter, to: { address, name } });
    await audit(tx, actor, {
      event: 'letter.sent_by_hand',
      description: `A letter was sent to the client: ${'template' in message ? message.template.name : letter.subject}`,
      clientId,
      details: { recipients: recipients.length },
    });
    return recipients.length;
  });
}

/** Whether a letter of the history can go out once more as it was: one that staff wrote to a client, which holds no link of ours. */
export function mayGoAgain(letter: KeptLetter): letter is KeptLetter & { readonly clientId: number } {
  return (
    letter.kind === 'custom' && letter.clientId !== undefined && ['sent', 'failed', 'expired'].includes(letter.state)
  );
}

/**
 * Sends it once more, to the address that it went to, if that still gets letters of the client. Throws not-found, or conflict
 * `letter-without-fresh` or `letters-switched-off`.
 */
export async function sendAgain(ctx: Context, actor: Actor, letterId: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const letter = await letterOf(tx, letterId);
    if (!mayGoAgain(letter)) throw conflict('letter-without-fresh');
    const recipients = await recipientsOf(tx, letter.clientId, 'general');
    if (!recipients.some(({ address }) => comparable(address) === comparable(letter.to)))
      throw conflict('letters-switched-off');
    const id = await repeatLetter(tx, letterId, tx.now() + OF_USE);
    await audit(tx, actor, {
      event: 'letter.sent_by_hand',
      description: `A letter was sent to the client again: ${letter.subject}`,
      clientId: letter.clientId,
      details: { letterId: id, again: letterId },
    });
  });
}

async function letterTo(ctx: Context, client: Client, message: Message, more: MergeValues): Promise<Letter> {
  if ('template' in message && !message.template.isCustom) return accountReady(ctx, client);
  const about = {
    to: { address: client.email, name: '' },
    language: client.language,
    clientId: client.id,
    expiresAt: ctx.now() + OF_USE,
    values: { ...more, ...(await clientValues(ctx, client)) },
  };
  try {
    if ('template' in message) return await letterOfTemplate(ctx, message.template, about);
    return await letterInWords(ctx, wordsOf(message), about);
  } catch (error) {
    if (!(error instanceof TextFault)) throw error;
    throw 'template' in message
      ? conflict('letter-text-fault', { what: error.message })
      : invalid({ body: 'letter-text-fault' }, { what: error.message });
  }
}

function wordsOf({ subject, body }: { readonly subject: string; readonly body: string }): TemplateSource {
  if (oneLine(subject) === '') throw invalid({ subject: 'letter-subject-missing' });
  if (body.trim() === '') throw invalid({ body: 'letter-body-missing' });
  if (subject.length > 500) throw invalid({ subject: 'too-long' });
  if (body.length > LONGEST_MESSAGE) throw invalid({ body: 'too-long' });
  return { subject: fromSmarty(oneLine(subject)), body: fromSmarty(body), small: '' };
}

async function accountReady(ctx: Context, client: Client): Promise<Letter> {
  const ownerId = await ownerIdOf(ctx, client.id);
  const owner = ownerId === undefined ? undefined : await findUser(ctx, ownerId);
  const name = `${client.firstName} ${client.lastName}`.trim();
  const { userId: _user, ...letter } = accountReadyLetter({
    // The name to sign in with is the owner's; the letter itself goes where the client's letters go.
    to: { address: owner?.email ?? client.email, name, language: client.language },
    company: await settingOf(ctx, companyName),
    loginUrl: await publicLink(ctx, '/login'),
    resetUrl: await publicLink(ctx, '/password/reset'),
    expiresAt: ctx.now() + OF_USE,
    userId: ownerId ?? 0,
    clientId: client.id,
  });
  return letter;
}

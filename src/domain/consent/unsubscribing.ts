// Taking back consent by the link in a letter (RFC 8058). The link names the client and the address by fingerprint, signed
// with the installation's key: it needs no table, never ends, and opens nothing else.

import { strangerActor } from '#domain/audit/actor.ts';
import { findClient, findClientByEmail } from '#domain/clients/clients.ts';
import { insertWithdrawal, isWithdrawn } from '#domain/consent/consent.table.ts';
import { addressPrint, changeConsent, noteConsent } from '#domain/consent/consent.ts';
import { unsubscribeLetter } from '#domain/consent/unsubscribe.mail.ts';
import { contactsOf, sliceOfContacts } from '#domain/contacts/contacts.ts';
import type { Limit } from '#domain/guard/limits.ts';
import { countUse } from '#domain/guard/limits.ts';
import { queueLetter } from '#domain/mail/outbox.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { days } from '#kit/duration.ts';
import { invalid } from '#kit/problem.ts';
import { constantTimeEqual } from '#kit/secret.ts';
import { isMailAddress } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** The address behind "unsubscribe" in a marketing letter to this address of this client; give it to the letter. */
export async function unsubscribeUrl(ctx: Context, clientId: number, address: string): Promise<string> {
  return publicLink(ctx, `/unsubscribe/${unsubscribeToken(ctx, clientId, address)}`);
}

/** The token in that address. */
export function unsubscribeToken(ctx: Pick<Context, 'seal'>, clientId: number, address: string): string {
  const named = `${clientId.toString(36)}.${addressPrint(ctx, address)}`;
  return `${named}.${ctx.seal.sign(PURPOSE, named)}`;
}

/** What a token says: whom it is about, and whether that address wants no letters already. */
export type Unsubscription = {
  readonly clientId: number;
  readonly print: string;
  readonly isDone: boolean;
};

/** Reads a token, and changes nothing. Undefined when it is not one of ours. */
export async function readUnsubscription(ctx: Context, token: string): Promise<Unsubscription | undefined> {
  const [client = '', print = '', signature = ''] = token.split('.');
  if (!/^[0-9a-z]{1,11}$/.test(client) || !/^[\w-]{22}$/.test(print)) return undefined;
  if (!constantTimeEqual(signature, ctx.seal.sign(PURPOSE, `${client}.${print}`))) return undefined;
  const clientId = Number.parseInt(client, 36);
  return { clientId, print, isDone: await isWithdrawn(ctx, print) };
}

/**
 * Takes the consent back: the address is left alone from now on. Where it is the client's own, or was when the letter went
 * out, the client has opted out too; where it is a contact's, the others go on getting theirs. Doing it again does nothing.
 * Answers false when the token is not one of ours.
 */
export async function unsubscribe(
  ctx: Context,
  token: string,
  from: { readonly ip: string; readonly oneClick: boolean },
): Promise<boolean> {
  const read = await readUnsubscription(ctx, token);
  if (!read) return false;
  const source = from.oneClick ? 'one-click' : 'link';
  const actor = strangerActor(from.ip);
  await ctx.transaction(async (tx) => {
    const isNew = await insertWithdrawal(tx, read.print);
    const client = await findClient(tx, read.clientId);
    if (!client) return; // deleted since: the address is on the list all the same
    const isOwn = addressPrint(tx, client.email) === read.print;
    const contact = isOwn ? undefined : await contactByPrint(tx, client.id, read.print);
    if (!contact) await changeConsent(tx, actor, client.id, false, { source });
    else if (isNew)
      await noteConsent(tx, actor, {
        client: { id: client.id, email: contact.email },
        optedIn: false,
        source,
        reason: '',
      });
  });
  return true;
}

/** How many letters with a link one address gets in a day, whoever asks. */
const LETTERS_A_DAY: Limit = { name: 'unsubscribe-letter', most: 2, withinMs: days(1) };

/**
 * Sends a link for taking consent back to an address that a stranger typed, if it is a client's or a contact's: the links of
 * a system before this one open nothing here. Whether it is known is not told. Throws invalid for what is no address.
 */
export async function sendUnsubscribeLink(ctx: Context, typed: string): Promise<void> {
  const address = typed.trim();
  if (address === '') throw invalid({ email: 'email-missing' });
  if (!isMailAddress(address)) throw invalid({ email: 'email-invalid' });
  const clientId = await clientOfAddress(ctx, address);
  const uses = await countUse(ctx, LETTERS_A_DAY, addressPrint(ctx, address));
  if (clientId === undefined || uses > LETTERS_A_DAY.most) return;
  const { language } = (await findClient(ctx, clientId)) ?? { language: '' };
  await ctx.transaction(async (tx) => {
    const company = await settingOf(tx, companyName);
    const url = await unsubscribeUrl(tx, clientId, address);
    await queueLetter(
      tx,
      unsubscribeLetter({ address, language, company, url, clientId, expiresAt: tx.now() + days(7) }),
    );
  });
}

const PURPOSE = 'unsubscribe';

async function contactByPrint(tx: Context, clientId: number, print: string) {
  return (await contactsOf(tx, clientId)).find((one) => addressPrint(tx, one.email) === print);
}

async function clientOfAddress(ctx: Context, address: string): Promise<number | undefined> {
  const client = await findClientByEmail(ctx, address);
  if (client) return client.id;
  const { contacts } = await sliceOfContacts(ctx, { email: address }, { skip: 0, limit: 1 });
  return contacts[0]?.clientId;
}

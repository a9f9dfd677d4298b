// Marketing consent: one answer for a client, a log of every change to it, and addresses that want none (behaviours.md 1.10;
// section 15, number 39). Staff cannot change a customer's choice without saying why.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { Client } from '#domain/clients/clients.ts';
import { holdClient } from '#domain/clients/clients.ts';
import { setMarketing } from '#domain/clients/entrusted-fields.ts';
import { consentChanged } from '#domain/consent/consent.events.ts';
import { marketingEmails, marketingMessage, marketingOptInRequired } from '#domain/consent/consent.settings.ts';
import type { ConsentRow } from '#domain/consent/consent.table.ts';
import {
  consentRowsOf,
  deleteWithdrawal,
  insertConsentLine,
  isWithdrawn,
  moveConsentRows,
} from '#domain/consent/consent.table.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { KeysetPage, KeysetPlace } from '#kit/keyset.ts';
import { keysetPage } from '#kit/keyset.ts';
import { invalid, notAllowed } from '#kit/problem.ts';
import { comparable, oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** By which way a choice was made. */
export const CONSENT_SOURCES = ['registration', 'account', 'link', 'one-click', 'staff', 'api'] as const;
/** By which way a choice was made. */
export type ConsentSource = (typeof CONSENT_SOURCES)[number];

/** How people are asked. `message`: the operator's words, or empty for ours. */
export type ConsentQuestion = {
  readonly asked: boolean;
  readonly startsTicked: boolean;
  readonly message: string;
};

/** How people are asked, for a form that makes an account or changes one. Where nobody is asked, draw no box. */
export async function consentQuestion(ctx: Context): Promise<ConsentQuestion> {
  return {
    asked: await settingOf(ctx, marketingEmails),
    startsTicked: !(await settingOf(ctx, marketingOptInRequired)),
    message: await settingOf(ctx, marketingMessage),
  };
}

/** A line of the log as people read it. */
export type ConsentLine = {
  readonly id: number;
  readonly at: number;
  readonly address: string;
  readonly optedIn: boolean;
  readonly source: ConsentSource;
  readonly actorName: string;
  readonly ip: string;
  readonly reason: string;
  readonly wording: string;
};

/**
 * Changes a client's choice. Staff by hand say why: throws invalid `reason-missing` or `too-long` otherwise, and not-found.
 * Answers whether it was another before.
 */
export async function changeConsent(
  ctx: Context,
  actor: Actor,
  clientId: number,
  optedIn: boolean,
  how: { readonly source: ConsentSource; readonly reason?: string },
): Promise<boolean> {
  const reason = oneLine(how.reason ?? '');
  if (how.source === 'staff' && reason === '') throw invalid({ reason: 'reason-missing' });
  if (reason.length > 500) throw invalid({ reason: 'too-long' });
  return ctx.transaction(async (tx) => {
    const client = await holdClient(tx, clientId, 'change');
    if (client.marketingOptIn === optedIn) return false;
    // Staff in their place may stop letters; to agree to them is the person's own (GDPR art. 4, number 11).
    if (optedIn && actor.kind === 'user' && actor.acting) throw notAllowed('acting-secrets');
    await setMarketing(tx, clientId, optedIn);
    await noteConsent(tx, actor, { client, optedIn, source: how.source, reason });
    await audit(tx, actor, {
      event: 'consent.changed',
      description: `Marketing letters were turned ${optedIn ? 'on' : 'off'}${reason === '' ? '' : `: ${reason}`}`,
      clientId,
      details: { optedIn, source: how.source },
    });
    return true;
  });
}

/**
 * Writes the line of a choice that was made, in its transaction. Who agrees anew is taken off the list of those who want
 * none, with that address.
 */
export async function noteConsent(
  tx: Context,
  actor: Actor,
  made: {
    readonly client: Pick<Client, 'id' | 'email'>;
    readonly optedIn: boolean;
    readonly source: ConsentSource;
    readonly reason: string;
  },
): Promise<void> {
  const { client, optedIn, source, reason } = made;
  const print = addressPrint(tx, client.email);
  if (optedIn) await deleteWithdrawal(tx, print);
  await insertConsentLine(tx, {
    client_id: client.id,
    at: tx.now(),
    address: client.email,
    address_print: print,
    opted_in: Number(optedIn),
    source,
    ...whoAnswered(actor),
    ip: oneLine(actor.ip),
    reason,
    wording: await settingOf(tx, marketingMessage), // what was asked is part of what was answered (GDPR art. 7)
  });
  await tx.bus.announce(tx, consentChanged, { clientId: client.id, optedIn });
}

/** Staff in the place of a user are staff here. */
function whoAnswered(actor: Actor): { actor_kind: string; actor_name: string } {
  if (actor.kind === 'user' && actor.acting)
    return { actor_kind: 'administrator', actor_name: oneLine(actor.acting.name) };
  return { actor_kind: actor.kind, actor_name: oneLine(actor.name) };
}

/** A page of a client's log, the newest first. */
export async function pageOfConsent(
  ctx: Context,
  clientId: number,
  place: KeysetPlace,
  size: number,
): Promise<KeysetPage<ConsentLine>> {
  const read = (await consentRowsOf(ctx, clientId, { ...place, limit: size + 1 })).map(lineFrom);
  return keysetPage(place.before === undefined ? read : read.reverse(), size, place);
}

/**
 * Whether a marketing letter may go to an address of a client: such letters are sent at all, the client agreed, and the
 * address did not refuse. Ask this for each letter, just before it is queued.
 */
export async function mayMarketTo(
  ctx: Context,
  client: Pick<Client, 'marketingOptIn'>,
  address: string,
): Promise<boolean> {
  if (!client.marketingOptIn || !(await settingOf(ctx, marketingEmails))) return false;
  return !(await isWithdrawn(ctx, addressPrint(ctx, address)));
}

/** Gives the log of one client to another: all of it, or only these lines. Only `merging` calls this, which keeps the list of what moved. */
export async function moveConsent(
  tx: Context,
  from: number,
  into: number,
  only?: readonly number[],
): Promise<number[]> {
  return moveConsentRows(tx, from, into, only);
}

/** A keyed fingerprint of an address: a list of those who want no letters need not be a list of addresses. */
export function addressPrint(ctx: Pick<Context, 'seal'>, address: string): string {
  return ctx.seal.sign('consent-address', comparable(address)).slice(0, 22);
}

function lineFrom(row: ConsentRow): ConsentLine {
  return {
    id: row.id,
    at: row.at,
    address: row.address,
    optedIn: row.opted_in === 1,
    source: CONSENT_SOURCES.find((one) => one === row.source) ?? 'account',
    actorName: row.actor_name,
    ip: row.ip,
    reason: row.reason,
    wording: row.wording,
  };
}

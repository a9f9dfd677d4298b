// Two client accounts become one (behaviours.md 1.5; section 15, number 18). The target keeps all that is its own: what both
// have, it has as it had it. The other account's rows become the target's, its people members of it with what they had, its
// credit is added; what it was itself is kept aside, so that all of it can be undone for thirty days. One transaction does it.

import { requiresSecondFactor } from '#domain/access/entry.ts';
import { takeMembersAlong } from '#domain/access/merged-members.ts';
import { setAccessAside } from '#domain/access/set-aside.ts';
import { moveAlerts } from '#domain/alerts/alerts.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import { takeClientAway } from '#domain/clients/client-removal.ts';
import type { Client } from '#domain/clients/clients.ts';
import { findClient, holdClient } from '#domain/clients/clients.ts';
import { moveConsent } from '#domain/consent/consent.ts';
import { takeContactsAlong } from '#domain/contacts/merged-contacts.ts';
import { changeCredit } from '#domain/credit/credit.ts';
import { takeValuesAlong } from '#domain/fields/merged-values.ts';
import { moveFiles } from '#domain/files/files.ts';
import { moveLetters } from '#domain/mail/outbox.ts';
import type { Belongings, PlainKind } from '#domain/merging/merge-moves.ts';
import { keepMoves } from '#domain/merging/merge-moves.ts';
import { insertMerge, keepBefore } from '#domain/merging/merges.table.ts';
import { whereItWent } from '#domain/merging/merges.ts';
import { clientMerged } from '#domain/merging/merging.events.ts';
import { moveNotes } from '#domain/notes/notes.ts';
import type { Problem } from '#kit/problem.ts';
import { conflict, notFound } from '#kit/problem.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** How rows that only change whose they are do so, by kind; the same way there and back. */
export const PLAIN_MOVES: Readonly<
  Record<PlainKind, (tx: Context, from: number, into: number, only?: readonly number[]) => Promise<number[]>>
> = { note: moveNotes, file: moveFiles, letter: moveLetters, consent: moveConsent, alert: moveAlerts };

/** Why one account cannot become a part of another, as a key of locales/en/errors.json; undefined when it can. */
export function mergeFault(from: Client, into: Client): MergeFault | undefined {
  if (from.id === into.id) return 'merge-itself';
  if (into.status === 'Closed') return 'merge-target-closed';
  if (from.currencyId !== into.currencyId) return 'merge-currency';
  return undefined;
}

/** Why one account cannot become a part of another. */
export type MergeFault = 'merge-itself' | 'merge-target-closed' | 'merge-currency';

/**
 * Makes the account `from` a part of `into`. Throws not-found `client-not-found`, or conflict: `merge-already` when one of
 * them is a part of another by now, a MergeFault, `merge-second-factor`, `merge-contacts-too-many`, `credit-too-high`. Answers the merge's id.
 */
export async function mergeClients(ctx: Context, actor: Actor, from: number, into: number): Promise<number> {
  if (from === into) throw conflict('merge-itself');
  return ctx.transaction(async (tx) => {
    const held = await holdBoth(tx, from, into);
    const fault = mergeFault(held.from, held.into);
    if (fault) throw conflict(fault);
    await keepGuarded(tx, from, into);
    const mergeId = await insertMerge(tx, {
      from_client_id: from,
      into_client_id: into,
      from_name: displayName(held.from),
      administrator: oneLine(actor.name),
      merged_at: tx.now(),
      before: null,
      undone_at: null,
      settled_at: null,
    });
    await keepMoves(tx, { mergeId, from, into }, await takeAlong(tx, actor, held.from, into));
    await keepBefore(tx, mergeId, await takeClientAway(tx, from));
    await noteMerge(tx, actor, mergeId, from, into);
    await tx.bus.announce(tx, clientMerged, { clientId: into, fromClientId: from });
    return mergeId;
  });
}

/** What opens only by a second factor does not come to lie where a password alone opens it. */
async function keepGuarded(tx: Context, from: number, into: number): Promise<void> {
  if ((await requiresSecondFactor(tx, from)) && !(await requiresSecondFactor(tx, into)))
    throw conflict('merge-second-factor');
}

/** Both, held against everything, always in the order of their ids: the other way round at once waits, and then finds one gone. */
async function holdBoth(tx: Context, from: number, into: number): Promise<{ from: Client; into: Client }> {
  const clients = new Map<number, Client>();
  for (const id of [from, into].sort((a, b) => a - b)) clients.set(id, await holdOne(tx, id));
  const [one, other] = [clients.get(from), clients.get(into)];
  if (!one || !other) throw notFound('client-not-found');
  return { from: one, into: other };
}

async function holdOne(tx: Context, id: number): Promise<Client> {
  if (!(await findClient(tx, id))) throw await whyGone(tx, id);
  return holdClient(tx, id, 'remove').catch(async () => {
    throw await whyGone(tx, id);
  });
}

async function whyGone(tx: Context, id: number): Promise<Problem> {
  return (await whereItWent(tx, id)) ? conflict('merge-already') : notFound('client-not-found');
}

async function takeAlong(tx: Context, actor: Actor, client: Client, into: number): Promise<Belongings> {
  const from = client.id;
  const aside = await setAccessAside(tx, actor, from); // first: invitations end while their account still stands
  await moveCredit(tx, actor, { from, into, amountMinor: client.creditMinor, why: 'merged' });
  return {
    members: await takeMembersAlong(tx, from, into),
    contacts: await takeContactsAlong(tx, from, into),
    values: await takeValuesAlong(tx, from, into),
    plain: {
      note: await moveNotes(tx, from, into),
      file: await moveFiles(tx, from, into),
      letter: await moveLetters(tx, from, into),
      consent: await moveConsent(tx, from, into),
      alert: await moveAlerts(tx, from, into),
    },
    aside,
    creditMinor: client.creditMinor,
  };
}

/** Moves a balance, or a part of it, by an entry in either log; for this topic's own files. Throws as `changeCredit` does. */
export async function moveCredit(
  tx: Context,
  actor: Actor,
  move: {
    readonly from: number;
    readonly into: number;
    readonly amountMinor: number;
    readonly why: 'merged' | 'undone';
  },
): Promise<void> {
  const { from, into, amountMinor, why } = move;
  if (amountMinor === 0) return;
  const reason = why === 'merged' ? 'the accounts were merged' : 'the merge was undone';
  await changeCredit(tx, actor, from, {
    type: 'remove',
    amountMinor,
    description: `Moved to client ${into}: ${reason}`,
  });
  await changeCredit(tx, actor, into, {
    type: 'add',
    amountMinor,
    description: `Moved from client ${from}: ${reason}`,
  });
}

/** A line about each, by number alone: the name is forgotten with the account, and lines stay. */
async function noteMerge(tx: Context, actor: Actor, mergeId: number, from: number, into: number): Promise<void> {
  const description = `Client ${from} became a part of client ${into}`;
  for (const clientId of [from, into])
    await audit(tx, actor, { event: 'client.merged', description, clientId, details: { mergeId, from, into } });
}

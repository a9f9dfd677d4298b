// Undoing a merge: the list of moves is walked back in one transaction, and what cannot go back is told, not made up. What
// came since stays with the account that stood.

import type { MemberReturn } from '#domain/access/merged-members.ts';
import { bringMembersBack } from '#domain/access/merged-members.ts';
import { putAccessBack } from '#domain/access/set-aside.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { bringClientBack } from '#domain/clients/client-removal.ts';
import type { Client } from '#domain/clients/clients.ts';
import { holdClient } from '#domain/clients/clients.ts';
import { contactsTakeDomainLetters } from '#domain/contacts/contacts.ts';
import { bringContactsBack } from '#domain/contacts/merged-contacts.ts';
import { bringValuesBack } from '#domain/fields/merged-values.ts';
import { deleteMoves } from '#domain/merging/merge-moves.table.ts';
import type { Belongings, PlainKind } from '#domain/merging/merge-moves.ts';
import { PLAIN_KINDS, readMoves } from '#domain/merging/merge-moves.ts';
import type { MergeRow } from '#domain/merging/merges.table.ts';
import { findMergeRow, lockMergeRow, mergeRowsInto, spendMerge } from '#domain/merging/merges.table.ts';
import { UNDO_MERGE_MS } from '#domain/merging/merges.ts';
import { clientMergeUndone } from '#domain/merging/merging.events.ts';
import { moveCredit, PLAIN_MOVES } from '#domain/merging/merging.ts';
import { conflict, notAllowed, notFound, Problem } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** What did not go back, in numbers, since it was deleted or changed meanwhile. All nought: the account is as it was. */
export type LeftBehind = Readonly<Record<PlainKind | 'removed' | 'gone' | 'contact' | 'value', number>> & {
  /** Who owns the other account by now and so did not leave it. */
  readonly owners: number;
};

/** What an undone merge came to. */
export type MergeUndone = { readonly client: Client; readonly left: LeftBehind };

/**
 * Undoes a merge into a client. Of any number of tries at once one does. Throws not-found `merge-not-found`; not-allowed
 * `merge-undo-over` (done already, or too late); or conflict: `merge-target-away` while the target is a part of another
 * itself, `merge-later-first`, `merge-undo-currency`, `merge-undo-credit`.
 */
export async function undoMerge(ctx: Context, actor: Actor, intoId: number, mergeId: number): Promise<MergeUndone> {
  const seen = await findMergeRow(ctx, mergeId);
  if (seen?.into_client_id !== intoId) throw notFound('merge-not-found');
  return ctx.transaction(async (tx) => {
    const into = await holdTarget(tx, intoId); // clients before merges, as merging locks them
    const row = await lockMergeRow(tx, mergeId);
    const before = row?.before;
    if (!row || !before || !(await spendMerge(tx, mergeId, tx.now() - UNDO_MERGE_MS)))
      throw notAllowed('merge-undo-over');
    await requireLatest(tx, row);
    const had = await readMoves(tx, mergeId);
    const client = await bringClientBack(tx, before);
    if (had.creditMinor > 0 && client.currencyId !== into.currencyId) throw conflict('merge-undo-currency');
    const left = await giveBack(tx, actor, client, into, had);
    await deleteMoves(tx, mergeId);
    await noteUndo(tx, actor, client.id, into.id, left);
    await tx.bus.announce(tx, clientMergeUndone, { clientId: into.id, fromClientId: client.id });
    return { client, left };
  });
}

async function holdTarget(tx: Context, id: number): Promise<Client> {
  return holdClient(tx, id, 'change').catch((error: unknown) => {
    throw error instanceof Problem && error.kind === 'not-found' ? conflict('merge-target-away') : error;
  });
}

/** The last one first: of two that brought the same person or address, the earlier decided what the later found. */
async function requireLatest(tx: Context, row: MergeRow): Promise<void> {
  const standing = await mergeRowsInto(tx, row.into_client_id, 1);
  const later = standing.find((one) => one.id > row.id && one.settled_at === null);
  if (later) throw conflict('merge-later-first', { name: later.from_name });
}

async function giveBack(tx: Context, actor: Actor, client: Client, into: Client, had: Belongings): Promise<LeftBehind> {
  const [from, there] = [client.id, into.id];
  const people = await bringMembersBack(tx, actor, from, there, had.members);
  await putAccessBack(tx, from, had.aside);
  const contacts = await bringContactsBack(tx, from, there, had.contacts, client.billingContactId);
  await keepDomainLetters(tx, actor, there);
  const values = await bringValuesBack(tx, there, had.values);
  const missing = { note: 0, file: 0, letter: 0, consent: 0, alert: 0 };
  for (const kind of PLAIN_KINDS) {
    const back = await PLAIN_MOVES[kind](tx, there, from, had.plain[kind]);
    missing[kind] = had.plain[kind].length - back.length;
  }
  await creditBack(tx, actor, from, there, had.creditMinor);
  const became = (what: MemberReturn): number => [...people.values()].filter((one) => one === what).length;
  return {
    ...missing,
    removed: became('removed-since'),
    gone: became('gone'),
    owners: became('back-and-owner'),
    contact: had.contacts.moved.length + had.contacts.aside.length - contacts.length,
    value: values,
  };
}

/** At least one address goes on getting letters about domains: where a contact that left was the last, the account gets them. */
async function keepDomainLetters(tx: Context, actor: Actor, clientId: number): Promise<void> {
  const { emailPreferences } = await holdClient(tx, clientId, 'change');
  if (emailPreferences.domain || (await contactsTakeDomainLetters(tx, clientId))) return;
  await changeClient(tx, actor, clientId, { emailPreferences: { ...emailPreferences, domain: true } });
}

/** The same amount, or nothing at all: what was spent meanwhile is not ours to divide. */
async function creditBack(tx: Context, actor: Actor, from: number, there: number, amountMinor: number): Promise<void> {
  try {
    await moveCredit(tx, actor, { from: there, into: from, amountMinor, why: 'undone' });
  } catch (error) {
    if (error instanceof Problem && error.code === 'credit-too-low') throw conflict('merge-undo-credit', error.values);
    throw error;
  }
}

async function noteUndo(tx: Context, actor: Actor, from: number, into: number, left: LeftBehind): Promise<void> {
  const description = `Client ${from} stands again and is no part of client ${into} any more`;
  for (const clientId of [from, into])
    await audit(tx, actor, { event: 'client.merge_undone', description, clientId, details: { from, into, ...left } });
}

// Putting a change of owner back: for three days, once, by the owner before or by staff. It moves the two of that change and
// nobody else, so that the link of a letter is worth nothing to whoever means to take an account over.

import type { AccessColumns } from '#domain/access/members.table.ts';
import { insertMember, lockMemberRow, updateOwnership } from '#domain/access/members.table.ts';
import { ownerIdOf } from '#domain/access/members.ts';
import { holdPeople, isDisabled, liveClient, NO_LIMITS, sayOwnerChanged, tell } from '#domain/access/ownership.ts';
import type { TransferRow } from '#domain/access/ownership-transfers.table.ts';
import {
  doneTransferRows,
  endOffer,
  findTransferByUndo,
  lockTransfer,
  spendUndo,
} from '#domain/access/ownership-transfers.table.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import { findClient } from '#domain/clients/clients.ts';
import type { User } from '#domain/users/users.ts';
import { usersOf } from '#domain/users/users.ts';
import { days } from '#kit/duration.ts';
import { notAllowed } from '#kit/problem.ts';
import { fingerprint } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

/** A change of owner that can still be put back. `from` is the owner before. */
export type OwnershipUndo = {
  readonly id: number;
  readonly clientId: number;
  readonly from: User;
  readonly to: User;
  readonly at: number;
  readonly until: number;
};

/** The last change of owner of an account, for as long as it can be put back. */
export async function ownershipUndoOf(ctx: Context, clientId: number): Promise<OwnershipUndo | undefined> {
  const [row] = await doneTransferRows(ctx, clientId, 1);
  if (!row || row.undone_at !== null || (row.undo_until ?? 0) <= ctx.now()) return undefined;
  if ((await ownerIdOf(ctx, clientId)) !== row.to_user_id) return undefined;
  const people = await usersOf(ctx, [row.from_user_id, row.to_user_id]);
  const [from, to] = [people.get(row.from_user_id), people.get(row.to_user_id)];
  if (!from || !to) return undefined;
  return { id: row.id, clientId, from, to, at: row.ended_at ?? 0, until: row.undo_until ?? 0 };
}

/** What the link of an owner before is worth now. */
export type OwnershipUndoState =
  | { readonly is: 'open'; readonly undo: OwnershipUndo; readonly account: string }
  | { readonly is: 'used' | 'over' | 'unknown' };

/** Looks at a link without spending it. */
export async function ownershipUndoState(ctx: Context, token: string): Promise<OwnershipUndoState> {
  const row = await findTransferByUndo(ctx, fingerprint(token));
  if (!row) return { is: 'unknown' };
  if (row.undone_at !== null) return { is: 'used' };
  const undo = await ownershipUndoOf(ctx, row.client_id);
  const client = await findClient(ctx, row.client_id);
  if (undo?.id !== row.id || isDisabled(undo.from) || !client || client.status === 'Closed') return { is: 'over' };
  return { is: 'open', undo, account: displayName(client) };
}

/**
 * The owner before puts the last change back by the link of their letter, once. Nobody is signed in by it, and nobody but
 * the two of this change gains or loses anything. Throws not-allowed `ownership-undo-over`: used, too late, another change
 * since, the account closed, or the owner before deactivated.
 */
export async function undoOwnershipByLink(ctx: Context, token: string, ip: string): Promise<void> {
  const row = await findTransferByUndo(ctx, fingerprint(token));
  if (!row) throw notAllowed('ownership-undo-over');
  const from = (await usersOf(ctx, [row.from_user_id])).get(row.from_user_id);
  await undo(ctx, { kind: 'user', userId: row.from_user_id, name: from?.email ?? '', ip }, row, false);
}

/** Staff put the last change of owner of an account back. Throws not-allowed `ownership-undo-over`. */
export async function undoOwnershipByStaff(ctx: Context, actor: Actor, clientId: number): Promise<void> {
  const [row] = await doneTransferRows(ctx, clientId, 1);
  if (!row) throw notAllowed('ownership-undo-over');
  await undo(ctx, actor, row, true);
}

async function undo(ctx: Context, actor: Actor, seen: TransferRow, byStaff: boolean): Promise<void> {
  await ctx.transaction(async (tx) => {
    const over = notAllowed('ownership-undo-over');
    const people = await holdPeople(tx, [seen.from_user_id, seen.to_user_id]);
    const [from, to] = [people.get(seen.from_user_id)?.user, people.get(seen.to_user_id)?.user];
    const client = await liveClient(tx, seen.client_id).catch(() => undefined);
    const row = await lockTransfer(tx, seen.id);
    if (!from || !to || !client || !row || isDisabled(from)) throw over;
    const owner = await lockMemberRow(tx, to.id, client.id);
    if (owner?.is_owner !== 1) throw over; // the account went on to a third: that is not this change's to undo
    if (!(await spendUndo(tx, row.id, byStaff))) throw over;
    await endOffer(tx, client.id, 'replaced');
    await updateOwnership(tx, to.id, client.id, { is_owner: 0, ...accessBefore(row) });
    // The new owner may have thrown the old one out: they come back all the same.
    const owning = { is_owner: 1, ...NO_LIMITS, permissions: '' };
    if (!(await updateOwnership(tx, from.id, client.id, owning)))
      await insertMember(tx, {
        ...owning,
        client_id: client.id,
        user_id: from.id,
        created_at: tx.now(),
        last_entered_at: null,
      });
    await sayOwnerChanged(tx, actor, { client, before: to, after: from, putBack: true });
    const letter = { client, from, to, byStaff };
    await tell(tx, 'put-back', letter, undefined, days(7));
    await tell(tx, 'lost', letter, undefined, days(7));
  });
}

function accessBefore(row: TransferRow): AccessColumns {
  return JSON.parse(row.to_access ?? '') as AccessColumns; // written by handOver
}

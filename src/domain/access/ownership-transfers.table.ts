// The table of transfers: an account offered to another owner, or handed over. One offer is open for an account at most.

import type { Generated } from 'kysely';
import { locked } from '#kit/database/database.ts';
import type { Context } from '#src/context.ts';

/** How an offer ended. `replaced`: a newer one, or a change by staff, took its place. */
export type OfferEnd = 'accepted' | 'declined' | 'cancelled' | 'replaced';

/** A transfer as stored. Once accepted it holds what undoes it; `to_access` is what the new owner might do before. */
export type TransferRow = {
  id: number;
  client_id: number;
  from_user_id: number;
  to_user_id: number;
  by_staff: number;
  created_at: number;
  expires_at: number;
  ended_at: number | null;
  ended_how: OfferEnd | null;
  undo_token_hash: string | null;
  undo_until: number | null;
  undone_at: number | null;
  undone_by_staff: number | null;
  to_access: string | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    ownership_transfers: Omit<TransferRow, 'id'> & { id: Generated<number> };
  }
}

/** Keeps a transfer. Answers its id. */
export async function insertTransfer(tx: Context, row: Omit<TransferRow, 'id'>): Promise<number> {
  const made = await tx.db.insertInto('ownership_transfers').values(row).returning('id').executeTakeFirstOrThrow();
  return made.id;
}

/** The open offer of a client, whether or not its time is over. */
export async function offerRow(ctx: Context, clientId: number): Promise<TransferRow | undefined> {
  return ctx.db
    .selectFrom('ownership_transfers')
    .selectAll()
    .where('client_id', '=', clientId)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
}

/** The newest transfers of a client that were carried out. */
export async function doneTransferRows(ctx: Context, clientId: number, most: number): Promise<TransferRow[]> {
  return ctx.db
    .selectFrom('ownership_transfers')
    .selectAll()
    .where('client_id', '=', clientId)
    .where('ended_how', '=', 'accepted')
    .orderBy('id', 'desc')
    .limit(most)
    .execute();
}

/** One transfer by the hash of the token that undoes it. */
export async function findTransferByUndo(ctx: Context, tokenHash: string): Promise<TransferRow | undefined> {
  return ctx.db
    .selectFrom('ownership_transfers')
    .selectAll()
    .where('undo_token_hash', '=', tokenHash)
    .executeTakeFirst();
}

/** One transfer, locked until the transaction ends. */
export async function lockTransfer(tx: Context, id: number): Promise<TransferRow | undefined> {
  return locked(
    tx,
    tx.db.selectFrom('ownership_transfers').selectAll().where('id', '=', id),
    'change',
  ).executeTakeFirst();
}

/** Ends the open offer of a client, made by a certain person or to one when told. Answers the one that ended, for one caller. */
export async function endOffer(
  tx: Context,
  clientId: number,
  how: OfferEnd,
  of: { readonly from?: number; readonly to?: number; readonly inTime?: boolean } = {},
): Promise<TransferRow | undefined> {
  let query = tx.db
    .updateTable('ownership_transfers')
    .set({ ended_at: tx.now(), ended_how: how })
    .where('client_id', '=', clientId)
    .where('ended_at', 'is', null);
  if (of.from !== undefined) query = query.where('from_user_id', '=', of.from);
  if (of.to !== undefined) query = query.where('to_user_id', '=', of.to);
  if (of.inTime) query = query.where('expires_at', '>', tx.now());
  return query.returningAll().executeTakeFirst();
}

/** Ends every open offer that a person made. */
export async function endOffersFrom(tx: Context, userId: number): Promise<TransferRow[]> {
  return tx.db
    .updateTable('ownership_transfers')
    .set({ ended_at: tx.now(), ended_how: 'cancelled' })
    .where('from_user_id', '=', userId)
    .where('ended_at', 'is', null)
    .returningAll()
    .execute();
}

/** Notes what undoes a transfer that was just carried out. */
export async function keepUndo(
  tx: Context,
  id: number,
  undo: Pick<TransferRow, 'undo_token_hash' | 'undo_until' | 'to_access'>,
): Promise<void> {
  await tx.db.updateTable('ownership_transfers').set(undo).where('id', '=', id).execute();
}

/** A later change of owner leaves nothing to undo of the earlier ones. */
export async function endUndosOf(tx: Context, clientId: number, exceptId: number): Promise<void> {
  await tx.db
    .updateTable('ownership_transfers')
    .set({ undo_until: tx.now() })
    .where('client_id', '=', clientId)
    .where('id', '<>', exceptId)
    .where('undo_until', '>', tx.now())
    .execute();
}

/** Spends the undo of a transfer, for exactly one caller. */
export async function spendUndo(tx: Context, id: number, byStaff: boolean): Promise<boolean> {
  const done = await tx.db
    .updateTable('ownership_transfers')
    .set({ undone_at: tx.now(), undone_by_staff: byStaff ? 1 : 0 })
    .where('id', '=', id)
    .where('ended_how', '=', 'accepted')
    .where('undone_at', 'is', null)
    .where('undo_until', '>', tx.now())
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** The transfers of an account, taken away with it. */
export async function takeTransferRows(tx: Context, clientId: number): Promise<TransferRow[]> {
  return tx.db.deleteFrom('ownership_transfers').where('client_id', '=', clientId).returningAll().execute();
}

/** Puts a transfer back that was taken away, as it was. */
export async function putTransferRow(tx: Context, row: TransferRow): Promise<void> {
  await tx.db.insertInto('ownership_transfers').values(row).execute();
}

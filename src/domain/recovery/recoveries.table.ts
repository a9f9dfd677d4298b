// The table of recoveries. Each step is one statement that asks for the state it needs: its row count is the answer.

import type { Generated } from 'kysely';
import { hotQuery } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

/** Why a recovery came to nothing. */
export type EndedWhy = 'cancelled' | 'declined' | 'factor-shown' | 'credentials-changed';

/**
 * A recovery as stored. `approved_by`: the name of whoever vouched, as the log has it. `key_hash`: of the key that finishes
 * it, in the newest letter to the sign-in address; null until somebody vouched.
 */
export type RecoveryRow = {
  id: number;
  user_id: number;
  reason: string;
  ip: string;
  cancel_hash: string;
  asked_at: number;
  expires_at: number;
  approved_at: number | null;
  approved_by: string | null;
  approver_user_id: number | null;
  note: string;
  ready_at: number | null;
  key_hash: string | null;
  used_at: number | null;
  ended_at: number | null;
  ended_why: EndedWhy | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    recoveries: Omit<RecoveryRow, 'id'> & { id: Generated<number> };
  }
}

/** Keeps a recovery; nothing when the person has one already. */
export async function insertRecovery(tx: Context, row: Omit<RecoveryRow, 'id'>): Promise<number | undefined> {
  const made = await tx.db
    .insertInto('recoveries')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return made?.id;
}

/** Takes away what is over by its time, so that the person can ask again. */
export async function dropExpiredRecoveries(tx: Context, userId: number): Promise<void> {
  await tx.db
    .deleteFrom('recoveries')
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .where('used_at', 'is', null)
    .where('expires_at', '<=', tx.now())
    .execute();
}

/** The recovery of a person that is under way. */
export async function openRecoveryRow(ctx: Context, userId: number): Promise<RecoveryRow | undefined> {
  return ctx.db
    .selectFrom('recoveries')
    .selectAll()
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .where('used_at', 'is', null)
    .where('expires_at', '>', ctx.now())
    .executeTakeFirst();
}

/** A recovery by its id, whatever its state. */
export async function findRecoveryRow(ctx: Context, id: number): Promise<RecoveryRow | undefined> {
  return ctx.db.selectFrom('recoveries').selectAll().where('id', '=', id).executeTakeFirst();
}

/** A recovery by the link in its letters, whatever its state. */
export async function findRecoveryByCancel(ctx: Context, cancelHash: string): Promise<RecoveryRow | undefined> {
  return ctx.db.selectFrom('recoveries').selectAll().where('cancel_hash', '=', cancelHash).executeTakeFirst();
}

/** A recovery by the key that finishes it, whatever its state. Of those that a newer key replaced there is none. */
export async function findRecoveryByKey(ctx: Context, keyHash: string): Promise<RecoveryRow | undefined> {
  return ctx.db.selectFrom('recoveries').selectAll().where('key_hash', '=', keyHash).executeTakeFirst();
}

/** Those that are under way, the oldest first; at most `limit`. */
export async function openRecoveryRows(ctx: Context, limit: number): Promise<RecoveryRow[]> {
  return ctx.db
    .selectFrom('recoveries')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('used_at', 'is', null)
    .where('expires_at', '>', ctx.now())
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Notes who vouched, and from when on it may be used; true for exactly one caller. */
export async function approveRow(
  tx: Context,
  id: number,
  by: Pick<RecoveryRow, 'approved_by' | 'approver_user_id' | 'note' | 'ready_at' | 'key_hash' | 'expires_at'>,
): Promise<boolean> {
  const done = await tx.db
    .updateTable('recoveries')
    .set({ ...by, approved_at: tx.now() })
    .where('id', '=', id)
    .where('approved_at', 'is', null)
    .where('ended_at', 'is', null)
    .where('used_at', 'is', null)
    .where('expires_at', '>', tx.now())
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Puts a fresh key in the place of the one before, which is dead then. True when somebody vouched and it is under way. */
export async function replaceKeyRow(tx: Context, id: number, keyHash: string): Promise<boolean> {
  const done = await tx.db
    .updateTable('recoveries')
    .set({ key_hash: keyHash })
    .where('id', '=', id)
    .where('approved_at', 'is not', null)
    .where('ended_at', 'is', null)
    .where('used_at', 'is', null)
    .where('expires_at', '>', tx.now())
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Takes back what somebody vouched for and was not used yet: staff by their user name, an owner by their id. */
export async function unapproveRowsBy(tx: Context, by: { staff: string } | { userId: number }): Promise<void> {
  const query = tx.db
    .updateTable('recoveries')
    .set({ approved_at: null, approved_by: null, approver_user_id: null, note: '', ready_at: null, key_hash: null })
    .where('approved_at', 'is not', null)
    .where('ended_at', 'is', null)
    .where('used_at', 'is', null);
  await ('staff' in by
    ? query.where('approver_user_id', 'is', null).where('approved_by', '=', by.staff)
    : query.where('approver_user_id', '=', by.userId)
  ).execute();
}

/** Ends one that is under way; true for exactly one caller. */
export async function endRow(tx: Context, id: number, why: EndedWhy): Promise<boolean> {
  const done = await tx.db
    .updateTable('recoveries')
    .set({ ended_at: tx.now(), ended_why: why })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Ends whatever of a person is under way; true when something was. */
export async function endRowsOf(tx: Context, userId: number, why: EndedWhy): Promise<boolean> {
  return (await END_OF(tx, tx.now(), why, userId)).length > 0;
}

// At every sign-in of whoever has a second factor.
const END_OF = hotQuery<{ id: number }>(
  'update recoveries set ended_at = ?, ended_why = ? where user_id = ? and ended_at is null and used_at is null returning id',
);

/** Uses one that was approved and waited for, by its key; true for exactly one caller. */
export async function spendRow(tx: Context, id: number, keyHash: string): Promise<boolean> {
  const done = await tx.db
    .updateTable('recoveries')
    .set({ used_at: tx.now() })
    .where('id', '=', id)
    .where('key_hash', '=', keyHash)
    .where('ready_at', '<=', tx.now())
    .where('ended_at', 'is', null)
    .where('used_at', 'is', null)
    .where('expires_at', '>', tx.now())
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Takes away those that were over at `before`. */
export async function sweepRecoveryRows(ctx: Context, before: number): Promise<void> {
  await ctx.db.deleteFrom('recoveries').where('expires_at', '<', before).execute();
}

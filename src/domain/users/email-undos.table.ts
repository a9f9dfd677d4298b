// The addresses that people had until lately, each with the hash of the link by which it comes back.

import type { Generated } from 'kysely';
import type { Context } from '#src/context.ts';

/** Why an undo ended before its time. */
export type UndoEnd = 'used' | 'outdated' | 'withdrawn';

/** An undo as stored, by the hash of its token. */
export type EmailUndoRow = {
  id: number;
  token_hash: string;
  user_id: number;
  email: string;
  email_key: string;
  created_at: number;
  expires_at: number;
  ended_at: number | null;
  ended_how: UndoEnd | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    email_undos: Omit<EmailUndoRow, 'id'> & { id: Generated<number> };
  }
}

/** Keeps the way back to an address. */
export async function insertEmailUndo(
  tx: Context,
  row: Omit<EmailUndoRow, 'id' | 'ended_at' | 'ended_how'>,
): Promise<void> {
  await tx.db
    .insertInto('email_undos')
    .values({ ...row, ended_at: null, ended_how: null })
    .execute();
}

/** An undo, whatever its state; for the page that says which. */
export async function findEmailUndoRow(ctx: Context, tokenHash: string): Promise<EmailUndoRow | undefined> {
  return ctx.db.selectFrom('email_undos').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();
}

/** The undos of a person that hold now, the oldest first. */
export async function openEmailUndoRows(ctx: Context, userId: number): Promise<EmailUndoRow[]> {
  return ctx.db
    .selectFrom('email_undos')
    .selectAll()
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', ctx.now())
    .orderBy('id')
    .execute();
}

/** Whose way back leads to an address, if anybody's does now. */
export async function keptFor(ctx: Context, emailKey: string): Promise<readonly number[]> {
  const rows = await ctx.db
    .selectFrom('email_undos')
    .select('user_id')
    .where('email_key', '=', emailKey)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', ctx.now())
    .execute();
  return rows.map((row) => row.user_id);
}

/** Spends an undo; it answers for exactly one caller. */
export async function spendEmailUndoRow(tx: Context, tokenHash: string): Promise<EmailUndoRow | undefined> {
  return tx.db
    .updateTable('email_undos')
    .set({ ended_at: tx.now(), ended_how: 'used' })
    .where('token_hash', '=', tokenHash)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', tx.now())
    .returningAll()
    .executeTakeFirst();
}

/** Ends the undos of a person from this one on. Answers how many. */
export async function endEmailUndoRowsFrom(tx: Context, userId: number, id: number, how: UndoEnd): Promise<number> {
  const done = await tx.db
    .updateTable('email_undos')
    .set({ ended_at: tx.now(), ended_how: how })
    .where('user_id', '=', userId)
    .where('id', '>=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return Number(done.numUpdatedRows);
}

/** Every address that a person had lately, for taking it out of what is kept. */
export async function earlierAddresses(ctx: Context, userId: number): Promise<string[]> {
  const rows = await ctx.db.selectFrom('email_undos').select('email').where('user_id', '=', userId).execute();
  return rows.map((row) => row.email);
}

/** Takes away undos whose time ended before `before`. */
export async function sweepEmailUndoRows(ctx: Context, before: number): Promise<void> {
  await ctx.db.deleteFrom('email_undos').where('expires_at', '<', before).execute();
}

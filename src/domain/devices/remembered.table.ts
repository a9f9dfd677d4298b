// The table behind "remember me": one row for each sign-in that asked for it. Its cookie names the row by the selector and
// opens it by the secret, of which only a hash is kept.

import type { Generated } from 'kysely';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import type { Context } from '#src/context.ts';

/** Why a browser is not remembered any more, for the log. */
export type ForgottenReason = 'signed-out' | 'replaced' | 'stolen' | 'over' | 'forgotten' | (string & {});

/** One as stored. */
export type RememberedRow = {
  id: number;
  selector: string;
  secret_hash: string;
  previous_hash: string | null;
  rotated_at: number;
  user_id: number | null;
  administrator_id: number | null;
  device_id: number | null;
  methods: string;
  ip: string;
  created_at: number;
  expires_at: number;
  ended_at: number | null;
  ended_reason: string | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    remembered: Omit<RememberedRow, 'id'> & { id: Generated<number> };
  }
}

/** Keeps one. Answers its id. */
export async function insertRemembered(tx: Context, row: Omit<RememberedRow, 'id'>): Promise<number> {
  return (await tx.db.insertInto('remembered').values(row).returning('id').executeTakeFirstOrThrow()).id;
}

/** The one of a selector, whatever its state. */
export async function rememberedBySelector(ctx: Context, selector: string): Promise<RememberedRow | undefined> {
  return ctx.db.selectFrom('remembered').selectAll().where('selector', '=', selector).executeTakeFirst();
}

/** Puts the next secret's hash in place of the one that is presented, while it holds; true for exactly one caller. */
export async function turnSecret(tx: Context, selector: string, before: string, after: string, ip: string) {
  const done = await tx.db
    .updateTable('remembered')
    .set((eb) => ({ previous_hash: eb.ref('secret_hash'), secret_hash: after, rotated_at: tx.now(), ip }))
    .where('selector', '=', selector)
    .where('secret_hash', '=', before)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', tx.now())
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Ends one that is not over yet; true for exactly one caller. */
export async function endRememberedRow(tx: Context, id: number, reason: ForgottenReason): Promise<boolean> {
  const done = await tx.db
    .updateTable('remembered')
    .set({ ended_at: tx.now(), ended_reason: reason })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Ends those of a person: all of them, those of one browser, or all but one. Answers how many. */
export async function endRememberedRowsOf(
  tx: Context,
  of: FactorHolder,
  reason: ForgottenReason,
  which: { readonly deviceId?: number | undefined; readonly exceptId?: number | undefined } = {},
): Promise<number> {
  let query = tx.db
    .updateTable('remembered')
    .set({ ended_at: tx.now(), ended_reason: reason })
    .where('ended_at', 'is', null);
  query = of.kind === 'user' ? query.where('user_id', '=', of.id) : query.where('administrator_id', '=', of.id);
  if (which.deviceId !== undefined) query = query.where('device_id', '=', which.deviceId);
  if (which.exceptId !== undefined) query = query.where('id', '<>', which.exceptId);
  return Number((await query.executeTakeFirst()).numUpdatedRows);
}

/** Those of a person that hold; at most `most`. */
export async function liveRememberedRows(ctx: Context, of: FactorHolder, most: number): Promise<RememberedRow[]> {
  const query = ctx.db
    .selectFrom('remembered')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('expires_at', '>', ctx.now());
  return (of.kind === 'user' ? query.where('user_id', '=', of.id) : query.where('administrator_id', '=', of.id))
    .orderBy('id', 'desc')
    .limit(most)
    .execute();
}

/** Takes away those that ran out before `before`. */
export async function sweepRemembered(ctx: Context, before: number): Promise<void> {
  await ctx.db.deleteFrom('remembered').where('expires_at', '<', before).execute();
}

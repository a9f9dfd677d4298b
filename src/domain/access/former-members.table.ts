// The table of former members: whose access to a client ended, when and why, for as long as they are told so.

import type { Context } from '#src/context.ts';

/** How an access ended: taken away, given up, or over by its term. */
export type EndedBy = 'removed' | 'left' | 'term';

/** A former membership as stored. */
export type FormerMemberRow = { client_id: number; user_id: number; ended_at: number; why: EndedBy };

declare module '#kit/tables.ts' {
  interface Tables {
    former_members: FormerMemberRow;
  }
}

/** Notes that an access ended; a later end replaces an earlier one. */
export async function putFormerMember(tx: Context, row: FormerMemberRow): Promise<void> {
  await tx.db
    .insertInto('former_members')
    .values(row)
    .onConflict((on) => on.columns(['client_id', 'user_id']).doUpdateSet({ ended_at: row.ended_at, why: row.why }))
    .execute();
}

/** Somebody's ended access to a client, if any is remembered. */
export async function findFormerMember(
  ctx: Context,
  userId: number,
  clientId: number,
): Promise<FormerMemberRow | undefined> {
  return ctx.db
    .selectFrom('former_members')
    .selectAll()
    .where('client_id', '=', clientId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
}

/** Forgets an end: the access was given anew. */
export async function dropFormerMember(tx: Context, userId: number, clientId: number): Promise<void> {
  await tx.db.deleteFrom('former_members').where('client_id', '=', clientId).where('user_id', '=', userId).execute();
}

/** Forgets what ended before `before`. */
export async function sweepFormerMembers(ctx: Context, before: number): Promise<void> {
  await ctx.db.deleteFrom('former_members').where('ended_at', '<', before).execute();
}

/** What is remembered of an account's ended accesses, taken away with it. */
export async function takeFormerMemberRows(tx: Context, clientId: number): Promise<FormerMemberRow[]> {
  return tx.db.deleteFrom('former_members').where('client_id', '=', clientId).returningAll().execute();
}

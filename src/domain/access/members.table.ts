// The table of members: which user reaches which client account, who owns it, and with what permissions.

import { sql } from 'kysely';
import { locked } from '#kit/database/database.ts';
import { hotQuery } from '#kit/database/hot-query.ts';
import { insertMany } from '#kit/database/many-rows.ts';
import type { Context } from '#src/context.ts';

/** A membership as stored; `permissions` is a comma list and empty for owners, who hold every one. */
export type MemberRow = {
  client_id: number;
  user_id: number;
  is_owner: number;
  permissions: string;
  created_at: number;
  last_entered_at: number | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    members: MemberRow;
  }
}

/** Links a user to a client. False when they are linked already. */
export async function insertMember(tx: Context, row: MemberRow): Promise<boolean> {
  const done = await tx.db
    .insertInto('members')
    .values(row)
    .onConflict((on) => on.columns(['client_id', 'user_id']).doNothing())
    .executeTakeFirst();
  return done.numInsertedOrUpdatedRows === 1n;
}

/** Links many users to clients. */
export async function insertMembers(tx: Context, rows: readonly MemberRow[]): Promise<void> {
  await insertMany(tx, 'members', rows);
}

/** One membership. */
export async function findMemberRow(ctx: Context, userId: number, clientId: number): Promise<MemberRow | undefined> {
  return (await ONE(ctx, clientId, userId))[0];
}

const ONE = hotQuery<MemberRow>('select * from members where client_id = ? and user_id = ?');

/** One membership, locked until the transaction ends. */
export async function lockMemberRow(tx: Context, userId: number, clientId: number): Promise<MemberRow | undefined> {
  const query = tx.db.selectFrom('members').selectAll().where('client_id', '=', clientId).where('user_id', '=', userId);
  return locked(tx, query, 'change').executeTakeFirst();
}

/** The memberships of a client, the owner first. */
export async function memberRowsOf(ctx: Context, clientId: number): Promise<MemberRow[]> {
  return [...(await OF_CLIENT(ctx, clientId))];
}

const OF_CLIENT = hotQuery<MemberRow>('select * from members where client_id = ? order by is_owner desc, user_id');

/** The owners' ids of these clients. */
export async function ownerRows(ctx: Context, clientIds: readonly number[]): Promise<MemberRow[]> {
  if (clientIds.length === 0) return [];
  return (
    ctx.db
      .selectFrom('members')
      .selectAll()
      .where('client_id', 'in', clientIds)
      // Not as a value: SQLite would plan the query anew at each call, to see whether the index of owners fits.
      .where('is_owner', '=', sql.lit(1))
      .execute()
  );
}

/** The memberships of these users, by client. */
export async function memberRowsOfUsers(ctx: Context, userIds: readonly number[]): Promise<MemberRow[]> {
  if (userIds.length === 0) return [];
  return ctx.db.selectFrom('members').selectAll().where('user_id', 'in', userIds).orderBy('client_id').execute();
}

/** Changes what a member may do; never an owner's row. */
export async function updateMemberPermissions(
  tx: Context,
  userId: number,
  clientId: number,
  permissions: string,
): Promise<boolean> {
  const done = await tx.db
    .updateTable('members')
    .set({ permissions })
    .where('client_id', '=', clientId)
    .where('user_id', '=', userId)
    .where('is_owner', '=', 0)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Notes that a user entered an account. */
export async function touchMember(ctx: Context, userId: number, clientId: number): Promise<void> {
  await ctx.db
    .updateTable('members')
    .set({ last_entered_at: ctx.now() })
    .where('client_id', '=', clientId)
    .where('user_id', '=', userId)
    .execute();
}

/** Removes a member; never an owner's row. */
export async function deleteMember(tx: Context, userId: number, clientId: number): Promise<boolean> {
  const done = await tx.db
    .deleteFrom('members')
    .where('client_id', '=', clientId)
    .where('user_id', '=', userId)
    .where('is_owner', '=', 0)
    .executeTakeFirst();
  return done.numDeletedRows === 1n;
}

/** Removes everybody from a client that is about to go. Answers their ids. */
export async function deleteMembersOf(tx: Context, clientId: number): Promise<number[]> {
  const gone = await tx.db.deleteFrom('members').where('client_id', '=', clientId).returning('user_id').execute();
  return gone.map((row) => row.user_id);
}

// The table of members: which user reaches which client account, who owns it, and with what permissions.

import { sql } from 'kysely';
import { locked } from '#kit/database/database.ts';
import { hotQuery } from '#kit/database/hot-query.ts';
import { insertMany } from '#kit/database/many-rows.ts';
import type { Context } from '#src/context.ts';

/**
 * A membership as stored; `permissions` is a comma list and empty for owners, who hold every one. `service_ids` is one too,
 * and empty for every service. Before `starts_at` and from `ends_at` on the row opens nothing.
 */
export type MemberRow = {
  client_id: number;
  user_id: number;
  is_owner: number;
  permissions: string;
  service_ids: string;
  may_invite: number;
  starts_at: number | null;
  ends_at: number | null;
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

/** The columns that say what a member may do and for how long. */
export type AccessColumns = Pick<MemberRow, 'permissions' | 'service_ids' | 'may_invite' | 'starts_at' | 'ends_at'>;

/** Changes what a member may do; never an owner's row. */
export async function updateMemberAccess(
  tx: Context,
  userId: number,
  clientId: number,
  access: AccessColumns,
): Promise<boolean> {
  const done = await tx.db
    .updateTable('members')
    .set(access)
    .where('client_id', '=', clientId)
    .where('user_id', '=', userId)
    .where('is_owner', '=', 0)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Makes a member the owner, or the owner a member with this access. False when there is no such membership. */
export async function updateOwnership(
  tx: Context,
  userId: number,
  clientId: number,
  standing: Pick<MemberRow, 'is_owner'> & AccessColumns,
): Promise<boolean> {
  const done = await tx.db
    .updateTable('members')
    .set(standing)
    .where('client_id', '=', clientId)
    .where('user_id', '=', userId)
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

/** Takes an owner's row away: of an account that is closed, when its owner leaves for good. */
export async function deleteOwner(tx: Context, userId: number, clientId: number): Promise<boolean> {
  const done = await tx.db
    .deleteFrom('members')
    .where('client_id', '=', clientId)
    .where('user_id', '=', userId)
    .where('is_owner', '=', 1)
    .executeTakeFirst();
  return done.numDeletedRows === 1n;
}

/** Memberships that are over by their term and still stored, the longest first. */
export async function endedMemberRows(ctx: Context, limit: number): Promise<MemberRow[]> {
  return ctx.db
    .selectFrom('members')
    .selectAll()
    .where('ends_at', '<=', ctx.now())
    .where('is_owner', '=', 0)
    .orderBy('ends_at')
    .limit(limit)
    .execute();
}

/** Takes away what is over of these users, all of it or in one client. Answers what went. */
export async function deleteEndedMembers(
  tx: Context,
  userIds: readonly number[],
  clientId?: number,
): Promise<MemberRow[]> {
  if (userIds.length === 0) return [];
  let query = tx.db
    .deleteFrom('members')
    .where('user_id', 'in', userIds)
    .where('ends_at', '<=', tx.now())
    .where('is_owner', '=', 0);
  if (clientId !== undefined) query = query.where('client_id', '=', clientId);
  return query.returningAll().execute();
}

/** Takes everybody out of a client, and answers them as they were, by user. */
export async function takeMemberRows(tx: Context, clientId: number): Promise<MemberRow[]> {
  const rows = await tx.db.deleteFrom('members').where('client_id', '=', clientId).returningAll().execute();
  return rows.sort((a, b) => a.user_id - b.user_id);
}

/** Removes everybody from a client that is about to go. Answers their ids. */
export async function deleteMembersOf(tx: Context, clientId: number): Promise<number[]> {
  const gone = await tx.db.deleteFrom('members').where('client_id', '=', clientId).returning('user_id').execute();
  return gone.map((row) => row.user_id);
}

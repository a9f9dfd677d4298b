// The list of users: page by page, searched, counted. Reads only.

import { userRows } from '#domain/users/users.table.ts';
import type { User } from '#domain/users/users.ts';
import { userFrom } from '#domain/users/users.ts';
import type { KeyedPlace } from '#kit/listing.ts';
import { countOf, idsOf, pageOf, sliceOf } from '#kit/listing.ts';
import type { CappedCount } from '#kit/listing-counts.ts';
import type { Listed } from '#kit/listing-sql.ts';
import type { Context } from '#src/context.ts';

// The full name starts with the first one, so whatever finds that is found by it.
const LISTED: Listed = { name: 'users', prefixColumns: ['full_key', 'email_key', 'last_key'] };

/** How a list of users is narrowed: `contains` for staff, `startsWith` for the wire, which documents a prefix search. */
export type UserFilter = { readonly contains?: string | undefined; readonly startsWith?: string | undefined };

/** A page of users by id: `limit` of them after the id `after`, or before `before`. */
export type UserPage = {
  readonly limit: number;
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  readonly descending?: boolean;
};

/** A page of users in the order of their ids. Ids first, then the rows. */
export async function listUsers(ctx: Context, filter: UserFilter, page: UserPage): Promise<User[]> {
  const ids = await idsOf(ctx, LISTED, filter, placeOf(page), () => allUsers(ctx));
  return usersOnPage(ctx, ids, page);
}

/** A page of users, and how many fit as `countUsers` has it. */
export async function pageUsers(
  ctx: Context,
  filter: UserFilter,
  page: UserPage,
): Promise<{ readonly users: User[]; readonly count: CappedCount }> {
  const { ids, count } = await pageOf(ctx, LISTED, filter, placeOf(page), () => allUsers(ctx));
  return { users: await usersOnPage(ctx, ids, page), count };
}

/** A page of users by offset in the order of their ids, and how long the list is: exact up to PREFIX_COUNT_CAP, above it see `sliceOf`. */
export async function sliceUsers(
  ctx: Context,
  filter: UserFilter,
  offset: { readonly skip: number; readonly limit: number; readonly descending: boolean },
): Promise<{ readonly users: readonly User[]; readonly total: number }> {
  const { ids, total } = await sliceOf(ctx, LISTED, filter, { ...offset, order: 'id' }, () => allUsers(ctx));
  return { users: await usersInOrder(ctx, ids), total };
}

/** How many users fit: kept by the database when nothing is asked for, else counted up to a cap (see `countOf`). */
export async function countUsers(ctx: Context, filter: UserFilter): Promise<CappedCount> {
  return countOf(ctx, LISTED, filter, () => allUsers(ctx));
}

function placeOf({ before, after, descending, limit }: UserPage): KeyedPlace {
  const backwards = before !== undefined;
  return { order: 'id', descending: (descending ?? false) !== backwards, limit, edge: before ?? after };
}

/** The users of a page in the order in which it is shown. */
async function usersOnPage(ctx: Context, ids: readonly number[], { before }: UserPage): Promise<User[]> {
  const users = await usersInOrder(ctx, ids);
  return before === undefined ? users : users.reverse();
}

async function usersInOrder(ctx: Context, ids: readonly number[]): Promise<User[]> {
  const rows = new Map((await userRows(ctx, ids)).map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = rows.get(id);
    return row ? [userFrom(row)] : [];
  });
}

async function allUsers(ctx: Context): Promise<number> {
  const kept = await ctx.db.selectFrom('row_counts').select('count').where('name', '=', 'users').executeTakeFirst();
  return kept?.count ?? 0;
}

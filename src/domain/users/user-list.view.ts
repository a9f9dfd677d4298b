// The list of users: page by page, searched, counted. Reads only.

import type { SelectQueryBuilder } from 'kysely';
import { userRows } from '#domain/users/users.table.ts';
import type { User } from '#domain/users/users.ts';
import { userFrom } from '#domain/users/users.ts';
import type { CappedCount } from '#kit/listing.ts';
import { COUNT_CAP, containing, startingWith } from '#kit/listing.ts';
import type { Tables } from '#kit/tables.ts';
import type { Context } from '#src/context.ts';

const KEYS = ['email_key', 'first_key', 'last_key', 'full_key'];

/** How a list of users is narrowed: `contains` for staff, `startsWith` for the wire, which documents a prefix search. */
export type UserFilter = { readonly contains?: string | undefined; readonly startsWith?: string | undefined };

/** A page of users by id: `limit` of them after the id `after` (or before `before`), or after skipping `skip`. */
export type UserPage = {
  readonly limit: number;
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  readonly skip?: number;
  readonly descending?: boolean;
};

/** A page of users in the order of their ids. Ids first, then the rows. */
export async function listUsers(ctx: Context, filter: UserFilter, page: UserPage): Promise<User[]> {
  const backwards = page.before !== undefined;
  const descending = (page.descending ?? false) !== backwards;
  let query = narrowed(ctx, filter)
    .select('users.id')
    .orderBy('users.id', descending ? 'desc' : 'asc')
    .limit(page.limit);
  const edge = page.before ?? page.after;
  if (edge !== undefined) query = query.where('users.id', descending ? '<' : '>', edge);
  if (page.skip) query = query.offset(page.skip);
  const ids = (await query.execute()).map((row) => row.id);
  const rows = new Map((await userRows(ctx, ids)).map((row) => [row.id, row]));
  const users = ids.flatMap((id) => {
    const row = rows.get(id);
    return row ? [userFrom(row)] : [];
  });
  return backwards ? users.reverse() : users;
}

/** How many users fit: kept by the database when nothing is asked for, counted up to COUNT_CAP when searched. */
export async function countUsers(ctx: Context, filter: UserFilter): Promise<CappedCount> {
  if (!filter.contains && !filter.startsWith) {
    const kept = await ctx.db.selectFrom('row_counts').select('count').where('name', '=', 'users').executeTakeFirst();
    return { count: kept?.count ?? 0, exact: true };
  }
  const counted = await ctx.db
    .selectFrom(
      narrowed(ctx, filter)
        .select('users.id')
        .limit(COUNT_CAP + 1)
        .as('some'),
    )
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const count = Number(counted.count);
  return { count: Math.min(count, COUNT_CAP), exact: count <= COUNT_CAP };
}

function narrowed(ctx: Context, filter: UserFilter): SelectQueryBuilder<Tables, 'users', object> {
  let query: SelectQueryBuilder<Tables, 'users', object> = ctx.db.selectFrom('users');
  if (filter.contains) query = containing(query, ctx.dialect, 'users', filter.contains, KEYS);
  if (filter.startsWith) query = startingWith(query, 'users', filter.startsWith, KEYS);
  return query;
}

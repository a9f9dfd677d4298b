// The list of users as people leaf through it: a page, the way on and back, and how many there are.

import type { UserFilter } from '#domain/users/user-list.view.ts';
import { countUsers, listUsers, pageUsers } from '#domain/users/user-list.view.ts';
import type { User } from '#domain/users/users.ts';
import type { KeysetPage, KeysetPlace } from '#kit/keyset.ts';
import { keysetPage } from '#kit/keyset.ts';
import type { CappedCount } from '#kit/listing-counts.ts';
import type { Context } from '#src/context.ts';

/** A page of users, the newest first, and how many fit the filter. */
export async function pageOfUsers(
  ctx: Context,
  filter: Pick<UserFilter, 'contains'>,
  place: KeysetPlace,
  size: number,
): Promise<KeysetPage<User> & { readonly count: CappedCount }> {
  const { users, count } = await pageUsers(ctx, filter, { ...place, limit: size + 1, descending: true });
  return { ...keysetPage(users, size, place), count };
}

/** How many users there are. */
export async function numberOfUsers(ctx: Context): Promise<number> {
  return (await countUsers(ctx, {})).count;
}

/** How many users fit, counted up to a cap. */
export async function numberOfUsersThat(ctx: Context, filter: Pick<UserFilter, 'contains'>): Promise<CappedCount> {
  return countUsers(ctx, filter);
}

/** The next users behind an id, the oldest first: for going through all that fit, portion by portion. */
export async function usersAfter(
  ctx: Context,
  filter: Pick<UserFilter, 'contains'>,
  after: number,
  most: number,
): Promise<User[]> {
  return listUsers(ctx, filter, { after, limit: most });
}

// The list of users by offset, as the wire leafs through it: a slice, and how long the list is.

import type { UserFilter } from '#domain/users/user-list.view.ts';
import { sliceUsers } from '#domain/users/user-list.view.ts';
import type { User } from '#domain/users/users.ts';
import type { Context } from '#src/context.ts';

/**
 * The users of a slice in the order of their ids, and how long the list is. Of a search that finds more than
 * PREFIX_COUNT_CAP (10,000) the length is that, or one more than the slice reaches to: whoever asks on until the length is reached sees every user.
 */
export async function sliceOfUsers(
  ctx: Context,
  filter: UserFilter,
  offset: { readonly skip: number; readonly limit: number; readonly descending: boolean },
): Promise<{ readonly users: readonly User[]; readonly total: number }> {
  return sliceUsers(ctx, filter, offset);
}

// Users who belong to no account, and have not for long: for the one who clears them away, where the operator wants that.

import { sql } from 'kysely';
import type { Context } from '#src/context.ts';

/**
 * Ids of users without any membership, by id after `after`, who were made, last signed in and last had access before
 * `before`. It walks the users by their key: a pass over all of them, portion by portion.
 */
export async function accountlessUserIds(
  ctx: Context,
  before: number,
  after: number,
  limit: number,
): Promise<number[]> {
  const found = await sql<{ id: number }>`select u.id from users u
    where u.id > ${after} and u.created_at < ${before} and coalesce(u.last_login_at, 0) < ${before}
      and not exists (select 1 from members m where m.user_id = u.id)
      and not exists (select 1 from former_members f where f.user_id = u.id and f.ended_at >= ${before})
    order by u.id limit ${limit}`.execute(ctx.db);
  return found.rows.map((row) => row.id);
}

// What the rule of statuses looks at: accounts of a status in the order of their ids, and whose people signed in lately.

import type { ClientStatus } from '#domain/clients/clients.ts';
import type { Context } from '#src/context.ts';

/** Up to `limit` accounts of a status behind an id. One range of an index. */
export async function clientsOfStatus(
  ctx: Context,
  status: ClientStatus,
  after: number,
  limit: number,
): Promise<{ id: number; override_auto_close: number; created_at: number }[]> {
  return ctx.db
    .selectFrom('clients')
    .select(['id', 'override_auto_close', 'created_at'])
    .where('status', '=', status)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Those of these accounts of which somebody signed in since. */
export async function signedInSince(ctx: Context, clientIds: readonly number[], since: number): Promise<Set<number>> {
  if (clientIds.length === 0) return new Set();
  const rows = await ctx.db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select('members.client_id')
    .distinct()
    .where('members.client_id', 'in', clientIds)
    .where('users.last_login_at', '>=', since)
    .execute();
  return new Set(rows.map((row) => row.client_id));
}

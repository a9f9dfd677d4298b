// Sessions of administrators, over and open, each with whose it is.

import type { EndReason } from '#domain/sessions/sessions.table.ts';
import type { Context } from '#src/context.ts';

/** A session of an administrator as read. */
export type StaffSessionRow = {
  readonly id: number;
  readonly administrator_id: number;
  readonly username: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly ip: string;
  readonly user_agent: string;
  readonly created_at: number;
  readonly last_seen_at: number;
  readonly expires_at: number;
  readonly ended_at: number | null;
  readonly ended_reason: EndReason | null;
};

/** Up to `limit` of them older or newer than an id, the newest first (or, with `newerThan`, the nearest first); of one administrator, or of all. */
export async function staffSessionRows(
  ctx: Context,
  administratorId: number | undefined,
  page: { readonly limit: number; readonly olderThan?: number | undefined; readonly newerThan?: number | undefined },
): Promise<StaffSessionRow[]> {
  let query = ctx.db
    .selectFrom('sessions as s')
    .innerJoin('administrators as a', 'a.id', 's.administrator_id')
    .select(['s.id', 'a.id as administrator_id', 'a.username', 'a.first_name', 'a.last_name', 's.ip', 's.user_agent'])
    .select(['s.created_at', 's.last_seen_at', 's.expires_at', 's.ended_at', 's.ended_reason'])
    .where('s.administrator_id', 'is not', null);
  if (administratorId !== undefined) query = query.where('s.administrator_id', '=', administratorId);
  if (page.olderThan !== undefined) query = query.where('s.id', '<', page.olderThan);
  query =
    page.newerThan === undefined
      ? query.orderBy('s.id', 'desc')
      : query.where('s.id', '>', page.newerThan).orderBy('s.id', 'asc');
  return query.limit(page.limit).execute();
}

// The administrators of sessions that hold, by the session in which each was seen last.

import { sql } from 'kysely';
import type { Context } from '#src/context.ts';

/** An administrator with the session in which they were seen last. */
export type StaffOnlineRow = {
  readonly username: string;
  readonly signedInAt: number;
  readonly lastSeenAt: number;
  readonly ip: string;
};

/** Those seen since an instant, the latest first; at most `most`. */
export async function staffSeenSince(ctx: Context, since: number, most: number): Promise<readonly StaffOnlineRow[]> {
  const { rows } = await sql<StaffOnlineRow>`select a.username, s.created_at as "signedInAt",
    s.last_seen_at as "lastSeenAt", s.ip
    from administrators a join sessions s on s.id = (
      select id from sessions o where o.administrator_id = a.id and o.ended_at is null and o.expires_at > ${ctx.now()}
      order by o.last_seen_at desc limit 1)
    where a.disabled_at is null and s.last_seen_at > ${since}
    order by s.last_seen_at desc, a.id limit ${sql.lit(most)}`.execute(ctx.db);
  return rows;
}

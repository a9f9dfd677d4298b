// Which administrators are at work: whoever was seen in the last fifteen minutes, by their latest session.

import { sql } from 'kysely';
import { minutes } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';

const AT_WORK = minutes(15);
const MOST = 500;

/** An administrator at work. */
export type StaffOnline = {
  readonly username: string;
  readonly signedInAt: number;
  readonly lastSeenAt: number;
  readonly ip: string;
};

/** Administrators seen in the last fifteen minutes in a session that holds, the latest first; at most 500. */
export async function staffOnline(ctx: Context): Promise<StaffOnline[]> {
  const now = ctx.now();
  const { rows } = await sql<StaffOnline>`select a.username, s.created_at as "signedInAt",
    s.last_seen_at as "lastSeenAt", s.ip
    from administrators a join sessions s on s.id = (
      select id from sessions o where o.administrator_id = a.id and o.ended_at is null and o.expires_at > ${now}
      order by o.last_seen_at desc limit 1)
    where a.disabled_at is null and s.last_seen_at > ${now - AT_WORK}
    order by s.last_seen_at desc, a.id limit ${sql.lit(MOST)}`.execute(ctx.db);
  return rows;
}

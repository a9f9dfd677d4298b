// Which administrators are at work.

import type { StaffOnlineRow } from '#domain/sessions/staff-online.view.ts';
import { staffSeenSince } from '#domain/sessions/staff-online.view.ts';
import { minutes } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';

const AT_WORK = minutes(15);
const MOST = 500;

/** Administrators seen in the last fifteen minutes in a session that holds, the latest first; at most 500. */
export async function staffOnline(ctx: Context): Promise<readonly StaffOnlineRow[]> {
  return staffSeenSince(ctx, ctx.now() - AT_WORK, MOST);
}

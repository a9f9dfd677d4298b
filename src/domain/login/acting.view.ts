// What became of the session of staff in the place of a user.

import type { Context } from '#src/context.ts';

/** When a session was ended before its time; undefined while it holds, and 0 when it is gone. */
export async function sessionEndOf(ctx: Context, sessionId: number): Promise<number | undefined> {
  const row = await ctx.db.selectFrom('sessions').select('ended_at').where('id', '=', sessionId).executeTakeFirst();
  return row ? (row.ended_at ?? undefined) : 0;
}

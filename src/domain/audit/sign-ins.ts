// How many sign-ins succeeded and failed, counted from the log.

import type { Context } from '#src/context.ts';

/** Sign-ins of one side with one outcome. */
export type SignInCount = { readonly event: string; readonly count: number };

const EVENTS = ['user.login.success', 'user.login.failed', 'admin.login.success', 'admin.login.failed'];

/** The newest line's number; 0 in an empty log. */
export async function newestLine(ctx: Context): Promise<number> {
  const newest = await ctx.db.selectFrom('audit_log').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  return newest?.id ?? 0;
}

/** The counts between two lines, the first left out. Reads only what was written between them. */
export async function signInsBetween(ctx: Context, after: number, until: number): Promise<SignInCount[]> {
  const rows = await ctx.db
    .selectFrom('audit_log')
    .select((eb) => ['event', eb.fn.countAll<number>().as('count')])
    .where('id', '>', after)
    .where('id', '<=', until)
    .where('event', 'in', EVENTS)
    .groupBy('event')
    .execute();
  return rows.map(({ event, count }) => ({ event, count: Number(count) }));
}

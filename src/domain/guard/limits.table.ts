// Counters of rate limits, shared by all processes: each count is one statement.

import { hotQuery } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

declare module '#kit/tables.ts' {
  interface Tables {
    rate_limits: { name: string; count: number; resets_at: number };
  }
}

/** Counts one more under `name`, starting anew when its time is over. Answers the count and when it starts anew. */
export async function countOne(
  ctx: Context,
  name: string,
  withinMs: number,
): Promise<{ count: number; resetsAt: number }> {
  const now = ctx.now();
  const [row] = await COUNT(ctx, name, now + withinMs, now, now, now + withinMs);
  if (!row) throw new Error('a count was not answered');
  return { count: row.count, resetsAt: row.resets_at };
}

const COUNT = hotQuery<{ count: number; resets_at: number }>(`insert into rate_limits (name, count, resets_at)
 values (?, 1, ?) on conflict (name) do update set
 count = case when rate_limits.resets_at <= ? then 1 else rate_limits.count + 1 end,
 resets_at = case when rate_limits.resets_at <= ? then ? else rate_limits.resets_at end
 returning count, resets_at`);

/** The counts of several names that still run. */
export async function countsOf(
  ctx: Context,
  names: readonly string[],
): Promise<Map<string, { count: number; resetsAt: number }>> {
  const rows = await ctx.db
    .selectFrom('rate_limits')
    .selectAll()
    .where('name', 'in', names)
    .where('resets_at', '>', ctx.now())
    .execute();
  return new Map(rows.map((row) => [row.name, { count: row.count, resetsAt: row.resets_at }]));
}

/** Forgets counts: a success. */
export async function forgetCounts(ctx: Context, names: readonly string[]): Promise<void> {
  await ctx.db.deleteFrom('rate_limits').where('name', 'in', names).execute();
}

/** Takes away counters whose time is over. They hold nothing any more, cleaner or not. */
export async function sweepCounts(ctx: Context): Promise<void> {
  await ctx.db.deleteFrom('rate_limits').where('resets_at', '<=', ctx.now()).execute();
}

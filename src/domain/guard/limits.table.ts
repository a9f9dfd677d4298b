// Counters of rate limits, shared by all processes: each count is one statement.

import type { HotQuery } from '#kit/database/hot-query.ts';
import { hotQuery, hotWrite } from '#kit/database/hot-query.ts';
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

/** A counter to be counted under, how much it may hold, and when it ends when it begins now. */
export type Counter = { readonly name: string; readonly most: number; readonly endsAt: number };

/**
 * Counts one more under each of several names, or under none while one of them holds its most already. Answers the counts by
 * name; none when nothing was counted. One statement; the rows are locked in the order given, which has to be the same
 * for everybody who names several.
 */
export async function countEach(
  ctx: Context,
  counters: readonly Counter[],
): Promise<Map<string, { count: number; resetsAt: number }>> {
  const now = ctx.now();
  const rows = await countingEach(counters.length)(
    ctx,
    ...counters.flatMap(({ name, endsAt }) => [name, endsAt]),
    ...counters.flatMap(({ name, most }) => [name, most]),
    now,
    now,
    now,
  );
  return new Map(rows.map((row) => [row.name, { count: row.count, resetsAt: row.resets_at }]));
}

type CountedRow = { name: string; count: number; resets_at: number };
const forSoMany = new Map<number, HotQuery<CountedRow>>();

/** Made once for each number of counters. */
function countingEach(number: number): HotQuery<CountedRow> {
  const known = forSoMany.get(number);
  if (known) return known;
  const times = (text: string, between: string): string => Array.from({ length: number }, () => text).join(between);
  const made = hotQuery<CountedRow>(`insert into rate_limits (name, count, resets_at)
 select w.column1, 1, w.column2 from (values ${times('(cast(? as text), cast(? as bigint))', ', ')}) as w
 where not exists (select 1 from rate_limits as r where (${times('(r.name = ? and r.count >= ?)', ' or ')}) and r.resets_at > ?)
 on conflict (name) do update set
 count = case when rate_limits.resets_at <= ? then 1 else rate_limits.count + 1 end,
 resets_at = case when rate_limits.resets_at <= ? then excluded.resets_at else rate_limits.resets_at end
 returning name, count, resets_at`);
  forSoMany.set(number, made);
  return made;
}

/** Takes back one that was counted under a name in the time that ends at `resetsAt`; once that is over there is nothing to. */
export async function uncountOne(tx: Context, name: string, resetsAt: number): Promise<void> {
  await UNCOUNT(tx, name, resetsAt);
}

const UNCOUNT = hotWrite('update rate_limits set count = count - 1 where name = ? and resets_at = ? and count > 0');

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

/** Forgets a count: a success. */
export async function forgetCount(ctx: Context, name: string): Promise<void> {
  await FORGET(ctx, name);
}

const FORGET = hotWrite('delete from rate_limits where name = ?');

/** Takes away counters whose time is over. They hold nothing any more, cleaner or not. */
export async function sweepCounts(ctx: Context): Promise<void> {
  await ctx.db.deleteFrom('rate_limits').where('resets_at', '<=', ctx.now()).execute();
}

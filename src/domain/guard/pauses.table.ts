// Counters of failures with growing pauses, shared by all processes: each count is one statement.

import type { HotQuery } from '#kit/database/hot-query.ts';
import { hotQuery, hotWrite } from '#kit/database/hot-query.ts';
import { minutes } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';

declare module '#kit/tables.ts' {
  interface Tables {
    pauses: { name: string; count: number; free: number; open_at: number; ends_at: number };
  }
}

/** So many as to count without ever pausing. */
export const NEVER_PAUSES = Number.MAX_SAFE_INTEGER;

/** A counter to be counted under: how many failures cost nothing, and when it ends if it begins now. */
export type PauseCounter = { readonly name: string; readonly free: number; readonly endsAt: number };

/** What stands in a counter: its count, from when it lets somebody through, and when it starts anew. */
export type Counted = { readonly count: number; readonly openAt: number; readonly endsAt: number };

type CountedRow = { name: string; count: number; open_at: number; ends_at: number };

/**
 * Counts one more under each of several names, and sets the pause that follows; under none while one of them pauses. Where
 * others come at the very moment, some may be counted and others not: the names that answer are those that were. One
 * statement; the rows are locked in the order given, which has to be the same for everybody who names several.
 */
export async function countFailures(
  ctx: Context,
  counters: readonly PauseCounter[],
): Promise<ReadonlyMap<string, Counted>> {
  const now = ctx.now();
  const pausing = counters.filter(({ free }) => free !== NEVER_PAUSES);
  const rows = await countingFailures(counters.length, pausing.length)(
    ctx,
    ...counters.flatMap(({ name, free, endsAt }) => [name, free, endsAt]),
    now,
    now,
    ...pausing.map(({ name }) => name),
    ...Array.from({ length: NOWS }, () => now),
  );
  return new Map(
    rows.map(({ name, count, open_at: openAt, ends_at: endsAt }) => [name, { count, openAt, endsAt }] as const),
  );
}

/** The pauses after the last free failure and after each further one; the last is the longest (behaviours.md, section 15, number 5). */
export const PAUSES_MS = [minutes(1), minutes(2), minutes(4), minutes(8), minutes(15)] as const;

/** The `?` for the present instant in `on conflict`, one after the other: the starts of a new time, the pauses, the condition. */
const NOWS = 3 + PAUSES_MS.length + 2;

const forSoMany = new Map<string, HotQuery<CountedRow>>();

/** Made once for each number of counters, and of those among them that may pause. */
function countingFailures(counters: number, pausing: number): HotQuery<CountedRow> {
  const key = `${counters} ${pausing}`;
  const known = forSoMany.get(key);
  if (known) return known;
  const times = (number: number, text: string): string => Array.from({ length: number }, () => text).join(', ');
  // No counter begins with a pause: two failures at the least are free.
  const pauses = PAUSES_MS.map((pause, step) => {
    const isLast = step === PAUSES_MS.length - 1;
    return `when pauses.count + 1 ${isLast ? '>=' : '='} excluded.free + ${step} then cast(? as bigint) + ${pause}`;
  }).join('\n  ');
  const made = hotQuery<CountedRow>(`insert into pauses (name, count, free, open_at, ends_at)
 select w.column1, 1, w.column2, 0, w.column3
 from (values ${times(counters, '(cast(? as text), cast(? as bigint), cast(? as bigint))')}) as w
 where not exists (select 1 from pauses as p where p.open_at > ? and p.ends_at > ?
  and p.name in (${pausing === 0 ? 'null' : times(pausing, '?')}))
 on conflict (name) do update set
 count = case when pauses.ends_at <= ? then 1 else pauses.count + 1 end,
 open_at = case when pauses.ends_at <= ? then 0
  when pauses.count + 1 < excluded.free then pauses.open_at
  ${pauses} else pauses.open_at end,
 ends_at = case when pauses.ends_at <= ? then excluded.ends_at else pauses.ends_at end
 where pauses.open_at <= ? or pauses.ends_at <= ? or excluded.free = ${NEVER_PAUSES}
 returning name, count, open_at, ends_at`);
  forSoMany.set(key, made);
  return made;
}

/**
 * Takes back so many that were counted in the time that ends at `endsAt`, and the pause `openAt` with them, or any pause where
 * fewer than `free` are left. Once that time is over there is nothing to take back.
 */
export async function uncountFailures(
  tx: Context,
  name: string,
  given: { readonly count: number; readonly free: number; readonly openAt: number; readonly endsAt: number },
): Promise<void> {
  const { count, free, openAt, endsAt } = given;
  await UNCOUNT(tx, count, count, count, free, openAt, name, endsAt);
}

const UNCOUNT = hotWrite(`update pauses set
 count = case when count > cast(? as bigint) then count - cast(? as bigint) else 0 end,
 open_at = case when count - cast(? as bigint) < ? or open_at = ? then 0 else open_at end
 where name = ? and ends_at = ?`);

/** The same for what never pauses: whatever pause others brought about stays. */
export async function uncountQuietly(tx: Context, name: string, count: number, endsAt: number): Promise<void> {
  await UNCOUNT_QUIETLY(tx, count, count, name, endsAt);
}

const UNCOUNT_QUIETLY = hotWrite(`update pauses set
 count = case when count > cast(? as bigint) then count - cast(? as bigint) else 0 end
 where name = ? and ends_at = ?`);

/** The longest pause among these names that holds now: the instant of its end, if there is any. */
export async function pauseOf(ctx: Context, names: readonly string[]): Promise<number | undefined> {
  const row = await ctx.db
    .selectFrom('pauses')
    .select((eb) => eb.fn.max('open_at').as('open_at'))
    .where('name', 'in', names)
    .where('open_at', '>', ctx.now())
    .where('ends_at', '>', ctx.now())
    .executeTakeFirst();
  return row?.open_at ?? undefined;
}

/** Forgets a counter: a success. */
export async function forgetPause(tx: Context, name: string): Promise<void> {
  await FORGET(tx, name);
}

const FORGET = hotWrite('delete from pauses where name = ?');

/** Takes away counters whose time is over. They hold nobody up any more, cleaner or not. */
export async function sweepPauses(ctx: Context): Promise<void> {
  await ctx.db.deleteFrom('pauses').where('ends_at', '<=', ctx.now()).execute();
}

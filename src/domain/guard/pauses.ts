// Limits that grow: some failures cost nothing, then each costs a longer pause than the one before, up to a quarter of an
// hour. Whoever slips is back in a minute; whoever guesses gets four tries an hour. Nobody is shut out for good.

import { limitName, tooMany } from '#domain/guard/limits.ts';
import type { Counted } from '#domain/guard/pauses.table.ts';
import {
  countFailures,
  forgetPause,
  NEVER_PAUSES,
  pauseOf,
  uncountFailures,
  uncountQuietly,
} from '#domain/guard/pauses.table.ts';
import type { Context } from '#src/context.ts';

export { NEVER_PAUSES };

/**
 * What is counted for somebody. `free`: how many failures cost nothing, two at the least; NEVER_PAUSES only counts.
 * `withinMs`: how long failures are remembered, counted from the first.
 */
export type Pausing = {
  readonly limit: { readonly name: string; readonly withinMs: number };
  readonly whom: string;
  readonly free: number;
};

/** A failure that was counted. `count`: how many there are with it. */
export type CountedFailure = Pausing & Counted;

/**
 * Counts one failure of each of several before it is known to be one, so that parallel tries cannot slip through. Throws
 * `too-many` with the longest wait while one of them pauses, and then none is counted. One statement. Whoever names several
 * names them in the same order as everybody else: two who wait for each other's counters would have to be undone.
 */
export async function countBefore(ctx: Context, asked: readonly Pausing[]): Promise<CountedFailure[]> {
  const counts = await countFailures(
    ctx,
    asked.map(({ limit, whom, free }) => ({ name: nameOf({ limit, whom }), free, endsAt: ctx.now() + limit.withinMs })),
  );
  const counted = asked.flatMap((one) => {
    const stands = counts.get(nameOf(one));
    return stands ? [{ ...one, ...stands }] : [];
  });
  if (counted.length === asked.length) return counted;
  if (counted.length > 0) await ctx.transaction((tx) => takeBack(tx, counted)); // others came at the same moment
  const pausing = asked.filter(({ free }) => free !== NEVER_PAUSES).map(nameOf);
  throw tooMany(ctx, (await pauseOf(ctx, pausing)) ?? ctx.now());
}

/** Takes back failures that were none, and the pause that each brought with it. `times`: how many of each. */
export async function takeBack(tx: Context, counted: readonly CountedFailure[], times = 1): Promise<void> {
  for (const one of counted) {
    const { free, openAt, endsAt } = one;
    if (free === NEVER_PAUSES) await uncountQuietly(tx, nameOf(one), times, endsAt);
    else await uncountFailures(tx, nameOf(one), { count: times, free, openAt, endsAt });
  }
}

/** Forgets every failure of these: a success. */
export async function forgetFailures(tx: Context, of: readonly Pick<Pausing, 'limit' | 'whom'>[]): Promise<void> {
  for (const one of of) await forgetPause(tx, nameOf(one));
}

/** The stored name of a counter; what people typed is hashed. */
function nameOf({ limit, whom }: Pick<Pausing, 'limit' | 'whom'>): string {
  return limitName({ name: limit.name, most: 0, withinMs: limit.withinMs }, whom);
}

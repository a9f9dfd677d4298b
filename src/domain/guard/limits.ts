// Rate limits that several processes count together.

import { countEach, countOne, countsOf, forgetCount, uncountOne } from '#domain/guard/limits.table.ts';
import { Problem } from '#kit/problem.ts';
import { fingerprint } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

/** How often something may happen. */
export type Limit = { readonly name: string; readonly most: number; readonly withinMs: number };

/**
 * Counts one use of `limit` by `whom` before the use happens, so that parallel tries cannot slip through,
 * and throws `too-many` with the time to wait when it is one too many. One statement.
 */
export async function spendLimit(ctx: Context, limit: Limit, whom: string): Promise<void> {
  const refusal = await spentLimit(ctx, limit, whom);
  if (refusal) throw refusal;
}

/** The same, for a transaction whose counts are to stay: answers the refusal, to be thrown once it is committed. */
export async function spentLimit(ctx: Context, limit: Limit, whom: string): Promise<Problem | undefined> {
  const { count, resetsAt } = await countOne(ctx, limitName(limit, whom), limit.withinMs);
  return count > limit.most ? tooMany(ctx, resetsAt) : undefined;
}

/** Counts one use of `limit` by `whom` and answers how many there were in its time, this one included. One statement. */
export async function countUse(ctx: Context, limit: Limit, whom: string): Promise<number> {
  return (await countOne(ctx, limitName(limit, whom), limit.withinMs)).count;
}

/** How many uses there were so far in the time that still runs, and when it is over. One read, counts nothing. */
export async function usesSoFar(
  ctx: Context,
  limit: Limit,
  whom: string,
): Promise<{ readonly count: number; readonly resetsAt: number }> {
  const name = limitName(limit, whom);
  return (await countsOf(ctx, [name])).get(name) ?? { count: 0, resetsAt: ctx.now() + limit.withinMs };
}

/** The stored name of a counter. What people typed is hashed: it may be anything, and of any length. */
export function limitName(limit: Limit, whom: string): string {
  return `${limit.name}:${fingerprint(whom).slice(0, 22)}`;
}

/** The refusal that says how long to wait. */
export function tooMany(ctx: Context, resetsAt: number): Problem {
  const wait = Math.max(1, Math.ceil((resetsAt - ctx.now()) / 1000));
  return new Problem('too-many', 'too-many-tries', {
    retryAfterSeconds: wait,
    values: { minutes: Math.ceil(wait / 60) },
  });
}

/** A use of a limit by somebody. */
export type Use = { readonly limit: Limit; readonly whom: string };

/** A use that was counted. `resetsAt`: the end of the time that it was counted in. */
export type SpentUse = Use & { readonly resetsAt: number };

/**
 * Counts one use of each of several limits before the use happens, so that parallel tries cannot slip through. Throws
 * `too-many`, and then none of them is counted. One statement. Whoever spends several names them in the same order as
 * everybody else: two who wait for each other's counters would have to be undone.
 */
export async function spendLimits(ctx: Context, uses: readonly Use[]): Promise<SpentUse[]> {
  const counts = await countEach(
    ctx,
    uses.map(({ limit, whom }) => ({
      name: limitName(limit, whom),
      most: limit.most,
      endsAt: ctx.now() + limit.withinMs,
    })),
  );
  const spent = uses.flatMap((use) => {
    const counted = counts.get(limitName(use.limit, use.whom));
    return counted ? [{ ...use, ...counted }] : [];
  });
  if (spent.length < uses.length) throw await usedUp(ctx, uses);
  const over = spent.find(({ limit, count }) => count > limit.most);
  if (!over) return spent;
  await ctx.transaction((tx) => giveBack(tx, spent)); // others came at the same moment
  throw tooMany(ctx, over.resetsAt);
}

/** Takes back uses that were spent: what they were counted for did not happen, or is none of what the limit counts. */
export async function giveBack(tx: Context, uses: readonly SpentUse[]): Promise<void> {
  for (const { limit, whom, resetsAt } of uses) await uncountOne(tx, limitName(limit, whom), resetsAt);
}

/** The refusal where one of several limits is used up: it tells the longest wait. */
async function usedUp(ctx: Context, uses: readonly Use[]): Promise<Problem> {
  const counts = await countsOf(
    ctx,
    uses.map(({ limit, whom }) => limitName(limit, whom)),
  );
  const ends = uses.flatMap(({ limit, whom }) => {
    const used = counts.get(limitName(limit, whom));
    return used && used.count >= limit.most ? [used.resetsAt] : [];
  });
  return tooMany(ctx, Math.max(ctx.now(), ...ends));
}

/** Forgets the counts of limits: a success. */
export async function forgetUses(ctx: Context, uses: readonly Use[]): Promise<void> {
  for (const { limit, whom } of uses) await forgetCount(ctx, limitName(limit, whom));
}

// Rate limits that several processes count together.

import { countOne, countsOf, forgetCounts } from '#domain/guard/limits.table.ts';
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
  const { count, resetsAt } = await countOne(ctx, limitName(limit, whom), limit.withinMs);
  if (count > limit.most) throw tooMany(ctx, resetsAt);
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

/** Whether any of these limits is used up already; throws `too-many`. One read, counts nothing. */
export async function requireRoom(
  ctx: Context,
  uses: readonly { readonly limit: Limit; readonly whom: string }[],
): Promise<void> {
  const counts = await countsOf(
    ctx,
    uses.map(({ limit, whom }) => limitName(limit, whom)),
  );
  for (const { limit, whom } of uses) {
    const used = counts.get(limitName(limit, whom));
    if (used && used.count >= limit.most) throw tooMany(ctx, used.resetsAt);
  }
}

/** Counts one use of each limit, after the fact: a failure. */
export async function countUses(
  ctx: Context,
  uses: readonly { readonly limit: Limit; readonly whom: string }[],
): Promise<void> {
  for (const { limit, whom } of uses) await countOne(ctx, limitName(limit, whom), limit.withinMs);
}

/** Forgets the count of a limit: a success. */
export async function forgetUses(
  ctx: Context,
  uses: readonly { readonly limit: Limit; readonly whom: string }[],
): Promise<void> {
  await forgetCounts(
    ctx,
    uses.map(({ limit, whom }) => limitName(limit, whom)),
  );
}

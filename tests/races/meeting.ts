// Two that happen at once, in a known order: what chance shows once in a thousand runs is shown each time.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '#src/context.ts';

/** How each of two ended. */
export type Meeting<First, Second> = {
  readonly first: PromiseSettledResult<First>;
  readonly second: PromiseSettledResult<Second>;
};

/**
 * Runs `first` in a transaction up to its end but does not commit it yet; starts `second` and gives it time to get as far as
 * it can; then commits. On SQLite the second waits for its turn, on PostgreSQL it runs until it meets a lock.
 */
export async function meeting<First, Second>(
  ctx: Context,
  first: (tx: Context) => Promise<First>,
  second: () => Promise<Second>,
): Promise<Meeting<First, Second>> {
  const done = Promise.withResolvers<void>();
  const mayCommit = Promise.withResolvers<void>();
  const one = ctx.transaction(async (tx) => {
    try {
      return await first(tx);
    } finally {
      done.resolve();
      await mayCommit.promise;
    }
  });
  one.catch(() => {}); // asked below
  await done.promise;
  const two = second();
  two.catch(() => {}); // likewise
  await Promise.race([two, sleep(60)]).catch(() => {});
  mayCommit.resolve();
  const [firstEnd, secondEnd] = await Promise.allSettled([one, two]);
  return { first: firstEnd, second: secondEnd };
}

/** Starts `times` at once and answers how they ended, with the reasons as `kind: code`. */
export async function atOnce<Value>(
  times: number,
  work: (at: number) => Promise<Value>,
): Promise<{ readonly won: readonly Value[]; readonly lost: ReadonlyMap<string, number> }> {
  const ended = await Promise.allSettled(Array.from({ length: times }, (_, at) => work(at)));
  const lost = new Map<string, number>();
  for (const one of ended) {
    if (one.status === 'fulfilled') continue;
    const reason = one.reason instanceof Error ? one.reason.message : String(one.reason);
    lost.set(reason, (lost.get(reason) ?? 0) + 1);
  }
  return { won: ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])), lost };
}

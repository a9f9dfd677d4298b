// Finds the Argon2id cost that takes the time we are willing to give on this machine.

import { seconds } from '#kit/duration.ts';
import { openHashingPool } from './hashing-pool.ts';
import type { Argon2Cost } from './stored-form.ts';

const MIB = 1024;

/** OWASP's minimum for Argon2id (Password Storage Cheat Sheet): 19 MiB, two passes, one lane. Nothing weaker is ever chosen. */
export const LEAST_COST: Argon2Cost = { memoryKiB: 19 * MIB, passes: 2, lanes: 1 };

// Memory first, which is what hurts an attacker's graphics cards most, then passes. One lane: a core is a person's share.
const LADDER: readonly Argon2Cost[] = [
  LEAST_COST,
  ...[24, 28, 32, 40, 48, 56, 64].map((mebibytes) => ({ memoryKiB: mebibytes * MIB, passes: 2, lanes: 1 })),
  ...[3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((passes) => ({ memoryKiB: 64 * MIB, passes, lanes: 1 })),
];

const MOST_TARGET_MS = 250;
const BUDGET_MS = 600;

/**
 * Measures in a thread of its own what Argon2id costs here and gives the cost whose computation comes closest to `targetMs`
 * milliseconds of one core (1 to 250), but never less than OWASP's minimum. Takes less than a second. What counts is the core's time and
 * not the clock's, so a busy machine is not taken for a slow one. Keep the result: a cost that moves with every start
 * would have every login seal its password anew.
 */
export async function calibrate(targetMs: number): Promise<Argon2Cost> {
  const pool = openHashingPool({ threads: 1, maxWaiting: 1, maxWaitingMs: seconds(10), polite: false });
  const sample = async (cost: Argon2Cost): Promise<number> =>
    (await pool.run({ kind: 'seal', password: 'a password to measure', cost })).cpuMs;
  try {
    await sample(LEAST_COST); // the first one also pays for loading the library
    const until = performance.now() + BUDGET_MS;
    return await closestCost(targetMs, sample, () => performance.now() < until);
  } finally {
    await pool.close();
  }
}

/**
 * The search itself: `sample` measures one computation in milliseconds, `hasTime` says whether there may be another.
 * The time grows with memory times passes, so a measurement tells where on the ladder to look next; at most three looks.
 */
export async function closestCost(
  targetMs: number,
  sample: (cost: Argon2Cost) => Promise<number>,
  hasTime: () => boolean,
): Promise<Argon2Cost> {
  if (!(targetMs >= 1 && targetMs <= MOST_TARGET_MS))
    throw new Error(`a target of 1 to ${MOST_TARGET_MS} ms, not ${targetMs}`);
  const measured = new Map<Argon2Cost, number>();
  let next = LEAST_COST;
  while (!measured.has(next) && measured.size < 4 && (measured.size === 0 || hasTime())) {
    const tookMs = await medianOf(5, () => sample(next), hasTime);
    measured.set(next, tookMs);
    const msForWork = tookMs / workOf(next);
    next = closest(targetMs, LADDER, (cost) => workOf(cost) * msForWork);
  }
  return closest(targetMs, [...measured.keys()], (cost) => measured.get(cost) ?? 0);
}

async function medianOf(most: number, sample: () => Promise<number>, hasTime: () => boolean): Promise<number> {
  const samples = [await sample()];
  while (samples.length < most && hasTime()) samples.push(await sample());
  samples.sort((a, b) => a - b);
  return samples[Math.floor((samples.length - 1) / 2)] ?? 0;
}

function closest(targetMs: number, costs: readonly Argon2Cost[], msOf: (cost: Argon2Cost) => number): Argon2Cost {
  const distance = (cost: Argon2Cost): number => Math.abs(msOf(cost) - targetMs);
  return costs.reduce((best, cost) => (distance(cost) < distance(best) ? cost : best), LEAST_COST);
}

function workOf(cost: Argon2Cost): number {
  return cost.memoryKiB * cost.passes;
}

// Finding the cost for this machine: the search on made-up machines, and once on this one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { calibrate, closestCost, LEAST_COST } from './calibration.ts';
import { type Argon2Cost, isBearable } from './stored-form.ts';

const always = (): boolean => true;

// A machine that needs so many milliseconds for the least cost, and proportionally more for more work.
function machine(leastMs: number) {
  let samples = 0;
  const msOf = (cost: Argon2Cost): number =>
    (leastMs * cost.memoryKiB * cost.passes) / (LEAST_COST.memoryKiB * LEAST_COST.passes);
  return {
    msOf,
    sample: async (cost: Argon2Cost) => {
      samples += 1;
      return msOf(cost);
    },
    samples: () => samples,
  };
}

test('raises the memory first', async () => {
  assert.deepEqual(await closestCost(25, machine(15).sample, always), { memoryKiB: 32 * 1024, passes: 2, lanes: 1 });
  assert.deepEqual(await closestCost(25, machine(7.5).sample, always), { memoryKiB: 64 * 1024, passes: 2, lanes: 1 });
});

test('then the passes', async () => {
  assert.deepEqual(await closestCost(100, machine(7.5).sample, always), { memoryKiB: 64 * 1024, passes: 8, lanes: 1 });
});

test("never goes below OWASP's minimum, however slow the machine", async () => {
  assert.deepEqual(await closestCost(25, machine(400).sample, always), { memoryKiB: 19456, passes: 2, lanes: 1 });
});

test('comes as close to the target as the steps allow, in a bounded number of samples', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 5, max: 250 }),
      fc.double({ min: 1, max: 60, noNaN: true }),
      async (target, leastMs) => {
        const own = machine(leastMs);
        const cost = await closestCost(target, own.sample, always);
        assert.ok(isBearable(cost) && cost.memoryKiB >= 19456 && cost.passes >= 2 && cost.lanes === 1);
        assert.ok(own.samples() <= 20);
        const isAtAnEnd = cost === LEAST_COST || cost.passes === 12;
        // Between two neighbours of the ladder lies at most half as much again, so half of that is the worst miss.
        assert.ok(isAtAnEnd || Math.abs(own.msOf(cost) - target) <= target * 0.26, `${own.msOf(cost)} for ${target}`);
      },
    ),
  );
});

test('gives the same answer when a sample in five is ten times too slow', async () => {
  const own = machine(8);
  let count = 0;
  const noisy = async (cost: Argon2Cost): Promise<number> => {
    count += 1;
    return (await own.sample(cost)) * (count % 5 === 2 ? 10 : 1);
  };
  assert.deepEqual(await closestCost(25, noisy, always), await closestCost(25, machine(8).sample, always));
});

test('stays with what it has measured when the time is up', async () => {
  const own = machine(10);
  assert.equal(await closestCost(200, own.sample, () => false), LEAST_COST);
  assert.equal(own.samples(), 1);
});

test('a target without sense is refused', async () => {
  for (const target of [0, -1, 251, Number.NaN]) await assert.rejects(closestCost(target, machine(8).sample, always));
});

test('finds a cost on this machine', async () => {
  const cost = await calibrate(25);
  assert.ok(isBearable(cost) && cost.memoryKiB >= 19456 && cost.passes >= 2 && cost.lanes === 1);
});

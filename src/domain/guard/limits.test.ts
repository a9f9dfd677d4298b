// Rate limits: what is counted, when it starts anew, what the refusal says.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  countUse,
  forgetUses,
  giveBack,
  limitName,
  spendLimit,
  spendLimits,
  tooMany,
  usesSoFar,
} from '#domain/guard/limits.ts';
import sweep from '#domain/guard/sweep-limits.job.ts';
import { minutes, seconds } from '#kit/duration.ts';
import { Problem } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

onBothDatabases('a limit', (database) => {
  let world: World;
  let ctx: Context;
  before(async () => {
    world = await testWorld(database, { cast: false });
    ctx = world.ctx;
  });
  after(() => world.close());

  const limit = (name: string) => ({ name, most: 3, withinMs: minutes(15) });

  test('lets so many pass, then says how long to wait, and starts anew at its instant without a cleaner', async () => {
    const one = limit('passing');
    for (let use = 0; use < 3; use += 1) await spendLimit(ctx, one, 'ada');
    world.clock.turn(minutes(5));
    await assert.rejects(spendLimit(ctx, one, 'ada'), (error) => {
      assert.ok(error instanceof Problem);
      assert.equal(error.kind, 'too-many');
      assert.equal(error.retryAfterSeconds, 600);
      assert.equal(error.values['minutes'], 10);
      return true;
    });
    await spendLimit(ctx, one, 'ben');
    world.clock.turn(minutes(10) - 1);
    await assert.rejects(spendLimit(ctx, one, 'ada'), { kind: 'too-many' });
    world.clock.turn(1);
    await spendLimit(ctx, one, 'ada');
  });

  test('is not prolonged by those who go on trying', async () => {
    const one = limit('knocking');
    for (let use = 0; use < 100; use += 1) {
      await spendLimit(ctx, one, 'ada').catch(() => {});
      world.clock.turn(seconds(8));
    }
    const { resetsAt } = await usesSoFar(ctx, one, 'ada');
    world.clock.turn(resetsAt - ctx.now());
    await spendLimit(ctx, one, 'ada');
  });

  test('never says to wait less than a second', () => {
    assert.equal(tooMany(ctx, ctx.now()).retryAfterSeconds, 1);
    assert.equal(tooMany(ctx, ctx.now() + 1).retryAfterSeconds, 1);
  });

  test('keeps no name that was typed, and none that is too long to be kept', async () => {
    const typed = `secret-of-ada\0${'x'.repeat(100_000)}`;
    await countUse(ctx, limit('typed'), typed);
    assert.equal((await usesSoFar(ctx, limit('typed'), typed)).count, 1);
    const rows = await ctx.db.selectFrom('rate_limits').select('name').execute();
    for (const { name } of rows) {
      assert.ok(name.length < 100);
      assert.doesNotMatch(name, /secret-of-ada/);
    }
    assert.notEqual(limitName(limit('a'), 'b:c'), limitName(limit('a:b'), 'c'));
  });

  test('among several is spent with all of them or with none, and tells the longest wait', async () => {
    const [short, long] = [limit('several-short'), { ...limit('several-long'), withinMs: minutes(60) }];
    const uses = [
      { limit: short, whom: 'ada' },
      { limit: long, whom: 'home' },
    ];
    for (let time = 0; time < 3; time += 1) await spendLimits(ctx, uses);
    const others = [{ limit: short, whom: 'ben' }, ...uses.slice(1)];
    await assert.rejects(spendLimits(ctx, others), { kind: 'too-many', retryAfterSeconds: 3600 });
    await assert.rejects(spendLimits(ctx, uses), { kind: 'too-many', retryAfterSeconds: 3600 });
    const counts = async () => [
      (await usesSoFar(ctx, short, 'ada')).count,
      (await usesSoFar(ctx, short, 'ben')).count,
      (await usesSoFar(ctx, long, 'home')).count,
    ];
    assert.deepEqual(await counts(), [3, 0, 3], 'what was refused counts nowhere');
    await forgetUses(ctx, uses.slice(1));
    await assert.rejects(spendLimits(ctx, uses), { kind: 'too-many', retryAfterSeconds: 900 });
    await spendLimits(ctx, others);
  });

  test('is spent by one statement, however many there are', async () => {
    const uses = ['one', 'two', 'three'].map((name) => ({ limit: limit(`counted-${name}`), whom: 'ada' }));
    const before = ctx.statementCount();
    await spendLimits(ctx, uses);
    assert.equal(ctx.statementCount() - before, 1);
  });

  test('given back leaves what others spent, and nothing of a time that is over', async () => {
    const one = limit('given-back');
    const [first] = [await spendLimits(ctx, [{ limit: one, whom: 'ada' }]), await spendLimit(ctx, one, 'ada')];
    await giveBack(ctx, first);
    assert.equal((await usesSoFar(ctx, one, 'ada')).count, 1);
    for (let time = 0; time < 5; time += 1) await giveBack(ctx, first);
    assert.equal((await usesSoFar(ctx, one, 'ada')).count, 0, 'never below nothing');
    world.clock.turn(minutes(15));
    await spendLimit(ctx, one, 'ada');
    await giveBack(ctx, first);
    assert.equal((await usesSoFar(ctx, one, 'ada')).count, 1);
  });

  test('that is over is swept, one that runs is not', async () => {
    await countUse(ctx, { name: 'short', most: 1, withinMs: seconds(1) }, 'ada');
    await countUse(ctx, { name: 'long', most: 1, withinMs: minutes(60) }, 'ada');
    world.clock.turn(seconds(1));
    await sweep.run(ctx);
    const left = (await ctx.db.selectFrom('rate_limits').select('name').execute()).map((row) => row.name);
    assert.ok(left.some((name) => name.startsWith('long:')));
    assert.ok(!left.some((name) => name.startsWith('short:')));
  });
});

// Jobs: of several processes one runs each at a time; what fails is kept and tried again; what is killed is taken over.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { jobStates, takeTurn } from '#domain/jobs/turn.ts';
import { minutes, seconds } from '#kit/duration.ts';
import type { Job } from '#kit/job.ts';
import type { Context } from '#src/context.ts';
import { findJobs, startJobs } from '#src/jobs.ts';
import type { Server } from '#tests/cli/doorward.ts';
import { installation, script } from '#tests/cli/doorward.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const PROGRAM = 'tests/cli/programs/jobs.ts';

onBothDatabases('jobs of two processes', (database) => {
  test('never run twice at a time, and not more often than they should', async () => {
    const here = await installation({ database });
    try {
      const both = [0, 1].map(() => here.start(script(PROGRAM, '200', '120', '60000')));
      await Promise.all(both.map((one) => one.said('ready')));
      const startedAt = performance.now();
      await sleep(4000);
      for (const one of both) one.signal('SIGTERM');
      await Promise.all(both.map((one) => one.said('stopped')));
      const took = performance.now() - startedAt;
      const runs = both.flatMap(runsOf).sort((a, b) => a.start - b.start);
      assert.ok(runs.length >= 3, `${runs.length} runs`);
      for (const [at, run] of runs.entries()) {
        const next = runs[at + 1];
        assert.ok(!next || next.start >= run.end, 'the next starts after this one ended');
      }
      // A run takes 120 ms and rests for nearly 200.
      assert.ok(runs.length <= took / 290 + 2, `${runs.length} runs in ${took} ms`);
    } finally {
      await here.close();
    }
  });

  test('are taken over once the lease of one that was killed is over, and not before', async () => {
    const here = await installation({ database });
    try {
      const victim = here.start(script(PROGRAM, '100', '60000', '3000'));
      await victim.said('start');
      victim.signal('SIGKILL');
      const heir = here.start(script(PROGRAM, '100', '1', '3000'));
      await heir.said('end');
      const [begun = 0] = [...victim.out().matchAll(/start (\d+)/g)].map(([, at]) => Number(at));
      const [taken] = runsOf(heir);
      assert.ok((taken?.start ?? 0) - begun >= 2900, 'not while the lease ran');
    } finally {
      await here.close();
    }
  });
});

onBothDatabases('a turn', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database, { cast: false });
  });
  after(() => world.close());

  const job = (name: string, run: () => Promise<void>): Job<Context> => ({
    name,
    everyMs: seconds(10),
    leaseMs: minutes(1),
    run,
  });
  const stateOf = async (name: string) => (await jobStates(world.ctx)).find((one) => one.name === name);

  test('is taken by one of fifty who try at once', async () => {
    let runs = 0;
    const turns = await Promise.all(
      Array.from({ length: 50 }, () =>
        takeTurn(
          world.ctx,
          job('crowded', async () => {
            runs += 1;
          }),
        ),
      ),
    );
    assert.equal(runs, 1);
    assert.equal(turns.filter((turn) => turn === 'done').length, 1);
    assert.equal(turns.filter((turn) => turn === 'not-ours').length, 49);
  });

  test('comes again when the pause is over, and not sooner', async () => {
    const quick = job('paused', async () => {});
    assert.equal(await takeTurn(world.ctx, quick), 'done');
    world.clock.turn(seconds(8));
    assert.equal(await takeTurn(world.ctx, quick), 'not-ours');
    world.clock.turn(seconds(2));
    assert.equal(await takeTurn(world.ctx, quick), 'done');
  });

  test('that fails is kept with its words, and forgotten by one that ends well', async () => {
    const failing = job('failing', async () => {
      throw new Error('the moon was full');
    });
    assert.equal(await takeTurn(world.ctx, failing), 'failed');
    assert.equal((await stateOf('failing'))?.lastFailure, 'the moon was full');
    world.clock.turn(seconds(11));
    assert.equal(
      await takeTurn(
        world.ctx,
        job('failing', async () => {}),
      ),
      'done',
    );
    assert.equal((await stateOf('failing'))?.lastFailure, undefined);
  });

  test('that outlasts its lease is given up on, and does not end what another has begun', async () => {
    const endless = { ...job('endless', () => new Promise<void>(() => {})), leaseMs: 200 };
    const first = takeTurn(world.ctx, endless);
    await sleep(50);
    world.clock.turn(seconds(20)); // the lease is over: another process takes it
    let end = (): void => {};
    const other = takeTurn(
      world.ctx,
      job('endless', () => new Promise<void>((done) => (end = done))),
    );
    assert.equal(await first, 'failed');
    const state = await stateOf('endless');
    assert.notEqual(state?.runningUntil, undefined, 'the other still has it');
    assert.equal(state?.lastFailure, undefined);
    end();
    assert.equal(await other, 'done');
  });

  test('is not held back for years by a clock that once was wrong', async () => {
    const turned = job('turned', async () => {});
    world.clock.turn(seconds(400 * 24 * 3600));
    assert.equal(await takeTurn(world.ctx, turned), 'done');
    world.clock.turn(seconds(-400 * 24 * 3600));
    assert.equal(await takeTurn(world.ctx, turned), 'done');
  });
});

describe('the runner', () => {
  test('finds the jobs of the topics', async () => {
    const names = (await findJobs()).map((job) => job.name);
    for (const name of ['post-letters', 'sweep-limits', 'sweep-sessions']) assert.ok(names.includes(name), name);
  });

  test('waits at the end for a run under way, and starts none after it', async () => {
    const world = await testWorld('sqlite', { cast: false });
    let [begun, ended] = [0, 0];
    const slow: Job<Context> = {
      name: 'slow',
      everyMs: 1,
      leaseMs: minutes(1),
      run: async () => {
        begun += 1;
        await sleep(300);
        ended += 1;
      },
    };
    const jobs = await startJobs(world.ctx, [slow]);
    while (begun === 0) await sleep(5);
    await jobs.stop();
    assert.deepEqual([begun, ended], [1, 1]);
    await sleep(50);
    assert.equal(begun, 1);
    await world.close();
  });

  test('goes on after a job that failed', async () => {
    const world = await testWorld('sqlite', { cast: false });
    const forward = setInterval(() => world.clock.turn(1000), 5); // this world's clock stands still by itself
    let runs = 0;
    const stubborn: Job<Context> = {
      name: 'stubborn',
      everyMs: 10,
      leaseMs: minutes(1),
      run: async () => {
        runs += 1;
        throw new Error('again');
      },
    };
    const jobs = await startJobs(world.ctx, [stubborn]);
    for (let tries = 0; runs < 3 && tries < 400; tries += 1) await sleep(10);
    clearInterval(forward);
    await jobs.stop();
    assert.ok(runs >= 3, `${runs} runs`);
    await world.close();
  });
});

function runsOf(server: Server): { start: number; end: number }[] {
  const starts = [...server.out().matchAll(/start (\d+)/g)].map(([, at]) => Number(at));
  const ends = [...server.out().matchAll(/end (\d+)/g)].map(([, at]) => Number(at));
  return starts.map((start, at) => ({ start, end: ends[at] ?? Number.POSITIVE_INFINITY }));
}

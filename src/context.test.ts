// What every rule is given: transactions that join, what waits for the commit, and what a retry does not do twice.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { audit, countAuditLines } from '#domain/audit/audit.ts';
import { addUser, changeUser, findUserByEmail, userOf } from '#domain/users/users.ts';
import { seconds } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');

onBothDatabases('a transaction of the context', (database) => {
  let world: World;
  let ctx: Context;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  const person = (name: string) => ({ firstName: name, lastName: 'Test', email: `${name}@context.example.test` });
  const isThere = async (name: string): Promise<boolean> =>
    (await findUserByEmail(ctx, person(name).email)) !== undefined;

  test('is all or nothing together with those that join it', async () => {
    await assert.rejects(
      ctx.transaction(async (tx) => {
        await addUser(tx, SYSTEM, person('joined'));
        await tx.transaction((inner) => addUser(inner, SYSTEM, person('deeper')));
        throw new Error('undone');
      }),
      /undone/,
    );
    assert.deepEqual([await isThere('joined'), await isThere('deeper')], [false, false]);
  });

  test('keeps no half of what joined and failed, though somebody swallowed the failure', async () => {
    const swallowing = ctx.transaction(async (tx) => {
      await addUser(tx, SYSTEM, person('before'));
      await tx
        .transaction(async (inner) => {
          await addUser(inner, SYSTEM, person('half'));
          throw new Error('failed half way');
        })
        .catch(() => {});
      return 'as if nothing had happened';
    });
    await assert.rejects(swallowing, /failed half way/);
    assert.deepEqual([await isThere('before'), await isThere('half')], [false, false]);
  });

  test('runs what waits for the commit after it, in order, once, and not when it is undone', async () => {
    const seen: string[] = [];
    await ctx.transaction(async (tx) => {
      tx.afterCommit(() => seen.push('first'));
      await tx.transaction(async (inner) => inner.afterCommit(() => seen.push('second')));
      await addUser(tx, SYSTEM, person('waits'));
      assert.deepEqual(seen, []);
    });
    assert.deepEqual(seen, ['first', 'second']);
    const undone = ctx.transaction(async (tx) => {
      tx.afterCommit(() => seen.push('never'));
      throw new Error('undone');
    });
    await assert.rejects(undone, /undone/);
    assert.deepEqual(seen, ['first', 'second']);
    ctx.afterCommit(() => seen.push('outside: at once'));
    assert.equal(seen.at(-1), 'outside: at once');
  });

  test('that was committed is said to be done, whatever fails afterwards', async () => {
    let reached = false;
    await ctx.transaction(async (tx) => {
      await addUser(tx, SYSTEM, person('committed'));
      tx.afterCommit(() => {
        throw new Error('too late');
      });
      tx.afterCommit(() => {
        reached = true;
      });
    });
    assert.ok(reached && (await isThere('committed')));
  });

  // On SQLite transactions come one by one.
  if (database === 'postgres')
    test('that had to be run again left one of everything: one line in the log, one thing after the commit', async () => {
      const [one, two] = [world.cast.ada.id, world.cast.eve.id];
      const lines = () => countAuditLines(ctx, { event: 'test.crossed' }, 100);
      const meet = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      let runs = 0;
      let afterwards = 0;
      const crossed = (at: 0 | 1, first: number, second: number): Promise<void> =>
        ctx.transaction(async (tx) => {
          runs += 1;
          await changeUser(tx, SYSTEM, first, { lastName: `Crossed ${at}` });
          meet[at]?.resolve();
          await Promise.race([meet[1 - at]?.promise, new Promise((next) => setTimeout(next, seconds(2)))]);
          await changeUser(tx, SYSTEM, second, { lastName: `Crossed ${at}` });
          await audit(tx, SYSTEM, { event: 'test.crossed', description: `crossed ${at}` });
          tx.afterCommit(() => {
            afterwards += 1;
          });
        });
      await Promise.all([crossed(0, one, two), crossed(1, two, one)]);
      assert.ok(runs > 2, 'they did wait for each other');
      assert.deepEqual([await lines(), afterwards], [2, 2]);
      assert.equal((await userOf(ctx, one)).lastName, (await userOf(ctx, two)).lastName);
    });
});

// The list of users over 12,000 of them: that every way through it answers what comparing one by one would, and that both
// databases stay on the indexes while it does. The ways themselves are tried in all orders by the list of clients.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import type { UserFilter } from '#domain/users/user-list.view.ts';
import { countUsers, listUsers, sliceUsers } from '#domain/users/user-list.view.ts';
import { insertUsers } from '#domain/users/users.table.ts';
import { COUNT_CAP } from '#kit/listing-counts.ts';
import { type Plan, plansOf } from '#tests/plans.ts';
import { onBothDatabases, testWorld, type World } from '#tests/world.ts';

const MANY = 12_000;
// How many users each finds: 30 %, 0.5 %, 100 that lie together far from the start, one, none.
const TERMS = ['maria', 'otto', 'zebra', 'maria zoë', 'nobody'];

type Made = { readonly id: number; readonly text: string; readonly starts: readonly string[] };

function nameOf(i: number): { first_name: string; last_name: string; email: string } {
  const mixed = (i * 7919) % 1000;
  const first_name = mixed < 300 || i === 7345 ? 'Maria' : mixed < 305 ? 'Otto' : `Name${mixed % 40}`;
  const last_name = i >= 9000 && i < 9100 ? 'Zebra' : i === 7345 ? 'Zoë' : `Family${(i * 31) % 500}`;
  return { first_name, last_name, email: `${first_name}.${i}@mail${i % 7}.example` };
}

onBothDatabases('12,000 users', (database) => {
  let world: World;
  let made: readonly Made[];

  before(async () => {
    world = await testWorld(database, { cast: false });
    const now = world.ctx.now();
    const rows = Array.from({ length: MANY }, (_, i) => ({
      uuid: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
      ...nameOf(i),
      password_hash: null,
      password_must_change: 0,
      password_changed_at: null,
      language: '',
      email_verified_at: null,
      disabled_at: null,
      created_at: now,
      updated_at: now,
      last_login_at: null,
      last_login_ip: null,
    }));
    const ids = await world.ctx.transaction((tx) => insertUsers(tx, rows));
    if (database === 'postgres') await sql`vacuum analyze`.execute(world.ctx.db); // as autovacuum would have done
    made = rows
      .map((row) => {
        const [first, last, email] = [row.first_name, row.last_name, row.email].map((text) => text.toLowerCase());
        const starts = [`${first} ${last}`, last ?? '', email ?? ''];
        return { id: ids.get(row.uuid) ?? 0, starts, text: `${first} ${last}\n${email}` };
      })
      .sort((a, b) => a.id - b.id);
  });
  after(() => world.close());

  const expected = ({ startsWith, contains }: UserFilter, descending: boolean): number[] => {
    const ids = made
      .filter((one) => startsWith === undefined || one.starts.some((start) => start.startsWith(startsWith)))
      .filter((one) => contains === undefined || one.text.includes(contains))
      .map((one) => one.id);
    return descending ? ids.reverse() : ids;
  };
  const slice = async (filter: UserFilter, skip: number, descending: boolean) => {
    const { users, total } = await sliceUsers(world.ctx, filter, { skip, limit: 25, descending });
    return { ids: users.map((one) => one.id), total };
  };

  test('without a search, either way, at the start, in the middle and at the end', async () => {
    for (const descending of [false, true]) {
      const all = expected({}, descending);
      for (const skip of [0, 1500, 7000, MANY - 10, MANY, MANY * 2])
        assert.deepEqual(await slice({}, skip, descending), { ids: all.slice(skip, skip + 25), total: MANY });
    }
  });

  for (const term of TERMS)
    test(`what starts with and what holds ${term}`, async () => {
      for (const descending of [false, true]) {
        const starting = expected({ startsWith: term }, descending);
        for (const skip of [0, 25, 400]) {
          const { ids, total } = await slice({ startsWith: term }, skip, descending);
          assert.deepEqual(ids, starting.slice(skip, skip + 25), `${descending} ${skip}`);
          if (starting.length <= COUNT_CAP) assert.equal(total, starting.length);
        }
        const holding = expected({ contains: term }, descending);
        const read = async (place: { after?: number; before?: number }) =>
          (await listUsers(world.ctx, { contains: term }, { ...place, limit: 10, descending })).map((one) => one.id);
        assert.deepEqual(await read({}), holding.slice(0, 10));
        for (const at of [9, holding.length - 4].filter((index) => index > 0 && index < holding.length)) {
          assert.deepEqual(await read({ after: holding[at] ?? 0 }), holding.slice(at + 1, at + 11));
          assert.deepEqual(await read({ before: holding[at] ?? 0 }), holding.slice(Math.max(0, at - 10), at));
        }
      }
      const { count, exact } = await countUsers(world.ctx, { contains: term });
      const there = expected({ contains: term }, false).length;
      assert.deepEqual({ count, exact }, { count: Math.min(there, COUNT_CAP), exact: there <= COUNT_CAP });
    });

  test('the order of ids is walked by an index, nothing sorted, wherever the page lies', async () => {
    for (const skip of [0, 7000])
      for (const descending of [false, true])
        for (const plan of await plansOf(world.ctx, (ctx) => sliceUsers(ctx, {}, { skip, limit: 25, descending })))
          if (plan.statement.startsWith('select id from')) {
            noSort(plan);
            noWholeTable(plan);
          }
  });

  test('a rare search takes the sample and then the search index, a common one the sample alone', async () => {
    const offset = { skip: 0, limit: 25, descending: false };
    for (const filter of [{ startsWith: 'zebra' }, { contains: 'zebr' }]) {
      const plans = await plansOf(world.ctx, (ctx) => sliceUsers(ctx, filter, offset));
      const collected = plans.filter(({ statement }) => /\bas materialized\b|_search/.test(statement));
      assert.ok(collected.length > 0);
      for (const plan of collected) noWholeTable(plan);
    }
    const common = await plansOf(world.ctx, (ctx) => listUsers(ctx, { contains: 'aria' }, { limit: 26 }));
    assert.equal(common.length, 2, 'the sample and the rows');
  });
});

function noSort({ statement, steps }: Plan): void {
  const sorts = steps.filter((step) => /TEMP B-TREE|\bSort\b/.test(step));
  assert.deepEqual(sorts, [], `${statement}\n${steps.join('\n')}`);
}

function noWholeTable({ statement, steps }: Plan): void {
  const whole = steps.filter((step) => /SCAN (users|one)(?!_)(?! USING)|Seq Scan on users/.test(step));
  assert.deepEqual(whole, [], `${statement}\n${steps.join('\n')}`);
}

// The list of clients over 12,000 of them: that every way through it answers what comparing one by one would, and that
// both databases stay on the indexes while it does.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import type { ClientFilter, ClientOrder } from '#domain/clients/client-list.view.ts';
import {
  CLIENT_ORDERS,
  countClients,
  listClients,
  pageClients,
  sliceClients,
} from '#domain/clients/client-list.view.ts';
import type { ClientStatus } from '#domain/clients/clients.ts';
import { addManyClients } from '#domain/clients/many-clients.ts';
import { COUNT_CAP, PREFIX_COUNT_CAP } from '#kit/listing-counts.ts';
import { comparable } from '#kit/text.ts';
import { type Plan, plansOf } from '#tests/plans.ts';
import { onBothDatabases, profile, testWorld, type World } from '#tests/world.ts';

const MANY = 12_000;
const ORDERS = Object.keys(CLIENT_ORDERS) as ClientOrder[]; // its own keys
const STATUSES = [undefined, 'Active', 'Inactive', 'Closed'] as const;
// How many clients each finds: 30 %, 3 %, 0.5 %, 100 that lie together far from the start, one, one without a first name,
// none; more than are counted, but none among the first thousand; 28 % by a first and the start of a last name; two thirds.
const TERMS = ['maria', 'fritz', 'otto', 'zebra', 'zoë', 'zorro', 'nobody', 'family', 'maria f', 'name'];

type Made = {
  readonly id: number;
  readonly status: ClientStatus;
  readonly text: string;
  readonly starts: readonly string[];
  readonly keys: Readonly<Record<ClientOrder, string | number>>;
};

/** What the list must answer, found without it. `inOrder`: all, by every order. */
function expected(
  inOrder: ReadonlyMap<ClientOrder, readonly Made[]>,
  filter: ClientFilter,
  order: ClientOrder,
  descending: boolean,
): number[] {
  const found = (inOrder.get(order) ?? []).filter(
    (one) =>
      (filter.status === undefined || one.status === filter.status) &&
      (filter.contains === undefined || one.text.includes(filter.contains)) &&
      (filter.startsWith === undefined || one.starts.some((start) => start.startsWith(filter.startsWith ?? ''))),
  );
  const ids = found.map((one) => one.id);
  return descending ? ids.reverse() : ids;
}

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' || typeof b === 'number'
    ? Number(a) - Number(b)
    : Buffer.from(a).compare(Buffer.from(b));
}

/** The i-th of the made-up clients; nothing about it is drawn. */
function nameOf(i: number): { firstName: string; lastName: string; companyName: string } {
  if (i === 7346) return { firstName: '', lastName: 'Zorro', companyName: '' };
  const mixed = (i * 7919) % 1000;
  const firstName = mixed < 300 ? 'Maria' : mixed < 330 ? 'Fritz' : mixed < 335 ? 'Otto' : `Name${mixed % 40}`;
  const common = i < 1000 ? 'Early' : 'Family';
  const lastName = i >= 9000 && i < 9100 ? 'Zebra' : i === 7345 ? 'Zoë' : `${common}${(i * 31) % 500}`;
  return { firstName, lastName, companyName: i % 3 === 0 ? `Works ${(i * 17) % 700} Ltd` : '' };
}

onBothDatabases('12,000 clients', (database) => {
  let world: World;
  let made: ReadonlyMap<ClientOrder, readonly Made[]>;
  let groups: ReadonlyMap<number, number>;

  before(async () => {
    world = await testWorld(database, { cast: false });
    const accounts = Array.from({ length: MANY }, (_, i) => ({
      uuid: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
      profile: profile({ ...nameOf(i), email: `${nameOf(i).firstName}.${i}@mail${i % 7}.example`.toLowerCase() }),
      status: (i % 100 === 0 ? 'Closed' : i % 7 === 0 ? 'Inactive' : 'Active') as ClientStatus,
      marketingOptIn: false,
      createdAt: 1_700_000_000_000 + ((i * 104_729) % 50_000) * 1000,
      closedAt: undefined,
    }));
    const ids = await world.ctx.transaction((tx) => addManyClients(tx, accounts));
    await sql`update clients set group_id = id % 3`.execute(world.ctx.db);
    if (database === 'postgres') await sql`vacuum analyze`.execute(world.ctx.db); // as autovacuum would have done
    const all = accounts.map((one, i): Made => {
      const id = ids[i] ?? 0;
      const { firstName, lastName, companyName, email } = one.profile;
      const [first, last, full, company] = [firstName, lastName, `${firstName} ${lastName}`, companyName].map(
        comparable,
      );
      return {
        id,
        status: one.status,
        text: `${full}\n${company}\n${email}`,
        starts: [first, last, full, company, email].map((start) => start ?? ''),
        keys: {
          id,
          firstname: first ?? '',
          lastname: last ?? '',
          companyname: company ?? '',
          email,
          groupid: id % 3,
          datecreated: one.createdAt,
          status: one.status,
        },
      };
    });
    groups = new Map(ids.map((id) => [id, id % 3]));
    made = new Map(
      ORDERS.map((order) => [order, all.toSorted((a, b) => compare(a.keys[order], b.keys[order]) || a.id - b.id)]),
    );
  });
  after(() => world.close());

  const slice = async (filter: ClientFilter, order: ClientOrder, skip = 0, descending = false, limit = 25) => {
    const { clients, total } = await sliceClients(world.ctx, filter, { order, skip, limit, descending });
    return { ids: clients.map((one) => one.id), total };
  };

  describe('answers what comparing one by one would', () => {
    for (const order of ORDERS)
      test(`by ${order}, either way, of every status, at the start, in the middle and at the end`, async () => {
        for (const status of STATUSES)
          for (const descending of [false, true]) {
            const all = expected(made, { status }, order, descending);
            for (const skip of [0, 1500, Math.floor(all.length / 2), all.length - 10, all.length, MANY * 2]) {
              const answer = await slice({ status }, order, Math.max(0, skip), descending);
              const from = Math.max(0, skip);
              assert.deepEqual(answer, { ids: all.slice(from, from + 25), total: all.length }, `${status} ${skip}`);
            }
          }
      });

    for (const term of TERMS)
      test(`what starts with ${term}, in every order, of every status, page after page`, async () => {
        for (const order of ORDERS)
          for (const status of [undefined, 'Inactive', 'Closed'] as const)
            for (const { skip, descending } of [
              { skip: 0, descending: false },
              { skip: 400, descending: true },
            ]) {
              const filter = { status, startsWith: term };
              const all = expected(made, filter, order, descending);
              const { ids, total } = await slice(filter, order, skip, descending);
              assert.deepEqual(ids, all.slice(skip, skip + 25), `${order} ${status} ${descending} ${skip}`);
              if (all.length <= PREFIX_COUNT_CAP) assert.equal(total, all.length, `${order} ${status} ${skip}`);
              else assert.ok(total >= PREFIX_COUNT_CAP && total <= all.length, `${order} ${total}`);
            }
      });

    for (const term of [...TERMS, 'io', '99@mail3', '%', '_', '"', "o'", 'or 1=1', 'zebra" or "maria'])
      test(`what holds ${JSON.stringify(term)}, leafed through by key in both directions`, async () => {
        for (const status of STATUSES) {
          const short = [...term].length < 3; // too short for the trigrams: only where something starts with it
          const filter = { status, [short ? 'startsWith' : 'contains']: term };
          const all = expected(made, filter, 'id', true);
          const read = async (place: { after?: number; before?: number }) =>
            (await listClients(world.ctx, { status, contains: term }, { ...place, limit: 10, descending: true })).map(
              (one) => one.id,
            );
          assert.deepEqual(await read({}), all.slice(0, 10), `${status}`);
          for (const at of [9, 250, all.length - 4].filter((index) => index > 0 && index < all.length)) {
            assert.deepEqual(await read({ after: all[at] ?? 0 }), all.slice(at + 1, at + 11), `${status} after ${at}`);
            assert.deepEqual(await read({ before: all[at] ?? 0 }), all.slice(Math.max(0, at - 10), at), `before ${at}`);
          }
          const count = await countClients(world.ctx, { status, contains: term });
          const { count: beside } = await pageClients(world.ctx, { status, contains: term }, { limit: 10 });
          if (beside.exact) assert.equal(beside.count, all.length, `${status} beside the page`);
          else assert.deepEqual(beside, count);
          if (count.exact) assert.equal(count.count, all.length, `${status}`);
          else assert.ok(count.count < all.length, `${status}: more than ${count.count}`);
        }
      });

    test('a blank search is none, and one that cannot be stored finds nobody', async () => {
      assert.equal((await slice({ startsWith: ' \t' }, 'id')).total, MANY);
      assert.equal((await slice({ contains: ' ' }, 'id')).total, MANY);
      for (const nothing of ['a\u0000b', 'x'.repeat(5000)]) {
        assert.deepEqual(await slice({ startsWith: nothing }, 'id'), { ids: [], total: 0 });
        assert.deepEqual(await countClients(world.ctx, { contains: nothing }), { count: 0, exact: true });
      }
    });

    test('of a search with more than can be counted, whoever leafs on until the total sees every client', async () => {
      const seen: number[] = [];
      for (let total = 1; seen.length < total; ) {
        const page = await slice({ startsWith: 'family' }, 'datecreated', seen.length, false, 2000);
        assert.ok(page.ids.length > 0);
        seen.push(...page.ids);
        total = page.total;
      }
      assert.ok(seen.length > PREFIX_COUNT_CAP);
      assert.deepEqual(seen, expected(made, { startsWith: 'family' }, 'datecreated', false));
    });

    test('of a group, with and without a status or a search, counted', async () => {
      for (const status of STATUSES)
        for (const contains of [undefined, 'maria', 'zebra', 'nobody', 'ma'])
          for (const groupId of [0, 2, 9]) {
            const filter = { status, contains, groupId };
            const found = contains === 'ma' ? { status, startsWith: 'ma' } : { status, contains };
            const all = expected(made, found, 'id', true).filter((id) => groups.get(id) === groupId);
            const listed = await listClients(world.ctx, filter, { limit: 10, descending: true, after: all[4] });
            const from = all.length > 4 ? 5 : 0;
            assert.deepEqual(
              listed.map((one) => one.id),
              all.slice(from, from + 10),
              JSON.stringify(filter),
            );
            const { count, exact } = await countClients(world.ctx, filter);
            if (exact) assert.equal(count, all.length, JSON.stringify(filter));
            else assert.ok(count <= all.length && all.length > COUNT_CAP / 10, JSON.stringify(filter));
          }
    });
  });

  describe('stays on the indexes', () => {
    for (const order of ORDERS)
      test(`by ${order}, either way, with and without a status: one walk of an index, nothing sorted`, async () => {
        for (const status of STATUSES)
          for (const skip of [0, 7000])
            for (const descending of [false, true]) {
              const [walked] = (
                await plansOf(world.ctx, (ctx) => sliceClients(ctx, { status }, { order, skip, limit: 25, descending }))
              ).filter(({ statement }) => statement.startsWith('select id from'));
              if (!walked) continue; // beyond the end
              noSort(walked);
              noWholeTable(walked);
              // Nearly every row has the status Active: PostgreSQL may as well leave out the others as it goes.
              if (status && (database === 'sqlite' || status === 'Closed'))
                assert.match(walked.steps.join('\n'), /clients_by_status/);
            }
      });

    for (const order of ORDERS)
      test(`a rare search by ${order}: for a part the sample and then the search index, for a beginning that alone`, async () => {
        for (const status of [undefined, 'Active', 'Inactive'] as const)
          for (const filter of [
            { status, startsWith: 'zebra' },
            { status, contains: 'zebr' },
          ])
            for (const descending of 'contains' in filter ? [false] : [false, true]) {
              const plans = await plansOf(world.ctx, (ctx) =>
                sliceClients(ctx, filter, { order, skip: 0, limit: 25, descending }),
              );
              const [sample] = plans.filter(({ statement }) => statement.startsWith('select walked.id'));
              assert.equal(sample !== undefined, 'contains' in filter, 'whether a sample was taken');
              // PostgreSQL rightly sorts the few rows of a status in a small table.
              if (sample && (database === 'sqlite' || status === undefined)) noSort(sample);
              const collected = plans.filter(({ statement }) => /\bas materialized\b|_search/.test(statement));
              assert.ok(collected.length > 0, 'nothing was collected');
              for (const plan of collected) noWholeTable(plan);
            }
      });

    test('a common search ends with the sample: 300,000 matches would not be collected and sorted', async () => {
      const part = await plansOf(world.ctx, (ctx) => listClients(ctx, { contains: 'aria' }, { limit: 26 }));
      assert.deepEqual(part.map(stepOf), ['walk', 'rows']);
      const beginning = await plansOf(world.ctx, (ctx) => listClients(ctx, { contains: 'ma' }, { limit: 26 }));
      assert.deepEqual(beginning.map(stepOf), ['columns', 'walk', 'rows']);
    });

    const routes = [
      ['few matches are read through', 'zebra', 'id', 0, false, ['columns', 'count', 'read through', 'rows']],
      ['of many the first stand in the sample', 'maria', 'email', 0, false, ['columns', 'count', 'walk', 'rows']],
      [
        'more than are counted lie densely: walked on',
        'family',
        'datecreated',
        1500,
        true,
        ['columns', 'count', 'walk', 'total', 'walk', 'rows'],
      ],
      [
        'more than are counted lie elsewhere',
        'family',
        'id',
        0,
        false,
        ['columns', 'count', 'walk', 'read through', 'rows'],
      ],
      ['nothing starts so', 'nobody', 'id', 0, false, ['columns']],
    ] as const;
    for (const [what, startsWith, order, skip, descending, steps] of routes)
      test(`what starts with ${startsWith}: ${what}, in so many statements`, async () => {
        const offset = { order, skip, limit: 25, descending };
        const plans = await plansOf(world.ctx, (ctx) => sliceClients(ctx, { startsWith }, offset));
        assert.deepEqual(plans.map(stepOf), steps);
      });

    test('what starts with a first name, by first names, is read from where it begins in their order', async () => {
      for (const status of STATUSES) {
        const offset = { order: 'firstname', skip: 0, limit: 25, descending: true } as const;
        const plans = await plansOf(world.ctx, (ctx) => sliceClients(ctx, { status, startsWith: 'fritz' }, offset));
        const [first] = plans.filter((plan) => stepOf(plan) === 'read through');
        if (database === 'sqlite') assert.match(first?.steps.join('\n') ?? '', /clients_by_first \(first_key>/);
      }
    });

    test('counting takes the search index', async () => {
      for (const status of STATUSES)
        for (const filter of [
          // PostgreSQL rightly prefers a small table to an index that leads to a third of it.
          ...(database === 'sqlite' ? [{ status, startsWith: 'maria' }] : []),
          { status, startsWith: 'zebra' },
          { status, contains: 'zebr' },
        ])
          for (const plan of await plansOf(world.ctx, (ctx) => countClients(ctx, filter)))
            if (!/\bas walked\b|row_counts/.test(plan.statement)) noWholeTable(plan);
    });
  });

  // The last one: what it undoes stays in PostgreSQL's indexes until they are cleaned, and its plans go by that.
  test('at the edge of what is counted: the cap exactly, and one above it', async () => {
    const undone = new Error('undone');
    for (const many of [PREFIX_COUNT_CAP, PREFIX_COUNT_CAP + 1]) {
      const done = world.ctx.transaction(async (tx) => {
        const all = (made.get('id') ?? []).slice(0, many).map((one) => one.id);
        await sql`update clients set company_key = 'edge' where id <= ${all.at(-1) ?? 0}`.execute(tx.db);
        const exact = many <= PREFIX_COUNT_CAP;
        assert.deepEqual(await countClients(tx, { startsWith: 'edge' }), { count: PREFIX_COUNT_CAP, exact });
        for (const skip of [0, many - 10, many]) {
          const place = { order: 'id', skip, limit: 25, descending: false } as const;
          const { clients, total } = await sliceClients(tx, { startsWith: 'edge' }, place);
          const found = clients.map((one) => one.id);
          assert.deepEqual(found, all.slice(skip, skip + 25), `${many} ${skip}`);
          assert.equal(total, exact || skip !== many - 10 ? PREFIX_COUNT_CAP : many, `${many} ${skip}`);
        }
        throw undone;
      });
      await assert.rejects(done, undone);
    }
  });
});

/** What a statement of a search is for. */
function stepOf({ statement }: Plan): string {
  if (statement.startsWith('select (select 1')) return 'columns';
  if (statement.startsWith('select count(*)')) return 'count';
  if (statement.startsWith('select walked.id')) return 'walk';
  if (statement.includes('row_counts')) return 'total';
  return statement.includes('as by_search') ? 'read through' : 'rows';
}

function noSort({ statement, steps }: Plan): void {
  const sorts = steps.filter((step) => /TEMP B-TREE|\bSort\b/.test(step));
  assert.deepEqual(sorts, [], `${statement}\n${steps.join('\n')}`);
}

/** SQLite: no `SCAN clients` but along an index. PostgreSQL: no `Seq Scan on clients`. */
function noWholeTable({ statement, steps }: Plan): void {
  const whole = steps.filter((step) => /SCAN (clients|one)(?!_)(?! USING)|Seq Scan on clients/.test(step));
  assert.deepEqual(whole, [], `${statement}\n${steps.join('\n')}`);
}

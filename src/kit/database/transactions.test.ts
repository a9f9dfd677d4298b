// Transactions on both databases: each has its connection to itself, is all or nothing, and is durable when it answers.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { isDatabaseAway } from '#kit/database/away.ts';
import type { Database, Queries } from '#kit/database/database.ts';
import { openPostgres } from '#kit/database/postgres.ts';
import { openSqlite } from '#kit/database/sqlite.ts';
import type { TestStore } from '#tests/durability/stores.ts';
import { openStore } from '#tests/durability/stores.ts';
import { onBothDatabases } from '#tests/world.ts';

onBothDatabases('a transaction', (name) => {
  let store: TestStore;
  let database: Database;
  before(async () => {
    store = await openStore(name);
    database = store.database;
    await database.transaction((_, script) => script('create table notes (id bigint primary key, text text not null)'));
  });
  after(() => store.close());

  const write = (queries: Queries, id: number, text = 'x') =>
    sql`insert into notes (id, text) values (${id}, ${text})`.execute(queries);
  const ids = async (from: number, until: number): Promise<number[]> => {
    const found = await sql<{
      id: number;
    }>`select id from notes where id between ${from} and ${until} order by id`.execute(database.queries);
    return found.rows.map((row) => row.id);
  };

  test('that is undone never takes the writes of others with it', async () => {
    const gate = Promise.withResolvers<void>();
    const undone = database.transaction(async (queries) => {
      await write(queries, 101);
      await gate.promise;
      await write(queries, 102);
      throw new Error('undone on purpose');
    });
    const alone = write(database.queries, 103);
    const other = database.transaction((queries) => write(queries, 104));
    await sleep(50);
    const late = write(database.queries, 105);
    gate.resolve();
    await assert.rejects(undone, /undone on purpose/);
    await Promise.all([alone, other, late]);
    assert.deepEqual(await ids(101, 199), [103, 104, 105]);
  });

  test('of a hundred at once, exactly those that end well leave their writes', async () => {
    const all = Array.from({ length: 100 }, (_, at) =>
      database.transaction(async (queries) => {
        await write(queries, 1000 + at * 2);
        if (at % 7 === 0) await sleep(1);
        await write(queries, 1001 + at * 2);
        if (at % 3 === 0) throw new Error('no');
      }),
    );
    const ended = await Promise.allSettled(all);
    const expected = ended.flatMap((one, at) => (one.status === 'fulfilled' ? [1000 + at * 2, 1001 + at * 2] : []));
    assert.equal(expected.length, 2 * 66);
    assert.deepEqual(await ids(1000, 1999), expected);
  });

  test('refuses a query that was not awaited, and nothing of it is written', async () => {
    let forgotten: Promise<unknown> = Promise.resolve();
    const gate = Promise.withResolvers<void>();
    await database.transaction(async (queries) => {
      await write(queries, 201);
      forgotten = gate.promise.then(() => write(queries, 202));
      forgotten.catch(() => {});
    });
    gate.resolve();
    await assert.rejects(forgotten, /has ended: a query was not awaited/);
    assert.deepEqual(await ids(201, 299), [201]);
  });

  test('refuses the outer queries and a second transaction inside of it, reads too', async () => {
    for (const wrong of [
      () => write(database.queries, 301),
      () => sql`select 1`.execute(database.queries),
      () => database.transaction((queries) => write(queries, 302)),
    ]) {
      await assert.rejects(
        database.transaction(async (queries) => {
          await write(queries, 303);
          await wrong();
        }),
        /use only the inner ctx/,
      );
    }
    assert.deepEqual(await ids(301, 399), []);
    await write(database.queries, 304); // outside it is fine again
    assert.deepEqual(await ids(301, 399), [304]);
  });

  test('shows nothing to others before it is done, and its own writes to itself', async () => {
    const [wrote, looked] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const done = database.transaction(async (queries) => {
      await write(queries, 401);
      const own = await sql`select id from notes where id = 401`.execute(queries);
      assert.equal(own.rows.length, 1);
      wrote.resolve();
      await looked.promise;
    });
    await wrote.promise;
    assert.deepEqual(await ids(401, 499), []);
    looked.resolve();
    await done;
    assert.deepEqual(await ids(401, 499), [401]);
  });

  test('that swallowed the failure of a statement never passes for done while it was undone', async () => {
    await write(database.queries, 501);
    const answer = await database
      .transaction(async (queries) => {
        await write(queries, 502);
        await write(queries, 501).catch(() => 'the key is taken');
      })
      .then(
        () => 'done',
        () => 'refused',
      );
    // SQLite undoes the statement alone, PostgreSQL the whole transaction; either way the answer says what is stored.
    assert.deepEqual(await ids(501, 599), answer === 'done' ? [501, 502] : [501]);
  });

  test('hears the error of its statement, and only its own', async () => {
    await write(database.queries, 601);
    const ended = await Promise.allSettled([
      write(database.queries, 602),
      write(database.queries, 601),
      database.transaction((queries) => write(queries, 603)),
      database.transaction(async (queries) => {
        await write(queries, 604);
        await write(queries, 601);
      }),
      write(database.queries, 605),
    ]);
    assert.deepEqual(
      ended.map((one) => one.status),
      ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(await ids(601, 699), [601, 602, 603, 605]);
  });

  test('is counted statement by statement', async () => {
    const before = database.statementCount();
    await write(database.queries, 701);
    await sql`select 1`.execute(database.queries);
    assert.equal(database.statementCount() - before, 2);
  });
});

describe('SQLite', () => {
  test('small writes of one turn share commits, however many they are', async () => {
    const store = await openStore('sqlite');
    const { database, path } = store;
    await database.transaction((_, script) => script('create table notes (id bigint primary key)'));
    const before = await commitsIn(`${path}-wal`);
    await Promise.all(
      Array.from({ length: 200 }, (_, at) => sql`insert into notes (id) values (${at})`.execute(database.queries)),
    );
    const commits = (await commitsIn(`${path}-wal`)) - before;
    assert.ok(commits >= 1 && commits <= 6, `${commits} commits for 200 writes`);
    await store.close();
  });

  test('one that fails among them undoes itself alone', async () => {
    const store = await openStore('sqlite');
    const { database } = store;
    await database.transaction((_, script) => script('create table notes (id bigint primary key)'));
    const ended = await Promise.allSettled(
      [1, 2, 2, 3, 1, 4].map((id) => sql`insert into notes (id) values (${id})`.execute(database.queries)),
    );
    assert.deepEqual(
      ended.map((one) => one.status === 'fulfilled'),
      [true, true, false, true, false, true],
    );
    const { rows } = await sql<{ id: number }>`select id from notes order by id`.execute(database.queries);
    assert.deepEqual(
      rows.map((row) => row.id),
      [1, 2, 3, 4],
    );
    await store.close();
  });

  test('waits for a second program that writes, without stopping the event loop', async () => {
    const store = await openStore('sqlite');
    const { database, path } = store;
    await database.transaction((_, script) => script('create table notes (id bigint primary key)'));
    const other = openSqlite(path);
    const gate = Promise.withResolvers<void>();
    const holding = other.transaction(async (queries) => {
      await sql`insert into notes (id) values (1)`.execute(queries);
      await gate.promise;
    });
    await sleep(20);
    let ticks = 0;
    const ticking = setInterval(() => {
      ticks += 1;
    }, 20);
    const written = sql`insert into notes (id) values (2)`.execute(database.queries);
    try {
      const early = await Promise.race([written.then(() => true), sleep(1000).then(() => false)]);
      assert.equal(early, false, 'the lock is held');
      assert.ok(ticks >= 15, `${ticks} ticks`);
    } finally {
      clearInterval(ticking);
      gate.resolve();
    }
    await Promise.all([holding, written]);
    await other.close();
    await store.close();
  });

  test('gives up waiting after its patience, and is not held up by having waited', async () => {
    const store = await openStore('sqlite');
    await store.database.transaction((_, script) => script('create table notes (id bigint primary key)'));
    const hasty = openSqlite(store.path, 50);
    const gate = Promise.withResolvers<void>();
    const holding = store.database.transaction(() => gate.promise);
    await sleep(20);
    const insert = (id: number) => sql`insert into notes (id) values (${id})`.execute(hasty.queries);
    await assert.rejects(insert(1), { errcode: 5 });
    gate.resolve();
    await holding;
    await insert(2);
    await hasty.close();
    await store.close();
  });

  test('a disk that fails at any step undoes what it held and nothing else, and whoever comes next is served', async () => {
    const store = await openStore('sqlite');
    const { database } = store;
    await database.transaction((_, script) => script('create table notes (id integer primary key autoincrement)'));
    const write = (fails: boolean) =>
      database.transaction(async (queries) => {
        await sql`insert into notes default values`.execute(queries);
        if (fails) throw new Error('undone');
      });
    const { exec } = DatabaseSync.prototype;
    let kept = 0;
    for (const steps of [
      ['begin immediate'],
      ['savepoint one'],
      ['rollback to one; release one'],
      ['commit'],
      ['commit', 'rollback'],
    ]) {
      DatabaseSync.prototype.exec = function (text: string): void {
        const failure = { code: 'ERR_SQLITE_ERROR', errcode: 10 };
        if (steps.includes(text)) throw Object.assign(new Error('disk I/O error'), failure);
        exec.call(this, text);
      };
      const outcomes = await Promise.allSettled([write(false), write(true), write(false)]);
      DatabaseSync.prototype.exec = exec;
      kept += outcomes.filter(({ status }) => status === 'fulfilled').length;
      await write(false);
      kept += 1;
      const { rows } = await sql<{ n: number }>`select count(*) as n from notes`.execute(database.queries);
      assert.equal(rows[0]?.n, kept, steps.join());
    }
    await store.close();
  });

  test('a disk that fills up in the middle of one undoes all of it, also where the failure was swallowed', async () => {
    const store = await openStore('sqlite');
    const { database } = store;
    await database.transaction((_, script) =>
      script('create table notes (id integer primary key, text text not null)'),
    );
    const write = (queries: Queries, id: number, text = 'x') =>
      sql`insert into notes (id, text) values (${id}, ${text})`.execute(queries);
    const outcomes = await Promise.allSettled([
      database.transaction((queries) => write(queries, 1)),
      database.transaction(async (queries, script) => {
        await script('pragma max_page_count=4');
        await write(queries, 2);
        await write(queries, 3, 'x'.repeat(100_000)).catch(() => 'too large');
        await write(queries, 4).catch(() => 'nor this'); // with nothing around it, it would be stored by itself
      }),
      database.transaction((queries) => write(queries, 5)),
    ]);
    const says = outcomes.map((one) => (one.status === 'rejected' ? isDatabaseAway(one.reason) : one.status));
    assert.deepEqual(says, [true, true, 'fulfilled']);
    const { rows } = await sql<{ id: number }>`select id from notes`.execute(database.queries);
    assert.deepEqual(rows, [{ id: 5 }]);
    await store.close();
  });

  test('what it acknowledged is in the file before the answer: another program sees it at once', async () => {
    const store = await openStore('sqlite');
    await store.database.transaction((_, script) => script('create table notes (id bigint primary key)'));
    const other = openSqlite(store.path);
    for (let id = 0; id < 20; id += 1) {
      await sql`insert into notes (id) values (${id})`.execute(store.database.queries);
      const { rows } = await sql`select id from notes where id = ${id}`.execute(other.queries);
      assert.equal(rows.length, 1);
    }
    await other.close();
    await store.close();
  });
});

describe('PostgreSQL', () => {
  test('two transactions that wait for each other both end well: the one that was undone is run again', async () => {
    const store = await openStore('postgres');
    const { database } = store;
    await database.transaction((_, script) => script('create table notes (id bigint primary key, n bigint not null)'));
    await sql`insert into notes (id, n) values (1, 0), (2, 0)`.execute(database.queries);
    const bothHold = barrier(2);
    let tries = 0;
    const crossing = (first: number, second: number) =>
      database.transaction(async (queries) => {
        tries += 1;
        await sql`update notes set n = n + 1 where id = ${first}`.execute(queries);
        if (tries <= 2) await bothHold();
        await sql`update notes set n = n + 1 where id = ${second}`.execute(queries);
      });
    await Promise.all([crossing(1, 2), crossing(2, 1)]);
    assert.ok(tries >= 3, 'one was tried again');
    const { rows } = await sql<{ n: number }>`select n from notes order by id`.execute(database.queries);
    assert.deepEqual(
      rows.map((row) => row.n),
      [2, 2],
    );
    await store.close();
  });

  test('of statements that travel together the first failure is told, whoever is heard first', async () => {
    const store = await openStore('postgres');
    const failed = store.database.transaction((queries) =>
      Promise.all([
        sql`select 1 / 0`.execute(queries).finally(() => sleep(10)),
        sql`select 1`.execute(queries), // by then the transaction is undone, and says no more than that
      ]),
    );
    await assert.rejects(failed, { code: '22012' });
    await store.close();
  });

  test('a transaction whose connection is cut is refused, and the pool goes on', async () => {
    const store = await openStore('postgres');
    const { database } = store;
    await database.transaction((_, script) => script('create table notes (id bigint primary key)'));
    const other = openPostgres(store.path, () => {});
    const cut = database.transaction(async (queries) => {
      await sql`insert into notes (id) values (1)`.execute(queries);
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(queries);
      // From the outside: this transaction's own scope has nothing to do with the other pool.
      await cutConnection(other, rows[0]?.pid ?? 0);
      await sql`insert into notes (id) values (2)`.execute(queries);
    });
    await assert.rejects(cut);
    await Promise.all([3, 4, 5].map((id) => sql`insert into notes (id) values (${id})`.execute(database.queries)));
    const { rows } = await sql<{ id: number }>`select id from notes order by id`.execute(database.queries);
    assert.deepEqual(
      rows.map((row) => row.id),
      [3, 4, 5],
    );
    await other.close();
    await store.close();
  });

  test('more transactions than connections all get their turn', async () => {
    const store = await openStore('postgres');
    const { database } = store;
    await database.transaction((_, script) => script('create table notes (id bigint primary key)'));
    await Promise.all(
      Array.from({ length: 60 }, (_, id) =>
        database.transaction(async (queries) => {
          await sleep(5);
          await sql`insert into notes (id) values (${id})`.execute(queries);
        }),
      ),
    );
    const { rows } = await sql<{ n: number }>`select count(*) as n from notes`.execute(database.queries);
    assert.equal(Number(rows[0]?.n), 60);
    await store.close();
  });
});

/** The commits in a write-ahead log: frames that say how large the file is after them (https://sqlite.org/fileformat2.html#walformat). */
async function commitsIn(path: string): Promise<number> {
  const log = await readFile(path);
  const frame = 24 + log.readUInt32BE(8);
  let commits = 0;
  for (let at = 32; at + frame <= log.length; at += frame) if (log.readUInt32BE(at + 4) !== 0) commits += 1;
  return commits;
}

/** Lets callers on when so many have come. */
function barrier(count: number): () => Promise<void> {
  const all = Promise.withResolvers<void>();
  let here = 0;
  return async () => {
    here += 1;
    if (here === count) all.resolve();
    await all.promise;
  };
}

/** Leaves the transaction's scope, as another program would be outside of it. */
function cutConnection(other: Database, pid: number): Promise<void> {
  const done = Promise.withResolvers<void>();
  outside.push(async () => {
    await sql`select pg_terminate_backend(${pid})`.execute(other.queries);
    done.resolve();
  });
  return done.promise;
}

const outside: (() => Promise<void>)[] = [];
setInterval(() => void outside.shift()?.(), 10).unref();

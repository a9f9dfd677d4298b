// The test server itself: it answers, keeps what it must keep, and leaves nothing behind.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { copyPrograms, freshDatabase, startPostgres, templateDatabase, testPostgres } from '#tests/postgres.ts';

describe('fresh databases', () => {
  test('two of them do not see each other', async () => {
    const server = await testPostgres();
    const one = await freshDatabase(server);
    const other = await freshDatabase(server);
    await ask(one.url, 'create table person (name text)');
    assert.deepEqual(await tablesOf(one.url), ['person']);
    assert.deepEqual(await tablesOf(other.url), []);
    await one.drop();
    await other.drop();
  });

  test('a dropped one is gone, even while somebody is connected', async () => {
    const database = await freshDatabase(await testPostgres());
    const client = new pg.Client({ connectionString: database.url });
    client.on('error', () => undefined);
    await client.connect();
    await database.drop();
    await assert.rejects(ask(database.url, 'select 1'), /does not exist/);
    await client.end().catch(() => undefined);
  });

  test('a copy of a template has its tables, and the template was prepared once however many asked', async () => {
    const server = await testPostgres();
    const key = `test_${process.pid}`;
    let prepared = 0;
    const prepare = async (url: string) => {
      prepared++;
      await ask(url, 'create table person (name text); create extension pg_trgm');
    };
    const names = await Promise.all([1, 2, 3].map(() => templateDatabase(server, key, prepare)));
    assert.deepEqual(new Set(names).size, 1);
    const [template = ''] = names;
    const copies = await Promise.all([1, 2, 3].map(() => freshDatabase(server, { template })));
    for (const copy of copies) assert.deepEqual(await tablesOf(copy.url), ['person']);
    assert.equal(prepared, 1);
    for (const copy of copies) await copy.drop();
  });

  test('a template whose preparation failed is not kept', async () => {
    const server = await testPostgres();
    const fail = () => Promise.reject(new Error('migration 7 is broken'));
    await assert.rejects(templateDatabase(server, `broken_${process.pid}`, fail), /migration 7 is broken/);
    const left = await ask(server.url, `select 1 from pg_database where datname = 'template_broken_${process.pid}'`);
    assert.equal(left.rowCount, 0);
  });
});

describe('a server of our own', () => {
  test('what it committed survives a crash, what it had not is gone', async (t) => {
    const server = await startPostgres({ durable: true });
    t.after(() => server.stop());
    const settings = await ask(
      server.url,
      `select current_setting('fsync') || current_setting('synchronous_commit') as v`,
    );
    assert.deepEqual(settings.rows, [{ v: 'onon' }]);

    await ask(server.url, 'create table line (n int)');
    await ask(server.url, 'insert into line values (1)');
    const open = new pg.Client({ connectionString: server.url });
    open.on('error', () => undefined);
    await open.connect();
    await open.query('begin');
    await open.query('insert into line values (2)');

    await server.crash();
    await assert.rejects(ask(server.url, 'select 1'), /ECONNREFUSED/);
    await server.restart();
    assert.deepEqual((await ask(server.url, 'select n from line')).rows, [{ n: 1 }]);
    await server.crash();
    await server.restart();
    assert.deepEqual((await ask(server.url, 'select n from line')).rows, [{ n: 1 }]);
    await open.end().catch(() => undefined);
  });

  test('listens on loopback alone, in UTF-8 and UTC', async (t) => {
    const server = await startPostgres();
    t.after(() => server.stop());
    const { rows } = await ask(
      server.url,
      `select current_setting('listen_addresses') a, current_setting('server_encoding') e, current_setting('timezone') z,
        lower('ÄÖ') l`,
    );
    assert.deepEqual(rows, [{ a: '127.0.0.1', e: 'UTF8', z: 'UTC', l: 'äö' }]);
  });

  test('ends with a process that ends, and leaves no data', async () => {
    const { url, folder, done } = await serverInAnotherProcess('await new Promise((later) => setTimeout(later, 1))');
    assert.equal(await done, 0);
    await eventually(() => assert.rejects(ask(url, 'select 1'), /ECONNREFUSED/));
    await eventually(() => Promise.resolve(assert.equal(existsSync(folder), false)));
  });

  test('ends with a process that is killed, and leaves no data', async () => {
    const { url, folder, done, kill } = await serverInAnotherProcess('setInterval(() => {}, 1000)');
    await ask(url, 'select 1');
    kill();
    await done;
    await eventually(() => assert.rejects(ask(url, 'select 1'), /ECONNREFUSED/));
    await eventually(() => Promise.resolve(assert.equal(existsSync(folder), false)));
  });
});

test('the programs are whole even where npm ran no install script', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'doorward-copy-'));
  t.after(() => rm(folder, { recursive: true }));
  const listed = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
  await mkdir(join(folder, 'native/bin'), { recursive: true });
  await mkdir(join(folder, 'native/lib'), { mode: 0o700 });
  await writeFile(join(folder, 'native/bin/postgres'), 'program', { mode: 0o600 });
  await writeFile(join(folder, 'native/lib/libpq.so.5.18'), 'library', { mode: 0o600 });
  await writeFile(join(folder, 'native/pg-symlinks.json'), JSON.stringify(listed));

  await copyPrograms(join(folder, 'native'), join(folder, 'copy'));
  assert.equal(await readFile(join(folder, 'copy/lib/libpq.so.5'), 'utf8'), 'library');
  assert.equal((await stat(join(folder, 'copy/bin/postgres'))).mode & 0o777, 0o755);
  assert.equal((await stat(join(folder, 'copy/lib'))).mode & 0o777, 0o755);
  assert.equal((await stat(join(folder, 'copy/lib/libpq.so.5'))).mode & 0o777, 0o644);

  await copyPrograms(join(folder, 'native'), join(folder, 'copy'));
  assert.deepEqual((await readdir(folder)).sort(), ['copy', 'native']);
});

/** Runs a program that starts a server, tells about it and then does as told; for what happens after its end. */
async function serverInAnotherProcess(then: string) {
  const program = `
    import pg from 'pg';
    import { testPostgres } from '#tests/postgres.ts';
    const { url } = await testPostgres();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query("select current_setting('data_directory') as folder");
    await client.end();
    console.log(JSON.stringify([url, rows[0].folder]));
    ${then}`;
  const { NODE_TEST_CONTEXT: _, DOORWARD_TEST_POSTGRES_URL: __, ...env } = process.env;
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program],
    {
      env,
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const done = once(child, 'exit').then(([code]) => code);
  const [line] = await once(createInterface(child.stdout), 'line');
  const [url, folder] = JSON.parse(line);
  return { url: String(url), folder: String(folder), done, kill: () => child.kill('SIGKILL') };
}

async function ask(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

async function tablesOf(url: string): Promise<string[]> {
  const { rows } = await ask(url, `select tablename from pg_tables where schemaname = 'public' order by 1`);
  return rows.map((row) => String(row.tablename));
}

async function eventually(claim: () => Promise<void>): Promise<void> {
  const giveUpAt = performance.now() + 5_000;
  for (;;) {
    try {
      return await claim();
    } catch (fault) {
      if (performance.now() > giveUpAt) throw fault;
      await sleep(50);
    }
  }
}

// Migrations by real processes: at once, and interrupted.

import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Database } from '#kit/database/database.ts';
import { openPostgres } from '#kit/database/postgres.ts';
import { openSqlite } from '#kit/database/sqlite.ts';
import { MIGRATIONS } from '#src/context.ts';
import type { Installation } from '#tests/cli/doorward.ts';
import { installation, script } from '#tests/cli/doorward.ts';
import { onBothDatabases } from '#tests/world.ts';

onBothDatabases('migrating', (database) => {
  let here: Installation;
  before(async () => {
    here = await installation({ database, empty: true });
  });
  after(() => here.close());

  const place = (): string => here.env['DOORWARD_DATABASE_URL'] ?? join(here.folder, 'doorward.db');
  const opened = (): Database => (database === 'postgres' ? openPostgres(place(), () => {}) : openSqlite(place()));

  test('four processes at once on an empty database all end well, and each step is done once', async () => {
    const names = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql')).sort();
    const answers = await Promise.all(Array.from({ length: 4 }, () => here.json<{ applied: string[] }>(['migrate'])));
    assert.deepEqual(answers.flatMap((one) => one.applied).sort(), names);
  });

  test('a second time there is nothing to do', async () => {
    assert.deepEqual(await here.json(['migrate']), { applied: [] });
    assert.equal((await here.run(['migrate'])).out, 'The database was up to date.\n');
  });

  test('killed in the middle of a step, the next start finds whole steps and goes on', async () => {
    const folder = join(here.folder, 'steps');
    await mkdir(folder);
    await writeFile(join(folder, '101-first.sql'), 'create table first_step (id bigint);');
    // It has made its table and then takes its time.
    await writeFile(join(folder, '102-second.sql'), `create table second_step (id bigint);\n${SLOW[database]}`);
    const victim = here.start(script('tests/cli/programs/migrate.ts', place(), folder));
    const database_ = opened();
    await until(async () => (await stepsIn(database_)).includes('101-first.sql'));
    await sleep(700); // it is inside the second step by now
    victim.signal('SIGKILL');
    assert.equal(await victim.ended, 'SIGKILL');
    assert.deepEqual(
      (await stepsIn(database_)).filter((name) => name.startsWith('1')),
      ['101-first.sql'],
    );
    await database_.close();

    await writeFile(join(folder, '102-second.sql'), 'create table second_step (id bigint);');
    const next = here.start(script('tests/cli/programs/migrate.ts', place(), folder));
    assert.equal(await next.ended, 0, next.err());
    assert.equal(next.out(), '["102-second.sql"]\n');
  });

  test('a step that fails leaves nothing of itself', async () => {
    const folder = join(here.folder, 'broken');
    await mkdir(folder);
    await writeFile(
      join(folder, '201-broken.sql'),
      'create table half_done (id bigint);\ninsert into no_such_table values (1);',
    );
    const failing = here.start(script('tests/cli/programs/migrate.ts', place(), folder));
    assert.notEqual(await failing.ended, 0);
    await writeFile(join(folder, '201-broken.sql'), 'create table half_done (id bigint);');
    const next = here.start(script('tests/cli/programs/migrate.ts', place(), folder));
    assert.equal(await next.ended, 0, next.err());
  });
});

// A backend whose client was killed notices when its statement ends; the next migration waits for that.
const SLOW = {
  postgres: 'select pg_sleep(4);',
  sqlite: `create table slow as with recursive count (n) as (select 1 union all select n + 1 from count where n < 2000000000) select max(n) as n from count;`,
};

async function stepsIn(database: Database): Promise<string[]> {
  try {
    const { rows } = await sql<{ name: string }>`select name from schema_migrations order by name`.execute(
      database.queries,
    );
    return rows.map((row) => row.name);
  } catch {
    return []; // not even the table is there
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + 30_000;
  while (!(await holds())) {
    if (performance.now() > giveUpAt) throw new Error('it never came to that');
    await sleep(20);
  }
}

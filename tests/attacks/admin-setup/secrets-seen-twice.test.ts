// Somebody with a copy of the database, the log of the process, the activity log or a second look at any page hunts for the
// secret of a credential and the link of a letter: both were shown once, to whom they are for.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { pino } from 'pino';
import { findPages } from '#src/app.ts';
import { signedIn } from '#tests/staff.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

onBothDatabases('secrets are seen once', (database) => {
  let world: World;
  let root: TestBrowser;
  let secret = '';
  let identifier = '';
  let link = '';
  before(async () => {
    world = await testWorld(database);
    root = await signedIn(world, 'root');
    const fields = { description: 'Billing', administrator: String(world.cast.root.id), reach: 'every' };
    const made = await root.post('/admin/api-credentials/new', fields);
    assert.equal(made.headers['cache-control'], 'no-store');
    secret = /id="secret-secret"[^>]* value="([^"]*)"/.exec(made.body)?.[1] ?? '';
    identifier = /id="secret-identifier"[^>]* value="([^"]*)"/.exec(made.body)?.[1] ?? '';
    assert.match(secret, /^[A-Za-z0-9]{32}$/);
    assert.equal(made.body.split(secret).length, 2, 'it stands in the answer exactly once');
    await root.post(`/admin/administrators/${world.cast.sam.id}/password-letter`);
    link = (await world.letterTo('sam@staff.example.test')).link.split('/').at(-1) ?? '';
    assert.ok(link.length > 20);
  });
  after(() => world.close());

  test('no page of the admin area shows them again', async () => {
    const pages = (await findPages()).filter(({ room, page }) => room === 'admin' && page.get);
    let drawn = 0;
    for (const { address } of pages) {
      const path = address.replace(':area', 'api').replace(':name', 'clientarea:emails').replaceAll(/:\w+/g, '1');
      const { body, statusCode } = await root.get(path);
      if (statusCode === 200) drawn += 1;
      assert.ok(!body.includes(secret), `${path} shows the secret`);
      assert.ok(!body.includes(link), `${path} shows the link`);
    }
    assert.ok(drawn > 40, `${drawn} pages`);
  });

  test('no column of the database holds them', async () => {
    const names =
      database === 'sqlite'
        ? await sql<{
            name: string;
          }>`select name from sqlite_master where type = 'table' and sql not like '%virtual%'`.execute(world.ctx.db)
        : await sql<{
            name: string;
          }>`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`.execute(
            world.ctx.db,
          );
    const texts: string[] = [];
    for (const { name } of names.rows) {
      const { rows } = await sql`select * from ${sql.table(name)}`.execute(world.ctx.db);
      texts.push(JSON.stringify(rows));
    }
    const all = texts.join('\n');
    assert.ok(all.includes(identifier), 'the search looked at the right place');
    assert.ok(!all.includes(secret));
    assert.ok(!all.includes(link));
  });

  test('a reload of the answer makes another credential rather than showing this one', async () => {
    const page = await root.get('/admin/api-credentials/new');
    assert.ok(!page.body.includes(secret));
  });
});

test('the log of the process holds no secret, even where it says everything', async () => {
  const lines: string[] = [];
  const world = await testWorld('sqlite');
  try {
    const logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    Object.assign(world.ctx.log, {
      info: logger.info.bind(logger),
      warn: logger.warn.bind(logger),
      error: logger.error.bind(logger),
      debug: logger.debug.bind(logger),
      trace: logger.trace.bind(logger),
    });
    const root = await signedIn(world, 'root');
    const fields = { description: 'Billing', administrator: String(world.cast.root.id), reach: 'every' };
    const made = await root.post('/admin/api-credentials/new', fields);
    const secret = /id="secret-secret"[^>]* value="([^"]*)"/.exec(made.body)?.[1] ?? 'none';
    await root.post('/admin/account/password', { current: 'correct horse battery stapler', password: 'x' });
    const all = lines.join('\n');
    for (const one of [secret, 'correct horse battery staple']) assert.ok(!all.includes(one));
  } finally {
    await world.close();
  }
});

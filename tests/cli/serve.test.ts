// The server as a process: how it starts, what it says, how it stops, and what it does while its database is away.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Installation, Server } from '#tests/cli/doorward.ts';
import { installation, script } from '#tests/cli/doorward.ts';
import { startPostgres } from '#tests/postgres.ts';
import { onBothDatabases } from '#tests/world.ts';

const SETUP = /Make the first administrator: (\S+)\n/;

onBothDatabases('starting', (database) => {
  let here: Installation;
  before(async () => {
    here = await installation({ database, empty: true });
  });
  after(() => here.close());

  test('on an empty database it migrates, says that it is ready, and prints a link that opens the set-up', async () => {
    const server = await here.serve();
    const [, link = ''] = SETUP.exec(server.out()) ?? [];
    assert.ok(link.startsWith(`${server.url}/setup?token=`), link);
    const page = await fetch(link);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /name="username"/);
    assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
    server.signal('SIGTERM');
    assert.equal(await server.ended, 0);
    // Nothing but these two lines on standard output.
    assert.deepEqual(server.out().trim().split('\n').length, 2);
  });

  test('the next start prints another link, and the first one opens nothing any more', async () => {
    const first = await here.serve();
    const [, old = ''] = SETUP.exec(first.out()) ?? [];
    first.signal('SIGINT');
    assert.equal(await first.ended, 0);
    const second = await here.serve({ env: { DOORWARD_URL: 'https://my.example.test' } });
    assert.match(
      second.out(),
      /^Doorward is ready at https:\/\/my\.example\.test\nMake the first administrator: https:\/\/my\.example\.test\/setup\?token=/,
    );
    second.signal('SIGTERM');
    await second.ended;
    const third = await here.serve();
    const { search } = new URL(old);
    assert.notEqual((await fetch(`${third.url}/setup${search}`)).status, 200);
    third.signal('SIGTERM');
    await third.ended;
  });

  test('once there is an administrator no link is printed', async () => {
    const person = ['--username', 'root', '--email', 'r@example.test', '--first-name', 'R', '--last-name', 'R'];
    await here.json(['admin', 'create', ...person, '--password-stdin'], { input: 'a long enough passphrase' });
    const server = await here.serve();
    assert.doesNotMatch(server.out(), /setup/);
    server.signal('SIGTERM');
    assert.equal(await server.ended, 0);
  });

  test('a port that is taken is said in one line, with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    const { code, out, err } = await here.run(['serve', '--port', port]);
    other.close();
    assert.equal(code, 1);
    assert.equal(out, '');
    const words = err.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
    assert.deepEqual(words, [
      `The address 127.0.0.1:${port} is in use by another program: choose another with --port.`,
    ]);
  });
});

describe('stopping', () => {
  let here: Installation;
  before(async () => {
    here = await installation({ database: 'sqlite' });
  });
  after(() => here.close());

  test('a request under way is answered whole before it leaves with 0, and nobody new is let in', async () => {
    const server = await here.serve();
    const half = await halfRequest(server);
    server.signal('SIGTERM');
    await eventuallyRefused(server);
    const answer = await half.finish();
    assert.match(answer, /^HTTP\/1\.1 \d{3} /);
    assert.match(answer, /<\/html>\s*(?:0\r\n\r\n)?$/);
    assert.equal(await server.ended, 0);
  });

  test('a connection that is only kept open does not hold it up', async () => {
    const server = await here.serve();
    const { port, hostname } = new URL(server.url);
    const idle = connect(Number(port), hostname === 'localhost' ? '127.0.0.1' : hostname);
    idle.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(idle, 'data');
    const startedAt = performance.now();
    server.signal('SIGTERM');
    assert.equal(await server.ended, 0);
    assert.ok(performance.now() - startedAt < 8000, 'sooner than a kept connection times out');
    idle.destroy();
  });

  test('a signal that comes twice at once, as under npm, still drains', async () => {
    const server = await here.serve();
    const half = await halfRequest(server);
    server.signal('SIGINT');
    server.signal('SIGINT');
    await sleep(300);
    server.signal('SIGINT');
    assert.match(await half.finish(), /^HTTP\/1\.1 \d{3} /);
    assert.equal(await server.ended, 0);
  });

  test('a signal to npm, which `npm start` runs under, reaches it', async () => {
    const npm = here.start(['npm', 'start', '--', '--port', '0']);
    const url = /ready at (\S+)/.exec(await npm.said(/ready at \S+\n/))?.[1] ?? '';
    npm.signal('SIGTERM');
    assert.equal(await npm.ended, 0);
    await assert.rejects(fetch(`${url}/healthz`), 'no server is left behind');
  });

  test('a second signal later insists', async () => {
    const server = await here.serve();
    const half = await halfRequest(server);
    server.signal('SIGTERM');
    await sleep(1500);
    server.signal('SIGTERM');
    assert.equal(await server.ended, 1);
    half.destroy();
  });
});

onBothDatabases('stopping while somebody has left', (database) => {
  test('what they had asked for is done to its end before the database is closed', async () => {
    const here = await installation({ database });
    try {
      const server = await here.serve();
      const leaving = Array.from({ length: 24 }, (_, number) => askedToSignIn(server, `nobody${number}@example.test`));
      const asked = await Promise.all(leaving);
      server.signal('SIGTERM');
      for (const one of asked) one.destroy();
      assert.equal(await server.ended, 0);
      assert.doesNotMatch(server.out() + server.err(), /"level":(?:50|60)|error/i);
    } finally {
      await here.close();
    }
  });
});

/** A sign-in that was sent and is not answered yet: its password waits to be checked. */
async function askedToSignIn(server: Server, email: string): Promise<ReturnType<typeof connect>> {
  const page = await fetch(`${server.url}/login`);
  const csrf = /name="csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
  const cookie = page.headers.getSetCookie().map((one) => one.split(';')[0]);
  const body = new URLSearchParams({ csrf, email, password: 'a password of nobody' }).toString();
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname === 'localhost' ? '127.0.0.1' : hostname);
  socket.on('error', () => {}); // it may be closed from the other side first
  const lines = ['POST /login HTTP/1.1', 'Host: localhost', `Cookie: ${cookie.join('; ')}`];
  const typed = ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${body.length}`];
  await new Promise<void>((sent) => {
    socket.write(`${[...lines, ...typed].join('\r\n')}\r\n\r\n${body}`, () => sent());
  });
  return socket;
}

describe('while the database is away', () => {
  test('it lives, says that it is not ready, and is ready again when the database is', async () => {
    const postgres = await startPostgres();
    const here = await installation({ database: 'postgres', server: postgres });
    try {
      const server = await here.serve();
      const status = async (path: string): Promise<number> => (await fetch(`${server.url}${path}`)).status;
      assert.deepEqual([await status('/healthz'), await status('/readyz')], [200, 200]);
      await postgres.crash();
      assert.deepEqual([await status('/healthz'), await status('/readyz')], [200, 503]);
      assert.ok((await status('/login')) >= 500, 'a page is refused, and the server lives on');
      await postgres.restart();
      for (let tries = 0; (await status('/readyz')) !== 200 && tries < 50; tries += 1) await sleep(100);
      assert.deepEqual([await status('/healthz'), await status('/readyz'), await status('/login')], [200, 200, 200]);
      server.signal('SIGTERM');
      assert.equal(await server.ended, 0);
    } finally {
      await here.close();
      await postgres.stop();
    }
  });

  test('a database of another version is not ready', async () => {
    const here = await installation({ database: 'postgres' });
    const server = await here.serve();
    const client = new pg.Client(here.env['DOORWARD_DATABASE_URL']);
    await client.connect();
    await client.query('delete from schema_migrations');
    const answer = await fetch(`${server.url}/readyz`);
    assert.equal(answer.status, 503);
    assert.equal(await answer.text(), 'the database is of another version\n');
    await client.end();
    await here.close();
  });

  test('a server whose database user may not change the schema serves a database that is up to date', async () => {
    const here = await installation({ database: 'postgres' });
    const url = new URL(here.env['DOORWARD_DATABASE_URL'] ?? '');
    const role = `plain_${process.pid}_${Date.now()}`;
    const client = new pg.Client(url.href);
    await client.connect();
    await client.query(`create role ${role} login`);
    await client.query(`revoke create on schema public from public`);
    await client.query(`grant select, insert, update, delete on all tables in schema public to ${role}`);
    await client.query(`grant usage on all sequences in schema public to ${role}`);
    url.username = role;
    const server = await here.serve({ env: { DOORWARD_DATABASE_URL: url.href } });
    assert.equal((await fetch(`${server.url}/login`)).status, 200);
    server.signal('SIGTERM');
    assert.equal(await server.ended, 0);
    await client.query(`drop owned by ${role}`);
    await client.query(`drop role ${role}`);
    await client.end();
    await here.close();
  });
});

describe('npm run dev', () => {
  test('makes a cast, prints whom to sign in as, and shows every letter with its link, which production never does', async () => {
    const here = await installation({ database: 'sqlite' });
    try {
      const dev = here.start(script('src/dev.ts'), { env: { PORT: '0' } });
      const said = await dev.said(/lone@example\.test.*\n/);
      const url = /ready at (\S+)/.exec(said)?.[1] ?? '';
      assert.match(said, /root .*Full Administrator/);
      const list = await (await fetch(`${url}/dev/letters`)).text();
      const path = /href="(\/dev\/letters\/\d+)"/.exec(list)?.[1] ?? '';
      const letter = await (await fetch(`${url}${path}`)).text();
      const link = /href="(http:[^"]+\/password\/set\/[^"]+)"/.exec(letter)?.[1] ?? '';
      assert.equal((await fetch(link)).status, 200);
      dev.signal('SIGTERM');
      assert.equal(await dev.ended, 0);
      const server = await here.serve();
      assert.equal((await fetch(`${server.url}/dev/letters`)).status, 404);
      server.signal('SIGTERM');
      await server.ended;
    } finally {
      await here.close();
    }
  });

  test('refuses an address that others reach', async () => {
    const here = await installation({ database: 'sqlite' });
    const dev = here.start(script('src/dev.ts'), { env: { PORT: '0', DOORWARD_URL: 'https://my.example.test' } });
    assert.equal(await dev.ended, 1);
    assert.match(dev.err(), /this machine alone/);
    await here.close();
  });
});

/** A form that was sent in part: the server has its head, and waits for the rest. */
async function halfRequest(server: Server): Promise<{ finish(): Promise<string>; destroy(): void }> {
  const body = 'email=ada%40example.test&password=x';
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1').setEncoding('utf8');
  await once(socket, 'connect');
  let answer = '';
  socket.on('data', (part) => {
    answer += part;
  });
  socket.on('error', () => undefined);
  socket.write(
    `POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
  );
  await sleep(300);
  return {
    async finish() {
      const closed = once(socket, 'close');
      socket.write(body.slice(10));
      await closed;
      return answer;
    },
    destroy: () => void socket.destroy(),
  };
}

async function eventuallyRefused(server: Server): Promise<void> {
  for (let tries = 0; tries < 50; tries += 1) {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    const refused = await Promise.race([
      once(socket, 'connect').then(() => false),
      once(socket, 'error').then(() => true),
    ]).catch(() => true);
    socket.destroy();
    if (refused) return;
    await sleep(50);
  }
  assert.fail('it still lets people in');
}

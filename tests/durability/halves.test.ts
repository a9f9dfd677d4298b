// Cut off in the middle of making accounts, nothing is there by half; and a server outlives the crash of its database.
// (That no acknowledged write is lost: acknowledged-writes.test.ts.)

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Installation, Server } from '#tests/cli/doorward.ts';
import { installation } from '#tests/cli/doorward.ts';
import { rowsOf } from '#tests/durability/rows.ts';
import { startPostgres } from '#tests/postgres.ts';
import { onBothDatabases } from '#tests/world.ts';

const AT_ONCE = 25;

type Program = { readonly identifier: string; readonly secret: string };

onBothDatabases('kill -9 while accounts are made', (database) => {
  test('leaves whole accounts: none without its owner, that person and their letter, and those that were acknowledged', async () => {
    const postgres = database === 'postgres' ? await startPostgres({ durable: true }) : undefined;
    const here = await installation({ database, ...(postgres ? { server: postgres } : {}) });
    try {
      const program = await programOf(here);
      const server = await here.serve();
      const emails = Array.from({ length: 100 }, (_, number) => `crash${number}@example.test`);
      const acknowledged = await sendAll(
        emails,
        (email) => addClient(server, program, email),
        40,
        () => server.signal('SIGKILL'),
      );
      await server.ended;
      assert.ok(
        acknowledged.size >= 40 && acknowledged.size < 100,
        `${acknowledged.size} answers: it died amid the writes`,
      );
      const next = await here.serve();
      next.signal('SIGTERM');
      assert.equal(await next.ended, 0);

      const found = await rowsOf<{ email: string; owners: number; letters: number }>(
        here,
        `select c.email_key as email,
           (select count(*) from members m join users u on u.id = m.user_id where m.client_id = c.id and m.is_owner = 1) as owners,
           (select count(*) from letters l where l.to_address = c.email) as letters
         from clients c where c.email_key like 'crash%'`,
      );
      for (const one of found) assert.deepEqual([Number(one.owners), Number(one.letters)], [1, 1], one.email);
      const there = new Set(found.map((one) => one.email));
      assert.deepEqual(
        [...acknowledged].filter((email) => !there.has(email)),
        [],
      );
      // A person without an account would be half of one that was cut off.
      const [people] = await rowsOf<{ n: number }>(
        here,
        `select count(*) as n from users where email_key like 'crash%'`,
      );
      assert.equal(Number(people?.n), found.length);
      if (database === 'sqlite') {
        assert.deepEqual(await rowsOf(here, 'pragma foreign_key_check'), []);
        const [check] = await rowsOf<{ integrity_check: string }>(here, 'pragma integrity_check');
        assert.equal(check?.integrity_check, 'ok');
      }
    } finally {
      await here.close();
      await postgres?.stop();
    }
  });
});

describe('a crash of PostgreSQL under a server', () => {
  test('loses nothing that was acknowledged, and the same server goes on when the database is back', async () => {
    const postgres = await startPostgres({ durable: true });
    const here = await installation({ database: 'postgres', server: postgres });
    try {
      const program = await programOf(here);
      const server = await here.serve();
      const note = (description: string) => call(server, program, { action: 'LogActivity', description });
      let crashed: Promise<void> = Promise.resolve();
      const texts = Array.from({ length: 200 }, (_, number) => `write ${number} of 200`);
      const acknowledged = await sendAll(texts, note, 60, () => {
        crashed = postgres.crash();
      });
      await crashed;
      assert.ok(
        acknowledged.size >= 60 && acknowledged.size < 200,
        `${acknowledged.size} answers: it died amid the writes`,
      );
      assert.equal((await fetch(`${server.url}/healthz`)).status, 200, 'the server itself lives');
      await postgres.restart();
      for (let tries = 0; tries < 100 && (await fetch(`${server.url}/readyz`)).status !== 200; tries += 1)
        await sleep(100);
      const kept = await rowsOf<{ description: string }>(
        here,
        `select description from audit_log where description like '%write % of 200'`,
      );
      const lost = [...acknowledged].filter((text) => !kept.some((row) => row.description.endsWith(text)));
      assert.deepEqual(lost, []);
      const more = await sendAll(['write 200 of 200'], note, 1, () => {});
      assert.equal(more.size, 1);
      server.signal('SIGTERM');
      assert.equal(await server.ended, 0);
    } finally {
      await here.close();
      await postgres.stop();
    }
  });
});

async function programOf(here: Installation): Promise<Program> {
  const person = ['--username', 'root', '--email', 'root@example.test', '--first-name', 'R', '--last-name', 'R'];
  await here.json(['admin', 'create', ...person, '--password-stdin'], { input: 'a long enough passphrase' });
  return here.json<Program>(['credential', 'create', '--admin', 'root']);
}

/** Sends all, many at a time, strikes when so many were acknowledged, and gives those that were. */
async function sendAll(
  all: readonly string[],
  send: (one: string) => Promise<boolean>,
  strikeAfter: number,
  strike: () => void,
): Promise<Set<string>> {
  const acknowledged = new Set<string>();
  const waiting = [...all];
  const sender = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      if (!(await send(one))) continue;
      acknowledged.add(one);
      if (acknowledged.size === strikeAfter) strike();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  return acknowledged;
}

function addClient(server: Server, program: Program, email: string): Promise<boolean> {
  return call(server, program, {
    action: 'AddClient',
    firstname: 'Crash',
    lastname: 'Test',
    email,
    password2: 'seventeen small boats',
    skipvalidation: 'true',
  });
}

/** Whether the API acknowledged the call. */
async function call(server: Server, program: Program, values: Readonly<Record<string, string>>): Promise<boolean> {
  const body = new URLSearchParams({ ...program, ...values, responsetype: 'json' });
  try {
    const answer = await fetch(`${server.url}/includes/api.php`, { method: 'POST', body });
    const { result } = (await answer.json()) as { result?: string };
    return answer.ok && result === 'success';
  } catch {
    return false; // cut off
  }
}

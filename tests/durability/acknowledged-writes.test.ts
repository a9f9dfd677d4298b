// kill -9 in the middle of 200 writes: what was acknowledged is there afterwards, and the next start needs no help.
// On PostgreSQL its own server is killed as well, with fsync on.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Installation, Server } from '#tests/cli/doorward.ts';
import { installation } from '#tests/cli/doorward.ts';
import type { OwnPostgres } from '#tests/postgres.ts';
import { startPostgres } from '#tests/postgres.ts';

const WRITES = 200;
const AT_ONCE = 20;

type Program = { readonly identifier: string; readonly secret: string };

describe('kill -9 during 200 writes loses none that was acknowledged', { timeout: 120_000 }, () => {
  test('sqlite: the process is killed', async () => {
    const here = await installation({ database: 'sqlite', empty: true });
    await survives(here, async (server) => {
      server.signal('SIGKILL');
    });
    await here.close();
  });

  test('postgres: the process is killed', async () => {
    const postgres = await startPostgres({ durable: true });
    const here = await installation({ database: 'postgres', server: postgres, empty: true });
    await survives(here, async (server) => {
      server.signal('SIGKILL');
    });
    await here.close();
    await postgres.stop();
  });

  test('postgres: the database is killed, and both start again', async () => {
    const postgres: OwnPostgres = await startPostgres({ durable: true });
    const here = await installation({ database: 'postgres', server: postgres, empty: true });
    await survives(here, async (server) => {
      await postgres.crash();
      server.signal('SIGKILL');
      await postgres.restart();
    });
    await here.close();
    await postgres.stop();
  });
});

async function survives(here: Installation, kill: (server: Server) => Promise<void>): Promise<void> {
  const person = ['--username', 'root', '--email', 'r@example.test', '--first-name', 'R', '--last-name', 'R'];
  await here.json(['admin', 'create', ...person, '--password-stdin', '--json'], { input: 'a long enough passphrase' });
  const program = await here.json<Program>(['credential', 'create', '--admin', 'root', '--json']);
  const server = await here.serve();
  const acknowledged = new Set<number>();
  const writing = writeAll(server.url, program, acknowledged);
  while (acknowledged.size < WRITES / 4) await sleep(1);
  await kill(server);
  await writing;
  await server.ended;
  assert.ok(acknowledged.size < WRITES, 'it was killed too late to prove anything');

  const again = await here.serve();
  const kept = await keptEntries(again.url, program);
  const lost = [...acknowledged].filter((number) => !kept.has(number));
  assert.deepEqual(lost, [], `${lost.length} of ${acknowledged.size} acknowledged writes are gone`);
  again.signal('SIGTERM');
  assert.equal(await again.ended, 0);
}

/** Sends the writes, several at once; a number is acknowledged once the answer says success. */
async function writeAll(url: string, program: Program, acknowledged: Set<number>): Promise<void> {
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < WRITES) {
      const number = next++;
      const answer = await call(url, program, { action: 'LogActivity', description: `entry number ${number}.` }).catch(
        () => undefined,
      );
      if (answer?.['result'] === 'success') acknowledged.add(number);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

async function keptEntries(url: string, program: Program): Promise<Set<number>> {
  const answer = await call(url, program, { action: 'GetActivityLog', limitnum: '1000' });
  return new Set([...JSON.stringify(answer).matchAll(/entry number (\d+)\./g)].map((found) => Number(found[1])));
}

async function call(
  url: string,
  program: Program,
  values: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const body = new URLSearchParams({ ...program, responsetype: 'json', ...values });
  const answer = await fetch(`${url}/includes/api.php`, { method: 'POST', body });
  return (await answer.json()) as Record<string, unknown>;
}

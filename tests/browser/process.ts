// A real Doorward in a process of its own, for tests that open it in a real browser.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freshDatabase, testPostgres } from '#tests/postgres.ts';
import type { DatabaseName } from '#tests/world.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/doorward', import.meta.url));

/** A running Doorward. */
export type Running = {
  readonly url: string;
  /** The printed set-up link; empty where there is an administrator already. */
  readonly setupLink: string;
  /** Runs a command of bin/doorward beside the server. Answers what it printed; throws when it fails. */
  command(words: readonly string[], input?: string): Promise<string>;
  stop(): Promise<void>;
};

/** Starts `bin/doorward serve` on a fresh database and waits until it says it is ready. */
export async function startDoorward(
  database: DatabaseName,
  extra: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'doorward-'));
  const fresh = database === 'postgres' ? await freshDatabase(await testPostgres()) : undefined;
  const port = await freePort();
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    DOORWARD_DATA: folder,
    DOORWARD_LOG: 'json',
    DOORWARD_LOG_LEVEL: 'error',
    PORT: String(port),
    ...(fresh ? { DOORWARD_DATABASE_URL: fresh.url } : {}),
    ...extra,
  };
  const server = spawn(LAUNCHER, ['serve'], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  const printed = await untilReady(server.stdout);
  return {
    url: `http://localhost:${port}`,
    setupLink: /https?:\/\/\S+\/setup\S+/.exec(printed)?.[0] ?? '',
    command: (words, input) => run(words, environment, input),
    stop: async () => {
      const gone = new Promise((done) => server.once('exit', done));
      server.kill('SIGTERM');
      await gone;
      await fresh?.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(output: NodeJS.ReadableStream): Promise<string> {
  let printed = '';
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`Doorward was not ready after 30 s:\n${printed}`)), 30_000);
    output.on('data', (part: Buffer) => {
      printed += part.toString();
      // The set-up link follows the ready line; both are there once a whole line has come after it.
      if (!/Doorward is ready at .*\n/.test(printed)) return;
      clearTimeout(late);
      setTimeout(() => resolve(printed), 300);
    });
    output.on('end', () => {
      clearTimeout(late);
      reject(new Error(`Doorward ended before it was ready:\n${printed}`));
    });
  });
}

async function run(words: readonly string[], environment: Record<string, string>, input = ''): Promise<string> {
  const child = spawn(LAUNCHER, words, { env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => out.push(part));
  child.stderr.on('data', (part: Buffer) => err.push(part));
  child.stdin.end(input);
  const code = await new Promise<number | null>((done) => child.once('close', done));
  if (code !== 0) throw new Error(`doorward ${words.join(' ')} left with ${code}: ${Buffer.concat(err)}`);
  return Buffer.concat(out).toString();
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

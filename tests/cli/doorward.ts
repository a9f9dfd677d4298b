// The real program in real processes: commands that answer and end, servers that stay, each on a database of its own.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrate } from '#kit/database/migrate.ts';
import { openPostgres } from '#kit/database/postgres.ts';
import { MIGRATIONS } from '#src/context.ts';
import type { DatabaseServer } from '#tests/postgres.ts';
import { freshDatabase, templateDatabase, testPostgres } from '#tests/postgres.ts';
import type { DatabaseName } from '#tests/world.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PATIENCE = 60_000;

/** How a command ended. */
export type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

/** A server that runs. */
export type Server = {
  readonly url: string;
  readonly pid: number;
  /** All it wrote so far. */
  readonly out: () => string;
  readonly err: () => string;
  /** Waits until its output holds this. */
  said(text: string | RegExp): Promise<string>;
  signal(name: NodeJS.Signals): void;
  /** Resolves when it has ended, with its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
};

/** An installation on a database of its own. */
export type Installation = {
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  /** Runs a command to its end; `input` is its standard input. */
  run(args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** The same, and reads the JSON it prints. Throws when it did not end with 0. */
  json<Answer = Record<string, unknown>>(args: readonly string[], options?: RunOptions): Promise<Answer>;
  /** Runs many commands in one process, without standard input; for what opens nothing. */
  lines(lines: readonly (readonly string[])[], options?: RunOptions): Promise<Ended[]>;
  /** Starts a server on a free port and waits until it is ready. */
  serve(options?: RunOptions & { readonly args?: readonly string[] }): Promise<Server>;
  /** Starts any program of ours, such as a script of a test, and waits for nothing. */
  start(program: readonly string[], options?: RunOptions): Server;
  /** Ends whatever still runs, and removes everything. */
  close(): Promise<void>;
};

type RunOptions = { readonly input?: string; readonly env?: Readonly<Record<string, string>> };

/** Where an installation lives: on SQLite, or on a server (the shared one unless given), migrated already unless `empty`. */
export type Place = { readonly database: DatabaseName; readonly server?: DatabaseServer; readonly empty?: true };

/** Makes an installation. */
export async function installation(place: Place): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'doorward-cli-'));
  const database = place.database === 'postgres' ? await ownDatabase(place) : undefined;
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    DOORWARD_DATA: folder,
    DOORWARD_LOG: 'json',
    ...(database === undefined ? {} : { DOORWARD_DATABASE_URL: database.url }),
  };
  const running = new Set<ChildProcess>();
  const begin = (program: readonly string[], { input, env: more }: RunOptions = {}): ChildProcess => {
    const [command = '', ...args] = program;
    const child = spawn(command, args, { cwd: ROOT, env: { ...env, ...more }, stdio: ['pipe', 'pipe', 'pipe'] });
    running.add(child);
    child.once('exit', () => running.delete(child));
    child.stdin?.on('error', () => undefined); // it may end without reading
    child.stdin?.end(input ?? '');
    return child;
  };
  const made: Installation = {
    env,
    folder,
    run: (args, options) => ending(begin([join(ROOT, 'bin/doorward'), ...args], options)),
    async json(args, options) {
      const { code, out, err } = await made.run([...args, '--json'], options);
      if (code !== 0) throw new Error(`doorward ${args.join(' ')} ended with ${code}: ${err}`);
      return JSON.parse(out);
    },
    async lines(lines, options) {
      const given = { ...options, input: JSON.stringify(lines) };
      const { code, out, err } = await ending(begin(script('tests/cli/programs/lines.ts'), given));
      if (code !== 0) throw new Error(`the program of many lines ended with ${code}: ${err}`);
      return JSON.parse(out);
    },
    async serve(options = {}) {
      const args = [join(ROOT, 'bin/doorward'), 'serve', '--port', '0', ...(options.args ?? [])];
      const server = made.start(args, options);
      const line = await server.said(/Doorward is ready at (\S+)\n/);
      return { ...server, url: /ready at (\S+)/.exec(line)?.[1] ?? '' };
    },
    start: (program, options) => staying(begin(program, options)),
    async close() {
      await Promise.all([...running].map((child) => killed(child)));
      await database?.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return made;
}

/** Runs a TypeScript file under the pinned Node, for `start`. */
export function script(file: string, ...args: readonly string[]): string[] {
  return [join(ROOT, 'bin/pinned-node'), '--disable-warning=ExperimentalWarning', join(ROOT, file), ...args];
}

async function ownDatabase({ server: given, empty }: Place): Promise<{ url: string; drop(): Promise<void> }> {
  const server = given ?? (await testPostgres());
  if (empty) return freshDatabase(server);
  const template = await templateDatabase(server, 'doorward', async (url) => {
    const database = openPostgres(url, () => {});
    await migrate(database, MIGRATIONS, Date.now);
    await database.close();
  });
  return freshDatabase(server, { template });
}

async function ending(child: ChildProcess): Promise<Ended> {
  const [out, err] = [collected(child.stdout), collected(child.stderr)];
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  const [code] = await once(child, 'close');
  clearTimeout(timer);
  return { code, out: out(), err: err() };
}

function staying(child: ChildProcess): Server {
  const [out, err] = [collected(child.stdout), collected(child.stderr)];
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
  return {
    url: '',
    pid: child.pid ?? 0,
    out,
    err,
    ended,
    signal: (name) => void child.kill(name),
    async said(text) {
      const holds = () => (typeof text === 'string' ? out().includes(text) : text.test(out()));
      const giveUpAt = performance.now() + PATIENCE;
      while (!holds() && !hasEnded(child) && performance.now() < giveUpAt) await sleep(20);
      if (!holds()) throw new Error(`it never said ${text}: ${out()}${err()}`);
      return out();
    },
  };
}

function collected(stream: ChildProcess['stdout']): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  return () => text;
}

async function killed(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const gone = once(child, 'close');
  child.kill('SIGKILL');
  await gone;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

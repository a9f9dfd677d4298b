// A database that breaks while it is in use, for tests: statements fail with the errors of a disk or a server that gave out,
// as its driver throws them, or it is locked, read only or gone for real. Everything above the driver is what runs in production.

import { DatabaseSync, StatementSync } from 'node:sqlite';
import pg from 'pg';
import { databaseFile } from '#src/config.ts';
import type { World } from '#tests/world.ts';

/** What is broken, until it is mended. `seen`: how many statements were sent that could have failed. */
export type Breakage = { readonly seen: number; mend(): Promise<void> };

/** Which statements fail: by their number, from one, and their text. */
export type Fails = (number: number, text: string) => boolean;

/** What a failing disk says: a fault of the disk itself, no room left on it, or that nothing may be written to it. */
const SAID = {
  failing: { sqlite: ['disk I/O error', 10], postgres: ['could not write block 7 of relation "users"', '58030'] },
  full: { sqlite: ['database or disk is full', 13], postgres: ['could not extend file "base/1/2": No space', '53100'] },
  'read only': {
    sqlite: ['attempt to write a readonly database', 8],
    postgres: ['cannot execute INSERT in a read-only transaction', '25006'],
  },
} as const;

/** Words of faults; none of them may ever stand in an answer. */
export const FAULT_WORDS =
  /disk I\/O|disk is full|could not|relation "|sqlite|postgres|terminat|select \w|insert into|\.ts:\d/i;

/** Lets statements of the world's database fail. */
export function breakStatements(world: World, fails: Fails, how: keyof typeof SAID = 'failing'): Breakage {
  return world.database === 'sqlite' ? breakSqlite(fails, how) : breakPostgres(fails, how);
}

/** Takes the database away: it answers nothing, not even a connection. */
export async function takeAway(world: World): Promise<Breakage> {
  if (world.database === 'sqlite') return breakStatements(world, () => true);
  return besides(world, async (client, name) => {
    await client.query(`alter database ${name} with allow_connections false`);
    await endOthers(client, name);
    return async () => void (await client.query(`alter database ${name} with allow_connections true`));
  });
}

/** Makes it read only, as a standby or a disk that was remounted. */
export async function makeReadOnly(world: World): Promise<Breakage> {
  if (world.database === 'sqlite') return breakStatements(world, (_, text) => text === 'begin immediate', 'read only');
  return besides(world, async (client, name) => {
    await client.query(`alter database ${name} set default_transaction_read_only = on`);
    await endOthers(client, name);
    return async () => {
      await client.query(`alter database ${name} reset default_transaction_read_only`);
      await endOthers(client, name);
    };
  });
}

/** Locks it from another process, as a copy or a migration of hours would. */
export async function lock(world: World): Promise<Breakage> {
  if (world.database === 'sqlite') {
    const other = new DatabaseSync(databaseFile(world.ctx.config));
    other.exec('begin immediate');
    return { seen: 0, mend: async () => other.close() };
  }
  const other = new pg.Client({ connectionString: world.ctx.config.databaseUrl ?? '' });
  await other.connect();
  const { rows } = await other.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public'",
  );
  await other.query(`begin; lock table ${rows.map(({ name }) => name).join(', ')} in access exclusive mode`);
  return { seen: 0, mend: () => other.end() };
}

type Undo = () => Promise<void>;

/** Does something to a database from the one beside it. */
async function besides(world: World, work: (client: pg.Client, name: string) => Promise<Undo>): Promise<Breakage> {
  const url = new URL(world.ctx.config.databaseUrl ?? '');
  const name = pg.escapeIdentifier(decodeURIComponent(url.pathname.slice(1)));
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  const undo = await work(client, name);
  return {
    seen: 0,
    mend: async () => {
      await undo();
      await client.end();
    },
  };
}

async function endOthers(client: pg.Client, name: string): Promise<void> {
  await client.query('select pg_terminate_backend(pid, 1000) from pg_stat_activity where datname = $1', [
    name.slice(1, -1),
  ]);
}

function breakSqlite(fails: Fails, how: keyof typeof SAID): Breakage {
  const state = { seen: 0 };
  const { exec } = DatabaseSync.prototype;
  const { all, run } = StatementSync.prototype;
  const [said, errcode] = SAID[how].sqlite;
  const check = (text: string): void => {
    state.seen += 1;
    if (fails(state.seen, text))
      throw Object.assign(new Error(said), { code: 'ERR_SQLITE_ERROR', errcode, errstr: said });
  };
  const isLook = (text: string): boolean => /^(?:begin|commit)$/.test(text); // of the reader: nothing to fail
  DatabaseSync.prototype.exec = function (text: string): void {
    if (!/^(?:rollback|release|pragma)/.test(text)) check(text);
    exec.call(this, text);
  };
  StatementSync.prototype.all = function (this: StatementSync, ...values: never[]) {
    if (!isLook(this.sourceSQL)) check(this.sourceSQL);
    return Reflect.apply(all, this, values);
  };
  StatementSync.prototype.run = function (this: StatementSync, ...values: never[]) {
    if (!isLook(this.sourceSQL)) check(this.sourceSQL);
    return Reflect.apply(run, this, values);
  };
  return {
    get seen() {
      return state.seen;
    },
    async mend() {
      Object.assign(DatabaseSync.prototype, { exec });
      Object.assign(StatementSync.prototype, { all, run });
    },
  };
}

function breakPostgres(fails: Fails, how: keyof typeof SAID): Breakage {
  const state = { seen: 0 };
  const { query } = pg.Client.prototype;
  const [said, errcode] = SAID[how].postgres;
  const raises = { text: `do $$ begin raise exception '${said}' using errcode = '${errcode}'; end $$` };
  const isBroken = (text: string): boolean => {
    if (/^(?:begin|rollback|set lock_timeout.*)$/.test(text)) return false; // these fail with the whole connection alone
    state.seen += 1;
    return fails(state.seen, text);
  };
  Object.assign(pg.Client.prototype, {
    query(this: pg.Client, first: { text: string } | string, ...rest: unknown[]) {
      const sent = isBroken(typeof first === 'string' ? first : first.text) ? raises : first;
      return Reflect.apply(query, this, [sent, ...rest]);
    },
  });
  return {
    get seen() {
      return state.seen;
    },
    async mend() {
      Object.assign(pg.Client.prototype, { query });
    },
  };
}

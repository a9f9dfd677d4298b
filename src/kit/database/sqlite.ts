// SQLite: one connection for writing, given to one transaction at a time; another for reading.
// Transactions that wait together share one commit, each in a savepoint of its own; each is acknowledged after the commit.
// Reads of one turn of the event loop share one look at the database, which never outlives a commit of ours.

import type { SQLOutputValue, StatementSync } from 'node:sqlite';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CompiledQuery, Dialect, Driver, LimitNode, QueryResult } from 'kysely';
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, ValueNode } from 'kysely';
import type { Database, Script } from '#kit/database/database.ts';
import { insideTransaction, refuseInsideTransaction, storableText, USUAL_PATIENCE_MS } from '#kit/database/database.ts';
import type { Run } from '#kit/database/direct-queries.ts';
import { directQueries } from '#kit/database/direct-queries.ts';

const MOST_IN_ONE_COMMIT = 64;

/** Opens (and makes, when absent) the database file. `synchronous=FULL`: what was acknowledged survives loss of power. */
export function openSqlite(path: string, patienceMs: number = USUAL_PATIENCE_MS): Database {
  const writer = new DatabaseSync(path, { timeout: 100 });
  writer.exec('pragma journal_mode=wal; pragma synchronous=full; pragma foreign_keys=on; pragma temp_store=memory;');
  // A megabyte of log at a time is moved into the file: in larger portions one commit in many would stop everybody for long.
  writer.exec('pragma cache_size=-32000; pragma wal_autocheckpoint=250');
  writer.exec('pragma busy_timeout=0'); // whoever waits for the lock does so without stopping everybody: beginImmediate
  const reader = new DatabaseSync(path, { readOnly: true, timeout: 1000 });
  reader.exec('pragma cache_size=-64000; pragma temp_store=memory; pragma mmap_size=268435456');
  const counter = { statements: 0 };
  const write = connection(writer, counter);
  const read = connection(reader, counter);
  const looks = sharedLooks(reader);
  const line = commitLine(writer, looks, patienceMs);
  let closed = false;

  const runAlone: Run = async (query) => {
    refuseInsideTransaction();
    if (!onlyReads(query.sql)) return line.run(async () => write.execute(query));
    looks.begin();
    return read.execute(query);
  };

  return {
    dialect: 'sqlite',
    queries: directQueries(DIALECT, runAlone),
    async transaction(work) {
      refuseInsideTransaction();
      const script: Script = async (text) => writer.exec(text);
      return line.run(() =>
        insideTransaction(() => withGuard(writer, write, (run) => work(directQueries(DIALECT, run), script))),
      );
    },
    statementCount: () => counter.statements,
    async close() {
      if (closed) return;
      closed = true;
      await line.idle();
      looks.end();
      reader.close();
      writer.exec('pragma busy_timeout=100; pragma optimize');
      writer.close();
    },
  };
}

type Raw = { execute<R>(query: CompiledQuery): QueryResult<R> };

/** A statement as prepared. `columns`: the names of what it returns; none for one that returns no rows. */
type Kept = { readonly statement: StatementSync; columns: readonly string[] };

/** One SQLite connection with its prepared statements kept. */
function connection(database: DatabaseSync, counter: { statements: number }): Raw {
  const kept = new Map<string, Kept>();
  const prepare = (text: string): Kept => {
    const known = kept.get(text);
    if (known) return known;
    const statement = database.prepare(text);
    statement.setReturnArrays(true);
    const fresh = { statement, columns: columnsOf(statement) };
    if (kept.size >= 500) kept.delete(kept.keys().next().value ?? '');
    kept.set(text, fresh);
    return fresh;
  };
  return {
    execute<R>(query: CompiledQuery): QueryResult<R> {
      counter.statements += 1;
      const known = prepare(query.sql);
      const parameters = query.parameters.map(toSqlite);
      if (known.columns.length > 0) {
        const rows = rowsOf(known, known.statement.all(...parameters) as unknown as SQLOutputValue[][]) as R[]; // arrays, as asked for above; Kysely's types say what the query returns
        return { rows, numAffectedRows: BigInt(rows.length) };
      }
      const done = known.statement.run(...parameters);
      return { rows: [], numAffectedRows: BigInt(done.changes), insertId: BigInt(done.lastInsertRowid) };
    },
  };
}

function columnsOf(statement: StatementSync): string[] {
  return statement.columns().map(({ name }) => name);
}

/**
 * Rows from what node:sqlite gives as arrays. The objects that it would make itself are slow to read: a row of forty columns
 * takes twice as long to use as to fetch. These are plain ones, whose shape the engine learns.
 */
function rowsOf(known: Kept, found: readonly SQLOutputValue[][]): Record<string, SQLOutputValue>[] {
  // `select *` of a table that another process gave a column meanwhile.
  if (found[0] && found[0].length !== known.columns.length) known.columns = columnsOf(known.statement);
  const { columns } = known;
  return found.map((values) => {
    const row: Record<string, SQLOutputValue> = {};
    for (let at = 0; at < columns.length; at += 1) row[columns[at] ?? ''] = values[at] ?? null;
    return row;
  });
}

type Looks = { begin(): void; end(): void };

/**
 * One read transaction for all reads of a turn: beginning and ending one costs as much as a keyed read. It ends with the
 * turn, and before each commit of ours, so that whoever was told of a commit sees it and the log can be moved into the file.
 */
function sharedLooks(reader: DatabaseSync): Looks {
  const [begin, commit] = [reader.prepare('begin'), reader.prepare('commit')];
  let open = false;
  const end = (): void => {
    if (!open) return;
    open = false;
    if (reader.isTransaction) commit.run(); // a disk that fails may have ended it
  };
  return {
    begin() {
      if (open) return;
      begin.run();
      open = true;
      setImmediate(end);
    },
    end,
  };
}

/** Hands the writing connection to one transaction at a time and lets those that wait share a commit. */
function commitLine(writer: DatabaseSync, looks: Looks, patienceMs: number) {
  type Job = { run(): Promise<void>; done(): void; failed(error: unknown): void };
  const waiting: Job[] = [];
  let working: Promise<void> | undefined;

  const workOff = async (): Promise<void> => {
    await new Promise((next) => setImmediate(next)); // let the other requests of this turn join
    while (waiting.length > 0) await commitTogether();
    working = undefined;
  };

  const commitTogether = async (): Promise<void> => {
    const finished: Job[] = [];
    try {
      await beginImmediate(writer, patienceMs);
    } catch (error) {
      return failAll(waiting.splice(0), error);
    }
    for (let job = waiting.shift(); job; job = finished.length < MOST_IN_ONE_COMMIT ? waiting.shift() : undefined) {
      try {
        writer.exec('savepoint one');
        await job.run();
        writer.exec('release one');
        finished.push(job);
      } catch (error) {
        job.failed(error);
        if (!undoneAlone(writer)) return failAll(finished, error); // a full disk, say, undid everybody's
      }
    }
    try {
      looks.end();
      writer.exec('commit');
    } catch (error) {
      undoAll(writer);
      return failAll(finished, error);
    }
    for (const job of finished) job.done();
  };

  const failAll = (jobs: readonly Job[], error: unknown): void => {
    for (const job of jobs) job.failed(error);
  };

  return {
    run<T>(work: () => Promise<T>): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        let value: T;
        waiting.push({
          run: async () => {
            value = await work();
          },
          done: () => resolve(value),
          failed: reject,
        });
        working ??= workOff();
      });
    },
    async idle(): Promise<void> {
      while (working) await working;
    },
  };
}

/** Takes the write lock; a command writing beside the server makes us wait without stopping the event loop. */
async function beginImmediate(writer: DatabaseSync, patienceMs: number): Promise<void> {
  const since = performance.now();
  undoAll(writer);
  for (;;) {
    try {
      return writer.exec('begin immediate');
    } catch (error) {
      if (performance.now() - since >= patienceMs || !/locked|busy/i.test(String(error))) throw error;
      await sleep(20);
    }
  }
}

/** Undoes what one of several that share a commit wrote; whether the others' is still there. */
function undoneAlone(writer: DatabaseSync): boolean {
  if (!writer.isTransaction) return false;
  try {
    writer.exec('rollback to one; release one');
    return true;
  } catch {
    undoAll(writer);
    return false;
  }
}

/** Leaves no transaction open. What cannot be undone while the disk fails is undone before the next one begins. */
function undoAll(writer: DatabaseSync): void {
  try {
    if (writer.isTransaction) writer.exec('rollback');
  } catch {
    // the transaction that comes next tries again, or fails to begin
  }
}

/**
 * Lends a connection to one transaction: it refuses afterwards, so that a forgotten `await` cannot write elsewhere. A full or
 * failing disk undoes all of it at once: what is asked then would be stored by itself, so it fails as what undid it did.
 */
async function withGuard<T>(writer: DatabaseSync, raw: Raw, work: (run: Run) => Promise<T>): Promise<T> {
  let ended = false;
  let undone: { readonly by: unknown } | undefined;
  try {
    const value = await work(async (query) => {
      if (ended) throw new Error('this transaction has ended: a query was not awaited');
      if (undone) throw undone.by;
      try {
        return raw.execute(query);
      } catch (error) {
        if (!writer.isTransaction) undone = { by: error };
        throw error;
      }
    });
    if (undone) throw undone.by;
    return value;
  } finally {
    ended = true;
  }
}

// Queries do not go through its driver (direct-queries.ts); whatever would, is not meant to.
const DRIVER: Driver = {
  init: notThisWay,
  acquireConnection: notThisWay,
  beginTransaction: notThisWay,
  commitTransaction: notThisWay,
  rollbackTransaction: notThisWay,
  releaseConnection: notThisWay,
  destroy: notThisWay,
};

const DIALECT: Dialect = {
  createAdapter: () => new SqliteAdapter(),
  createDriver: () => DRIVER,
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new PlainLimits(),
};

/** Writes limits into the text: given as a value, SQLite would plan the query anew at each call, which takes longer than it. */
class PlainLimits extends SqliteQueryCompiler {
  protected override visitLimit(node: LimitNode): void {
    const limit = ValueNode.is(node.limit) ? node.limit.value : undefined;
    if (Number.isSafeInteger(limit)) this.append(`limit ${limit}`);
    else super.visitLimit(node);
  }
}

async function notThisWay(): Promise<never> {
  throw new Error('use ctx.transaction: it gives the transaction its connection; results are not streamed');
}

const readers = new Map<string, boolean>();

function onlyReads(text: string): boolean {
  const known = readers.get(text);
  if (known !== undefined) return known;
  const reads =
    /^\s*(select|explain|values|pragma)\b/i.test(text) ||
    (/^\s*with\b/i.test(text) && !/\b(insert|update|delete|replace)\b/i.test(text));
  if (readers.size > 2000) readers.clear();
  readers.set(text, reads);
  return reads;
}

function toSqlite(value: unknown): string | number | bigint | null | Uint8Array {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') return storableText(value);
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (value instanceof Uint8Array) return value;
  throw new Error(`a ${typeof value} cannot be stored`);
}

// PostgreSQL: a pool of connections, a connection for each transaction, statements prepared by name. What a transaction asks
// without waiting in between travels together: on a busy machine a way there and back costs more than most statements.

import type { Writable } from 'node:stream';
import type { Dialect, Driver, QueryResult } from 'kysely';
import { CompiledQuery, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import pg from 'pg';
import type { Database, Queries, Script } from '#kit/database/database.ts';
import { insideTransaction, refuseInsideTransaction, storableText, USUAL_PATIENCE_MS } from '#kit/database/database.ts';
import type { Run } from '#kit/database/direct-queries.ts';
import { directQueries } from '#kit/database/direct-queries.ts';
import { isUnheard } from '#kit/database/unheard.ts';

const INT8 = 20;
const MOST_CONNECTIONS = 10;
const TRIES = 5;
const COMMIT = 'commit';

/** Opens a pool to the address; connects when first used. `lost` hears of connections that break while idle. */
export function openPostgres(
  url: string,
  lost: (error: Error) => void,
  patienceMs: number = USUAL_PATIENCE_MS,
): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: MOST_CONNECTIONS,
    pipeline: true, // a statement is sent while the one before it is under way; each still has its own answer
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    application_name: 'doorward',
    types: {
      // Instants, ids and counts fit a number (below 2^53) and are numbers on SQLite too.
      getTypeParser: (oid: number, format?: 'text') => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)),
    } as pg.CustomTypesConfig, // pg's own types overload this method once for each format
  });
  pool.on('error', lost);
  // Not as a parameter of the connection: proxies in between refuse those that they do not know.
  pool.on('connect', (client) => void client.query(`set lock_timeout = ${patienceMs}`).catch(lost));
  const counter = { statements: 0 };
  const name = statementNames();

  const runOn =
    (client: pg.Pool | pg.PoolClient): Run =>
    (query) => {
      counter.statements += 1;
      return executed(client, query, name);
    };
  const runAlone: Run = async (query) => {
    refuseInsideTransaction();
    return runOn(pool)(query);
  };

  return {
    dialect: 'postgres',
    queries: directQueries(DIALECT, runAlone),
    async transaction(work) {
      refuseInsideTransaction();
      for (let tries = 1; ; tries += 1) {
        try {
          return await insideTransaction(() =>
            withConnection(pool, (client) => once(packed(client, runOn(client)), work)),
          );
        } catch (error) {
          if (tries >= TRIES || !worthRetrying(error)) throw error;
        }
      }
    },
    statementCount: () => counter.statements,
    close: () => (pool.ended ? Promise.resolve() : pool.end()),
  };
}

/** Lends a connection to one try of a transaction; one that broke meanwhile is not used again. */
async function withConnection<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  try {
    return await work(client);
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

/** Keeps what is asked in one turn back and sends it in one packet: each packet wakes the server and costs a system call. */
function packed(client: pg.PoolClient, run: Run): Run {
  // Every client has it; pg's types leave it out.
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  let holding = false;
  const letGo = (): void => {
    holding = false;
    stream.uncork();
  };
  return (query) => {
    if (!holding) {
      holding = true;
      stream.cork();
      process.nextTick(letGo);
    }
    return run(query);
  };
}

/**
 * One try of a transaction. Its queries refuse afterwards, so that a forgotten `await` cannot write elsewhere. `begin` goes
 * along with the first statement, the commit with the last that nobody had to hear: PostgreSQL undoes a transaction of which
 * a statement failed, whatever is sent behind it, and says so.
 */
async function once<T>(run: Run, work: (queries: Queries, script: Script) => Promise<T>): Promise<T> {
  let ended = false;
  let first: { readonly failure: unknown } | undefined;
  const sentAlong = (answer: Promise<unknown>): void => {
    answer.catch((failure: unknown) => {
      first ??= { failure };
    });
  };
  const heard = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    try {
      return await answer;
    } catch (error) {
      first ??= { failure: error };
      throw first.failure; // the later ones, which may be heard before it, only say that the transaction is undone
    }
  };
  const runHere: Run = async <Row>(query: CompiledQuery): Promise<QueryResult<Row>> => {
    if (ended) throw new Error('this transaction has ended: a query was not awaited');
    const answer = run<Row>(query);
    if (!isUnheard(query)) return heard(answer);
    sentAlong(answer);
    return { rows: [] };
  };
  const say = (text: string): Promise<unknown> => run(CompiledQuery.raw(text));
  sentAlong(say('begin'));
  try {
    const value = await work(directQueries(DIALECT, runHere), async (text) => {
      await heard(say(text));
    });
    ended = true;
    await heard(say(COMMIT));
    return value;
  } catch (error) {
    ended = true;
    await say('rollback').catch(() => {});
    throw error;
  }
}

/** A deadlock or a serialization failure undid the whole transaction; running it again is the documented cure. */
function worthRetrying(error: unknown): boolean {
  const code = error instanceof pg.DatabaseError ? error.code : undefined;
  return code === '40P01' || code === '40001';
}

async function executed<Row>(
  client: pg.Pool | pg.PoolClient,
  query: CompiledQuery,
  name: (text: string) => string | undefined,
): Promise<QueryResult<Row>> {
  const values = query.parameters.map(toPostgres);
  const label = values.length > 0 ? name(query.sql) : undefined;
  const result = await client.query<Row & pg.QueryResultRow>({
    text: query.sql,
    values,
    ...(label ? { name: label } : {}),
  });
  // A transaction of which a statement failed is undone by its commit, which reports no error but this word.
  if (query.sql === COMMIT && result.command === 'ROLLBACK')
    throw new Error('the transaction was undone: one of its statements had failed, and nobody heard of it');
  return { rows: result.rows ?? [], numAffectedRows: BigInt(result.rowCount ?? 0) };
}

function toPostgres(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  return typeof value === 'boolean' ? Number(value) : value;
}

/** Names the statements that come often, so that the server parses and plans them once for a connection. */
function statementNames(): (text: string) => string | undefined {
  const names = new Map<string, string>();
  return (text) => {
    const known = names.get(text);
    if (known) return known;
    if (names.size >= 500 || text.length > 4000) return undefined;
    const fresh = `d${names.size + 1}`;
    names.set(text, fresh);
    return fresh;
  };
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
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => DRIVER,
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
};

async function notThisWay(): Promise<never> {
  throw new Error('use ctx.transaction: it gives the transaction its connection; results are not streamed');
}

// PostgreSQL: a pool of connections, a connection for each transaction, statements prepared by name.

import type { DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely';
import { CompiledQuery, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import pg from 'pg';
import type { Database, Queries } from '#kit/database/database.ts';
import { insideTransaction, refuseInsideTransaction, storableText } from '#kit/database/database.ts';
import type { Tables } from '#kit/tables.ts';

const INT8 = 20;
const MOST_CONNECTIONS = 10;
const TRIES = 5;
const COMMIT = 'commit';

/** Opens a pool to the address; connects when first used. `lost` hears of connections that break while idle. */
export function openPostgres(url: string, lost: (error: Error) => void): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: MOST_CONNECTIONS,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    application_name: 'doorward',
    types: {
      // Instants, ids and counts fit a number (below 2^53) and are numbers on SQLite too.
      getTypeParser: (oid: number, format?: 'text') => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)),
    } as pg.CustomTypesConfig, // pg's own types overload this method once for each format
  });
  pool.on('error', lost);
  const counter = { statements: 0 };
  const name = statementNames();

  const connect = async (): Promise<Held> => held(await pool.connect(), counter, name);
  const outer = new Kysely<Tables>({
    dialect: dialectOf(async () => {
      refuseInsideTransaction();
      return connect();
    }),
  });
  const inner = new Kysely<Tables>({ dialect: dialectOf(connect) });

  return {
    dialect: 'postgres',
    queries: outer,
    async transaction(work) {
      refuseInsideTransaction();
      for (let tries = 1; ; tries += 1) {
        try {
          return await insideTransaction(() => once(inner, work));
        } catch (error) {
          if (tries >= TRIES || !worthRetrying(error)) throw error;
        }
      }
    },
    statementCount: () => counter.statements,
    close: () => (pool.ended ? Promise.resolve() : pool.end()),
  };
}

/** One try of a transaction, on a connection of its own. */
async function once<T>(
  inner: Queries,
  work: (queries: Queries, script: (text: string) => Promise<void>) => Promise<T>,
) {
  return inner.connection().execute(async (queries) => {
    const say = async (text: string): Promise<void> => {
      await queries.executeQuery(CompiledQuery.raw(text));
    };
    await say('begin');
    try {
      const value = await work(queries, say);
      await say(COMMIT);
      return value;
    } catch (error) {
      await say('rollback').catch(() => {});
      throw error;
    }
  });
}

/** A deadlock or a serialization failure undid the whole transaction; running it again is the documented cure. */
function worthRetrying(error: unknown): boolean {
  const code = error instanceof pg.DatabaseError ? error.code : undefined;
  return code === '40P01' || code === '40001';
}

type Held = DatabaseConnection & { release(): void };

function held(
  client: pg.PoolClient,
  counter: { statements: number },
  name: (text: string) => string | undefined,
): Held {
  let ended = false;
  let broken: Error | undefined;
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  return {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      if (ended) throw new Error('this transaction has ended: a query was not awaited');
      counter.statements += 1;
      const parameters = query.parameters.map(toPostgres);
      const label = parameters.length > 0 ? name(query.sql) : undefined;
      const result = await client.query<R & pg.QueryResultRow>(
        label ? { name: label, text: query.sql, values: parameters } : { text: query.sql, values: parameters },
      );
      // A transaction of which a statement failed is undone by its commit, which reports no error but this word.
      if (query.sql === COMMIT && result.command === 'ROLLBACK')
        throw new Error('the transaction was undone: one of its statements had failed, and nobody heard of it');
      return { rows: result.rows ?? [], numAffectedRows: BigInt(result.rowCount ?? 0) };
    },
    // biome-ignore lint/correctness/useYield: it only refuses
    async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
      throw new Error('results are not streamed');
    },
    release() {
      ended = true;
      client.off('error', onError);
      client.release(broken);
    },
  };
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

function dialectOf(connect: () => Promise<Held>): Dialect {
  const driver: Driver = {
    init: async () => {},
    acquireConnection: connect,
    beginTransaction: notThisWay,
    commitTransaction: notThisWay,
    rollbackTransaction: notThisWay,
    releaseConnection: async (one) => (one as Held).release(), // acquireConnection gave it
    destroy: async () => {},
  };
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

async function notThisWay(): Promise<void> {
  throw new Error('use ctx.transaction: it gives the transaction its connection');
}

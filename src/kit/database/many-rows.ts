// Many rows in few statements, and millions of rows into empty tables.

import type { Insertable } from 'kysely';
import { CompiledQuery, sql } from 'kysely';
import type { Database, Queries } from '#kit/database/database.ts';
import { storableText } from '#kit/database/database.ts';
import type { Tables } from '#kit/tables.ts';

const ROWS_IN_A_STATEMENT = 500;

/** What inserting needs of a Context. */
type Target = { readonly db: Queries; readonly dialect: Database['dialect'] };

/**
 * Inserts many rows, all with the same columns. Answers the ids by uuid, of tables that have them. Only for *.table.ts.
 * PostgreSQL is given 500 rows as one JSON text (45 µs for a client, 90 as values), SQLite row by row, since a prepared
 * statement beats a long one there.
 */
export async function insertMany<Name extends keyof Tables & string>(
  tx: Target,
  table: Name,
  rows: readonly Insertable<Tables[Name]>[],
): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  const columns = Object.keys(rows[0] ?? {});
  const returning = columns.includes('uuid') ? ' returning id, uuid' : '';
  const into = `insert into ${quoted(table)} (${columns.map(quoted).join(', ')})`;
  const say = async (text: string, values: readonly unknown[]): Promise<void> => {
    const done = await tx.db.executeQuery<{ id: number; uuid: string }>(
      CompiledQuery.raw(`${into} ${text}${returning}`, [...values]),
    );
    for (const row of done.rows) ids.set(row.uuid, row.id);
  };
  if (tx.dialect === 'sqlite') {
    const marks = `values (${columns.map(() => '?').join(', ')})`;
    for (const row of rows) await say(marks, Object.values(row));
    return ids;
  }
  const fromJson = `select ${columns.map((name) => `r.${quoted(name)}`).join(', ')} from json_populate_recordset(null::${quoted(table)}, $1) as r`;
  for (let at = 0; at < rows.length; at += ROWS_IN_A_STATEMENT)
    await say(fromJson, [JSON.stringify(rows.slice(at, at + ROWS_IN_A_STATEMENT), storable)]);
  return ids;
}

/** What JSON would say in signs of its own, and PostgreSQL then refuse: a zero byte, half a surrogate pair. */
function storable(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? storableText(value).toWellFormed() : value;
}

/**
 * Makes room for many rows, in this process from now on. SQLite's writer keeps 256 MiB of its pages in memory and moves
 * the log into the file at every 80 MB: with the few megabytes of a server the same page is written again and again.
 */
export async function expectManyRows(queries: Queries, dialect: Database['dialect']): Promise<void> {
  if (dialect !== 'sqlite') return;
  await sql`pragma cache_size = -262144`.execute(queries);
  await sql`pragma wal_autocheckpoint = 20000`.execute(queries);
}

/**
 * Runs `load` while the indexes of these tables are away, and makes them anew from the sorted whole: a million rows into
 * seventeen indexes one by one take several times as long. Unique ones stay, so nothing is let through that they refuse.
 * All of it belongs to the caller's transaction: whatever happens, the indexes are there before and after it, and nobody
 * reads the tables meanwhile. For tables that are (nearly) empty. `madeAnew` hears how far the making has come.
 */
export async function withIndexesAfterwards<T>(
  tx: Target,
  tables: readonly string[],
  load: () => Promise<T>,
  madeAnew: (done: number, of: number) => void = () => {},
): Promise<T> {
  const { takeAway, makeAnew } =
    tx.dialect === 'sqlite' ? await sqliteIndexes(tx.db, tables) : await postgresIndexes(tx.db, tables);
  for (const statement of takeAway) await sql.raw(statement).execute(tx.db);
  const answer = await load();
  for (const [at, statement] of makeAnew.entries()) {
    await sql.raw(statement).execute(tx.db);
    madeAnew(at + 1, makeAnew.length);
  }
  return answer;
}

/** What takes the indexes away and what makes them anew, in the database's own words. */
type Indexes = { readonly takeAway: readonly string[]; readonly makeAnew: readonly string[] };

async function sqliteIndexes(queries: Queries, tables: readonly string[]): Promise<Indexes> {
  const names = sql.join(tables);
  const indexes = await sql<{ name: string; text: string }>`
    select name, sql as text from sqlite_master
    where type = 'index' and tbl_name in (${names}) and sql is not null and sql not like 'create unique%'`.execute(
    queries,
  );
  // The trigram search of a table `people` is its mirror `people_search`, which a trigger `people_searched_in` fills.
  const searches = await sql<{ name: string; mirror: string; text: string }>`
    select name, tbl_name || '_search' as mirror, sql as text from sqlite_master
    where type = 'trigger' and tbl_name in (${names}) and name = tbl_name || '_searched_in'`.execute(queries);
  return {
    takeAway: [
      ...indexes.rows.map(({ name }) => `drop index ${quoted(name)}`),
      ...searches.rows.map(({ name }) => `drop trigger ${quoted(name)}`),
    ],
    makeAnew: [
      ...indexes.rows.map(({ text }) => text),
      ...searches.rows.map(({ mirror }) => `insert into ${quoted(mirror)} (${quoted(mirror)}) values ('rebuild')`),
      ...searches.rows.map(({ text }) => text),
    ],
  };
}

async function postgresIndexes(queries: Queries, tables: readonly string[]): Promise<Indexes> {
  const { rows } = await sql<{ name: string; text: string }>`
    select indexname as name, indexdef as text from pg_indexes
    where schemaname = current_schema() and tablename in (${sql.join(tables)}) and indexdef not like 'CREATE UNIQUE%'`.execute(
    queries,
  );
  return {
    takeAway: rows.map(({ name }) => `drop index ${quoted(name)}`),
    makeAnew: [
      `set local maintenance_work_mem = '256MB'`,
      ...rows.map(({ text }) => text),
      ...tables.map((table) => `analyze ${quoted(table)}`), // or lists would be planned for empty tables for a minute
    ],
  };
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * Leaves tables that were just filled as the database's own cleaning would in a while: until then PostgreSQL looks each row up
 * that an index alone could answer, and cleans while people search. Outside of a transaction.
 */
export async function settleManyRows(ctx: Target, tables: readonly string[]): Promise<void> {
  if (ctx.dialect === 'postgres') await sql.raw(`vacuum ${tables.map(quoted).join(', ')}`).execute(ctx.db);
}

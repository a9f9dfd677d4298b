// Queries of the hottest paths: their text is written by hand and made once. Kysely builds and compiles a query anew at each
// call, which takes longer than a keyed read of SQLite.

import type { CompiledQuery } from 'kysely';
import { RawNode } from 'kysely';
import type { Database, LockStrength, Queries } from '#kit/database/database.ts';
import { unheard } from '#kit/database/unheard.ts';

/** What a query needs of a Context. */
type Asked = { readonly dialect: Database['dialect']; readonly db: Queries };

/** Runs a query with these values. */
export type HotQuery<Row> = (ctx: Asked, ...values: readonly Value[]) => Promise<readonly Row[]>;

type Value = string | number | null;

/** A query by its text, with `?` for each value and nowhere else. Its author vouches that `Row` is what its columns are. */
export function hotQuery<Row>(text: string): HotQuery<Row> {
  const made = { sqlite: sendable(text), postgres: sendable(numbered(text)) };
  return async ({ dialect, db }, ...parameters) => {
    const { rows } = await db.executeQuery<Row>({ ...made[dialect], parameters });
    return rows;
  };
}

/** A query that locks the rows of the one table it reads, as `locked` does for one that Kysely builds. */
export function hotLock<Row>(text: string, strength: LockStrength): HotQuery<Row> {
  const made = { sqlite: hotQuery<Row>(text), postgres: hotQuery<Row>(`${text} ${LOCKS[strength]}`) };
  return (ctx, ...values) => made[ctx.dialect](ctx, ...values);
}

const LOCKS = { keep: 'for key share', change: 'for no key update', remove: 'for update' } as const;

/**
 * A change of which nobody branches on the outcome. In a transaction on PostgreSQL it is on its way when this resolves, and
 * goes along with whatever comes next; when it fails, so does the transaction, at its commit at the latest.
 */
export function hotWrite(text: string): (ctx: Asked, ...values: readonly Value[]) => Promise<void> {
  const made = { sqlite: sendable(text), postgres: unheard(sendable(numbered(text))) };
  return async ({ dialect, db }, ...parameters) => {
    await db.executeQuery({ ...made[dialect], parameters });
  };
}

/** Adds a row and answers the column named in `returning`. Every column is named, so that a new one is a type error here. */
export function hotInsert<Row extends StoredRow, Made>(
  table: string,
  columns: Columns<Row>,
  returning: keyof Made & string,
): (ctx: Asked, row: Row) => Promise<readonly Made[]> {
  const { text, values } = insertion(table, columns);
  const insert = hotQuery<Made>(`${text} returning ${returning}`);
  return (ctx, row) => insert(ctx, ...values(row));
}

/** Adds a row of which nobody has to hear: `hotWrite`. */
export function hotAppend<Row extends StoredRow>(
  table: string,
  columns: Columns<Row>,
): (ctx: Asked, row: Row) => Promise<void> {
  const { text, values } = insertion(table, columns);
  const insert = hotWrite(text);
  return (ctx, row) => insert(ctx, ...values(row));
}

type StoredRow = Readonly<Record<string, Value>>;
type Columns<Row> = Readonly<Record<keyof Row & string, true>>;

function insertion<Row extends StoredRow>(table: string, columns: Columns<Row>) {
  const names = Object.keys(columns) as (keyof Row & string)[]; // the keys of the type above
  const text = `insert into ${table} (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`;
  return { text, values: (row: Row): Value[] => names.map((name) => row[name] ?? null) };
}

function sendable(sql: string): Omit<CompiledQuery, 'parameters'> {
  return { sql, query: RawNode.createWithSql(sql), queryId: { queryId: sql } };
}

function numbered(text: string): string {
  let number = 0;
  return text.replaceAll('?', () => {
    number += 1;
    return `$${number}`;
  });
}

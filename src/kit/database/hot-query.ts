// Queries of the hottest paths: their text is written by hand and made once. Kysely builds and compiles a query anew at each
// call, which takes longer than a keyed read of SQLite.

import type { CompiledQuery } from 'kysely';
import { RawNode } from 'kysely';
import type { Database, Queries } from '#kit/database/database.ts';

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

/** Adds a row and answers the column named in `returning`. Every column is named, so that a new one is a type error here. */
export function hotInsert<Row extends Readonly<Record<string, Value>>, Made = never>(
  table: string,
  columns: Readonly<Record<keyof Row & string, true>>,
  returning?: keyof Made & string,
): (ctx: Asked, row: Row) => Promise<readonly Made[]> {
  const names = Object.keys(columns) as (keyof Row & string)[]; // the keys of the type above
  const places = names.map(() => '?').join(', ');
  const ending = returning === undefined ? '' : ` returning ${returning}`;
  const insert = hotQuery<Made>(`insert into ${table} (${names.join(', ')}) values (${places})${ending}`);
  return (ctx, row) => insert(ctx, ...names.map((name) => row[name] ?? null));
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

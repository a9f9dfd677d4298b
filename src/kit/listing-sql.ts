// The pieces of SQL that lists are made of: conditions, orders, and the two databases' ways to find a text.

import type { RawBuilder } from 'kysely';
import { sql } from 'kysely';
import type { Queries } from '#kit/database/database.ts';
import { endOfPrefix } from '#kit/text.ts';

/** A piece of SQL with its values. */
export type Sql = RawBuilder<unknown>;

/** A table that can be listed. Beside `id` it has `search_text`, and `<name>_search` as the trigram index of that. */
export type Listed = {
  readonly name: 'users' | 'clients';
  /** The columns that are looked through for the start of a term; each has an index that begins with it. */
  readonly prefixColumns: readonly string[];
};

/** A list that is being read: where, of what, and of which status alone. */
export type List = {
  readonly db: Queries;
  readonly dialect: 'sqlite' | 'postgres';
  readonly listed: Listed;
  /** One of the few words of the table's status column: it becomes part of the statement's text. */
  readonly status: string | undefined;
};

/** What is looked for, in the form that is stored (`comparable`): at the start of a prefix column, or anywhere. */
export type Search = { readonly kind: 'prefix' | 'part'; readonly text: string };

/** The matches as rows of `id` and `place`, what they are sorted by, in the shape for which each database surely takes the search index. */
export function foundRows(
  list: List,
  search: Search,
  order: string,
  edge: number | undefined,
  descending: boolean,
): Sql {
  if (search.kind === 'prefix' && order === 'id') {
    const beyondEdge = edge === undefined ? sql`` : sql`where id ${beyond(descending)} ${edge}`;
    return sql`select id, id as place from (${union(list, search.text)}) as every ${beyondEdge}`;
  }
  const bounds = where(list, edge, descending, foundByIndex(list, search));
  return sql`select id, ${column(order)} as place from ${table(list)} ${bounds}`;
}

function foundByIndex(list: List, search: Search): Sql {
  if (list.dialect === 'postgres')
    return search.kind === 'part'
      ? sql`search_text like ${likePattern(search.text)}`
      : inAnyRange(list.listed, search.text);
  if (search.kind === 'prefix') return sql`id in (${union(list, search.text)})`;
  return sql`id in (select rowid from ${textIndex(list)} where search_text match ${phrase(search.text)})`;
}

/** The same for rows that are at hand: no index, nothing but comparing. */
export function matches(list: List, search: Search): Sql {
  if (search.kind === 'prefix') return inAnyRange(list.listed, search.text);
  return list.dialect === 'sqlite'
    ? sql`instr(search_text, ${search.text}) > 0`
    : sql`strpos(search_text, ${search.text}) > 0`;
}

/** The ids of every row of which a prefix column starts with the text, each once. */
export function union(list: List, text: string): Sql {
  const ranges = list.listed.prefixColumns.map((name) => sql`select id from ${rangeOf(list, name, text)}`);
  return sql.join(ranges, sql` union `);
}

/** The rows of which one column starts with the text: one range of that column's index. */
export function rangeOf(list: List, name: string, text: string): Sql {
  return sql`${table(list)} ${where(list, undefined, false, startsWith(name, text))}`;
}

/** Whether any prefix column starts with the text. */
export function inAnyRange(listed: Listed, text: string): Sql {
  return sql`(${sql.join(
    listed.prefixColumns.map((name) => sql`(${startsWith(name, text)})`),
    sql` or `,
  )})`;
}

/** Whether a column starts with the text, as a range: `like` could not use the index. */
export function startsWith(name: string, text: string): Sql {
  return sql`${column(name)} >= ${text} and ${column(name)} < ${endOfPrefix(text)}`;
}

/**
 * The conditions of a list: its status, what lies beyond `edge` in the direction of the order, and one more. The status
 * stands in the text itself: PostgreSQL plans a prepared statement once for all values, and for a rare status it would
 * walk the ids of all (100 ms at a million clients).
 */
export function where(list: List, edge: number | undefined, descending: boolean, also?: Sql): Sql {
  const conditions = [
    ...(list.status === undefined ? [] : [sql`status = ${sql.lit(list.status)}`]),
    ...(edge === undefined ? [] : [sql`id ${beyond(descending)} ${edge}`]),
    ...(also === undefined ? [] : [also]),
  ];
  return conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`;
}

/** The order by a column, and among equals by id. */
export function orderBy(order: string, descending: boolean): Sql {
  const byId = sql`id ${direction(descending)}`;
  return order === 'id' ? sql`order by ${byId}` : sql`order by ${column(order)} ${direction(descending)}, ${byId}`;
}

/** `asc` or `desc`. */
export function direction(descending: boolean): Sql {
  return descending ? sql`desc` : sql`asc`;
}

/** The comparison that leads on in a direction. */
export function beyond(descending: boolean): Sql {
  return descending ? sql`<` : sql`>`;
}

/** The table itself. */
export function table(list: List): Sql {
  return sql`${sql.table(list.listed.name)}`;
}

/** SQLite's trigram index of the table. */
export function textIndex(list: List): Sql {
  return sql`${sql.table(`${list.listed.name}_search`)}`;
}

/** A column by its name. */
export function column(name: string): Sql {
  return sql`${sql.ref(name)}`;
}

/** One phrase of FTS5, whatever stands in it. */
export function phrase(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** What `like` takes to find the text anywhere, whatever signs stand in it. */
export function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
}

// The pieces of SQL that lists are made of: conditions, orders, and the two databases' ways to find a text.

import type { RawBuilder } from 'kysely';
import { sql } from 'kysely';
import type { Queries } from '#kit/database/database.ts';
import { endOfPrefix } from '#kit/text.ts';

/** A piece of SQL with its values. */
export type Sql = RawBuilder<unknown>;

/**
 * A table that can be listed. Beside `id` it has `search_text`, `<name>_search` as the trigram index of that, and
 * `<name>_by_id` as the index of ids with what the list may be narrowed to.
 */
export type Listed = {
  readonly name: 'users' | 'clients';
  /**
   * The columns that are looked through for the start of a term. Each has an index that begins with it and holds the
   * others, every order and every narrowing too: whole rows are not read.
   */
  readonly prefixColumns: readonly string[];
};

/** A list that is being read: where, of what, and narrowed to which rows. */
export type List = {
  readonly db: Queries;
  readonly dialect: 'sqlite' | 'postgres';
  readonly listed: Listed;
  /** Columns that must have these values: words of ours and ids, since they become part of the statement's text. */
  readonly only: Readonly<Record<string, string | number>>;
};

/** What is looked for, in the form that is stored (`comparable`): at the start of a prefix column, or anywhere. */
export type Search = { readonly kind: 'prefix' | 'part'; readonly text: string };

/**
 * The matches as rows of `id` and `place`, what they are sorted by, each once; in the shape for which each database surely
 * takes the search index.
 */
export function foundRows(
  list: List,
  search: Search,
  order: string,
  edge: number | undefined,
  descending: boolean,
): Sql {
  const place = sql`id, ${column(order)} as place`;
  if (search.kind === 'prefix') return byPrefix(list, search.text, place, edge, descending);
  const bounds = where(list, edge, descending, foundByText(list, search.text));
  return sql`select ${place} from ${table(list)} ${bounds}`;
}

function foundByText(list: List, text: string): Sql {
  if (list.dialect === 'postgres') return sql`search_text like ${likePattern(text)}`;
  return sql`id in (select rowid from ${textIndex(list)} where search_text match ${phrase(text)})`;
}

/**
 * What stands in `wanted`, of every row of which a prefix column starts with the text. Each index answers for the rows that
 * none before it has answered for, by what it holds itself; nothing is left to be compared or read again.
 */
export function byPrefix(list: List, text: string, wanted: Sql, edge?: number, descending = false): Sql {
  const isIn = list.listed.prefixColumns.map((name) => startsWith(name, text));
  const parts = isIn.map((range, at) => {
    const foundBefore = isIn.slice(0, at).map((other) => sql`and not (${other})`);
    return sql`select ${wanted} from ${table(list)} where ${range} ${sql.join(foundBefore, sql` `)} ${alsoIn(list, edge, descending)}`;
  });
  return sql.join(parts, sql` union all `);
}

/**
 * The first `most` of what `byPrefix` finds, in an order: of each index so many, which are read through and never kept. Where
 * the order is an index's own they lie at its beginning. PostgreSQL is kept from walking the order's index instead, which
 * takes seconds where the matches lie at its end.
 */
export function firstByPrefix(list: List, text: string, order: string, descending: boolean, most: number): Sql {
  const place = sql`${orderBy('place', descending)} limit ${most}`;
  const isIn = list.listed.prefixColumns.map((name) => startsWith(name, text));
  const parts = list.listed.prefixColumns.map((name, at) => {
    const foundBefore = isIn.slice(0, at).map((other) => sql`and not (${other})`);
    const found = sql`from ${table(list)} where ${isIn[at]} ${sql.join(foundBefore, sql` `)} ${alsoIn(list, undefined, false)}`;
    const own = sql`select id, ${column(order)} as place ${found} ${orderBy(order, descending)} limit ${most}`;
    const other =
      list.dialect === 'sqlite'
        ? sql`select id, +${column(order)} as place ${found} ${place}`
        : sql`select id, place from (select id, ${column(order)} as place ${found} offset 0) as kept ${place}`;
    return sql`select * from (${name === order ? own : other}) as ${sql.id(`by_${name}`)}`;
  });
  return sql`select id from (${sql.join(parts, sql` union all `)}) as every ${place}`;
}

// SQLite knows no frequencies: it would take an index of the status to that of a name. A plus hides the column from it.
function alsoIn(list: List, edge: number | undefined, descending: boolean): Sql {
  const hidden = list.dialect === 'sqlite' ? sql`+` : sql``;
  const conditions = [
    ...narrowed(list).map((condition) => sql`and ${hidden}${condition}`),
    ...(edge === undefined ? [] : [sql`and ${hidden}id ${beyond(descending)} ${edge}`]),
  ];
  return sql.join(conditions, sql` `);
}

/** The same for rows that are at hand: no index, nothing but comparing. */
export function matches(list: List, search: Search): Sql {
  if (search.kind === 'prefix') return inAnyRange(list.listed, search.text);
  return list.dialect === 'sqlite'
    ? sql`instr(search_text, ${search.text}) > 0`
    : sql`strpos(search_text, ${search.text}) > 0`;
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
 * The conditions of a list: what it is narrowed to, what lies beyond `edge` in the direction of the order, and one more.
 * Status and group stand in the text itself: PostgreSQL plans a prepared statement once for all values, and for a rare
 * status it would walk the ids of all (100 ms at a million clients).
 */
export function where(list: List, edge: number | undefined, descending: boolean, also?: Sql): Sql {
  const conditions = [
    ...narrowed(list),
    ...(edge === undefined ? [] : [sql`id ${beyond(descending)} ${edge}`]),
    ...(also === undefined ? [] : [also]),
  ];
  return conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`;
}

/** What a list is narrowed to, condition by condition. */
export function narrowed(list: List): Sql[] {
  return Object.entries(list.only).map(([name, value]) => sql`${column(name)} = ${sql.lit(value)}`);
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

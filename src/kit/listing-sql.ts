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
  /** By a column that is only an order: the prefix column that begins with it and a space. */
  readonly startOf?: Readonly<Record<string, string>>;
};

/** A list that is being read: where, of what, and narrowed to which rows. */
export type List = {
  readonly db: Queries;
  readonly dialect: 'sqlite' | 'postgres';
  readonly listed: Listed;
  /** Columns that must have these values: words of ours and ids, since they become part of the statement's text. */
  readonly only: Readonly<Record<string, string | number>>;
};

/** Which rows of an order: `limit` after `skip` others, behind the id `edge` where there is one. */
export type Place = {
  readonly order: string;
  readonly descending: boolean;
  readonly limit: number;
  readonly skip: number;
  readonly edge: number | undefined;
};

/** What is looked for, in the form that is stored (`comparable`). */
export type Search = Beginning | { readonly kind: 'part'; readonly text: string };

/** What starts with a text; `columns`: the prefix columns of which any row does, at least one. */
export type Beginning = { readonly kind: 'prefix'; readonly text: string; readonly columns: readonly string[] };

/** What holds a text, as rows of `id` and `place`, what they are sorted by; so that each database takes the trigram index. */
export function foundByText(
  list: List,
  text: string,
  order: string,
  edge: number | undefined,
  descending: boolean,
): Sql {
  const isFound =
    list.dialect === 'postgres'
      ? sql`search_text like ${likePattern(text)}`
      : sql`id in (select rowid from ${textIndex(list)} where search_text match ${phrase(text)})`;
  return sql`select id, ${column(order)} as place from ${table(list)} ${where(list, edge, descending, isFound)}`;
}

/** A 1 if any row's column starts with the text, else nothing. Sorted, so that PostgreSQL does not go looking row by row. */
export function anyThatStarts(list: List, name: string, text: string): Sql {
  return sql`select 1 from ${table(list)} where ${startsWith(name, text)} order by ${column(name)} limit 1`;
}

/**
 * As many rows as there are of which a prefix column starts with the text. Each index answers for the rows that none before
 * it has answered for, by what it holds itself; nothing is left to be compared or read again.
 */
export function byPrefix(list: List, search: Beginning): Sql {
  const parts = search.columns.map((_, at) => sql`select 1 ${foundAt(list, search, at)}`);
  return sql.join(parts, sql` union all `);
}

/**
 * The ids from `skip` on of what `byPrefix` finds, `limit` of them in an order: of each index the first so many, whose
 * matches are read through and never kept. Where the order is an index's own they lie at its beginning.
 */
export function firstByPrefix(list: List, search: Beginning, { order, descending, edge, skip, limit }: Place): Sql {
  const sought = { ...search, columns: inOrdersOwn(list, search, order) };
  const first = sql`limit ${skip + limit}`;
  const parts = sought.columns.map((name, at) => {
    const found = foundAt(list, sought, at, edge, descending);
    const own = sql`select id, ${column(order)} as place ${found} ${orderBy(order, descending)} ${first}`;
    const other = sql`${readThrough(list, found, name, order, descending)} ${orderBy('place', descending)} ${first}`;
    return sql`select * from (${name === order ? own : other}) as ${sql.id(`by_${name}`)}`;
  });
  return sql`select id from (${sql.join(parts, sql` union all `)}) as by_search
    ${orderBy('place', descending)} limit ${limit} offset ${skip}`;
}

// What starts with a first name is found by the index of full names; the first names' own has it in their order.
function inOrdersOwn({ listed }: List, { columns, text }: Beginning, order: string): readonly string[] {
  const whole = text.includes(' ') ? undefined : listed.startOf?.[order];
  return columns.map((name) => (name === whole ? order : name));
}

// Neither planner may walk the order's index instead, which takes seconds where the matches lie at its end. SQLite sorts
// what it meets last first two to three times as long: so it goes backwards, as mostly what sorts late was also made late.
function readThrough(list: List, found: Sql, name: string, order: string, descending: boolean): Sql {
  if (list.dialect === 'sqlite' && !descending) return sql`select id, +${column(order)} as place ${found}`;
  const asIndexed = list.dialect === 'sqlite' ? sql`${orderBy(name, descending)} limit -1` : sql`offset 0`;
  return sql`select id, place from (select id, ${column(order)} as place ${found} ${asIndexed}) as kept`;
}

// What the index of one column, the `at`-th of those that are searched, finds and none before it has found.
function foundAt(list: List, { columns, text }: Beginning, at: number, edge?: number, descending = false): Sql {
  const ranges = columns.slice(0, at + 1).map((name) => startsWith(name, text));
  const foundBefore = ranges.slice(0, at).map((other) => sql`and not (${other})`);
  return sql`from ${table(list)} where ${ranges[at]} ${sql.join(foundBefore, sql` `)} ${alsoIn(list, edge, descending)}`;
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
  if (search.kind === 'prefix') return inAnyRange(search);
  return list.dialect === 'sqlite'
    ? sql`instr(search_text, ${search.text}) > 0`
    : sql`strpos(search_text, ${search.text}) > 0`;
}

function inAnyRange({ columns, text }: Beginning): Sql {
  return sql`(${sql.join(
    columns.map((name) => sql`(${startsWith(name, text)})`),
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

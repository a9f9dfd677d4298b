// Lists that stay flat to a million rows: pages by key inside, offsets only on the wire, counts kept or capped.

import type { SelectQueryBuilder } from 'kysely';
import { sql } from 'kysely';
import { comparable, endOfPrefix } from '#kit/text.ts';

/** Counting stops here; a list with more says "more than". */
export const COUNT_CAP = 10_000;

/** A count that may have been cut off at COUNT_CAP. */
export type CappedCount = { readonly count: number; readonly exact: boolean };

// A query builder over any tables: what the helpers below add is checked by name against the table they are given.
// biome-ignore lint/suspicious/noExplicitAny: Kysely's own generic for "any query"
type AnyQuery = SelectQueryBuilder<any, any, any>;

/**
 * Narrows a query to rows whose `search_text` holds the term: by the trigram index of either database for terms of
 * three and more characters, by indexed prefix of `prefixes` for shorter ones. Never a scan of the table.
 */
export function containing<Q extends AnyQuery>(
  query: Q,
  dialect: 'sqlite' | 'postgres',
  table: 'users' | 'clients',
  term: string,
  prefixes: readonly string[],
): Q {
  const wanted = comparable(term);
  if ([...wanted].length < 3) return startingWith(query, table, wanted, prefixes);
  if (dialect === 'sqlite') {
    const phrase = `"${wanted.replaceAll('"', '""')}"`;
    const index = sql.table(`${table}_search`);
    return query.where(
      sql<boolean>`${sql.ref(`${table}.id`)} in (select rowid from ${index} where search_text match ${phrase})`,
    ) as Q; // where() answers the same query, narrowed
  }
  const pattern = `%${wanted.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  return query.where(sql<boolean>`${sql.ref(`${table}.search_text`)} like ${pattern}`) as Q; // likewise
}

/** Narrows a query to rows of which one of the key columns starts with the term: one indexed range for each column. */
export function startingWith<Q extends AnyQuery>(
  query: Q,
  table: 'users' | 'clients',
  term: string,
  columns: readonly string[],
): Q {
  const from = comparable(term);
  const parts = columns.map(
    (column) =>
      sql`select id from ${sql.table(table)} where ${sql.ref(column)} >= ${from} and ${sql.ref(column)} < ${endOfPrefix(from)}`,
  );
  return query.where(sql<boolean>`${sql.ref(`${table}.id`)} in (${sql.join(parts, sql` union `)})`) as Q; // likewise
}

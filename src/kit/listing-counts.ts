// How long a list is: by the index that finds what is searched, up to a cap.

import { sql } from 'kysely';
import type { Beginning, List, Search, Sql } from '#kit/listing-sql.ts';
import { byPrefix, likePattern, matches, narrowed, phrase, table, textIndex, where } from '#kit/listing-sql.ts';

/** Counting what holds a part, or is narrowed to a group, stops here; a list with more says "more than". */
export const COUNT_CAP = 2_500;
/** Counting what starts with a term stops here: such matches are counted by the index that finds them. */
export const PREFIX_COUNT_CAP = 10_000;

/** A count that may have been cut off: then there are at least so many. */
export type CappedCount = { readonly count: number; readonly exact: boolean };

/** So many rows of an order are looked at before anything is decided. */
export const SAMPLE = 1000;

/** How many rows a search finds. `total` is asked only when needed: how many rows there are without it. */
export async function countBySearch(list: List, search: Search, total: () => Promise<number>): Promise<CappedCount> {
  return search.kind === 'prefix' ? countByPrefix(list, search) : countByPart(list, search, await total());
}

/** How many rows start with a term. */
export async function countByPrefix(list: List, search: Beginning): Promise<CappedCount> {
  const some = sql`${byPrefix(list, search)} limit ${PREFIX_COUNT_CAP + 1}`;
  return capped(await count(list, some), PREFIX_COUNT_CAP);
}

/** How many rows there are of what a list is narrowed to. */
export async function countRows(list: List): Promise<CappedCount> {
  return capped(
    await count(list, sql`select 1 from ${table(list)} ${where(list, undefined, false)} limit ${COUNT_CAP + 1}`),
  );
}

async function countByPart(list: List, search: Search, total: number): Promise<CappedCount> {
  if (total <= SAMPLE) return { count: await countWalked(list, search, SAMPLE), exact: true };
  if (list.dialect === 'sqlite') return countByTrigrams(list, search, total);
  // The index must find all before it gives the first: for a term that every 25th row holds, walking ends sooner.
  const inSample = await countWalked(list, search, SAMPLE);
  const rows =
    inSample > SAMPLE / 25 ? await countWalked(list, search, undefined) : await countByLike(list, search.text);
  return capped(rows);
}

async function countWalked(list: List, search: Search, rows: number | undefined): Promise<number> {
  const walked = sql`select search_text from ${table(list)} ${where(list, undefined, false)} ${rows === undefined ? sql`` : sql`limit ${rows}`}`;
  return count(list, sql`select 1 from (${walked}) as walked where ${matches(list, search)} limit ${COUNT_CAP + 1}`);
}

async function countByLike(list: List, text: string): Promise<number> {
  const bounds = where(list, undefined, false, sql`search_text like ${likePattern(text)}`);
  return count(list, sql`select 1 from ${table(list)} ${bounds} limit ${COUNT_CAP + 1}`);
}

async function countByTrigrams(list: List, search: Search, total: number): Promise<CappedCount> {
  const some = sql`select rowid as id from ${textIndex(list)} where search_text match ${phrase(search.text)} limit ${COUNT_CAP + 1}`;
  const conditions = narrowed(list);
  if (conditions.length === 0) return capped(await count(list, some));
  const byId = sql.raw(`${list.listed.name} as one indexed by ${list.listed.name}_by_id`);
  const looked = await sql<{ seen: number; found: number }>`
    select count(*) as seen, coalesce(sum(${sql.join(conditions, sql` and `)}), 0) as found
    from (${some}) as taken cross join ${byId} on one.id = taken.id`.execute(list.db);
  const { seen = 0, found = 0 } = looked.rows[0] ?? {};
  if (seen <= COUNT_CAP) return { count: found, exact: true };
  if (total <= COUNT_CAP) return { count: await countWalked(list, search, COUNT_CAP), exact: true };
  return { count: found, exact: false };
}

async function count(list: List, rows: Sql): Promise<number> {
  const counted = await sql<{ count: number }>`select count(*) as count from (${rows}) as taken`.execute(list.db);
  return Number(counted.rows[0]?.count ?? 0);
}

/** A count as far as it went: one above the cap says that there are more. */
export function capped(counted: number, cap: number = COUNT_CAP): CappedCount {
  return { count: Math.min(counted, cap), exact: counted <= cap };
}

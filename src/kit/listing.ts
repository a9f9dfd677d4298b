// Lists that stay flat to a million rows: pages by key inside, offsets only on the wire, counts kept or capped.
//
// A search has two ways to its page. Walking the order and leaving out what does not match is quick for a common term and
// reads the whole table for a rare one. Collecting every match by the search index and sorting is quick for a rare term
// and sorts 300,000 rows for a common one. Neither database picks rightly on its own: SQLite knows no frequencies, and
// PostgreSQL plans a prepared statement once for all terms. So a sample decides: the first rows of the order. A common
// term fills its page from them; what they hold of any other says which way is shorter.
//
// Measured at a million clients on busy cores (SQLite; PostgreSQL): the sample 0.4 ms; 1.1 ms by ids, 0.9; 1.6 in another
// order. 6,000 matches of a beginning collected, sorted and counted 2.2 ms; 4.5 ms in any order, by indexes that hold all
// that is asked for (15 to 25 ms when each row was read). 2,000 rows that hold a part 1.5 ms; 5 ms.

import { sql } from 'kysely';
import type { List, Listed, Search, Sql } from '#kit/listing-sql.ts';
import {
  beyond,
  byPrefix,
  column,
  direction,
  firstByPrefix,
  foundRows,
  likePattern,
  matches,
  narrowed,
  orderBy,
  phrase,
  table,
  textIndex,
  where,
} from '#kit/listing-sql.ts';
import { comparable, comparableStart } from '#kit/text.ts';

/** Counting what holds a part, or is narrowed to a group, stops here; a list with more says "more than". */
export const COUNT_CAP = 2_500;
/** Counting what starts with a term stops here: such matches are counted by the index that finds them. */
export const PREFIX_COUNT_CAP = 10_000;

/** A count that may have been cut off: then there are at least so many. */
export type CappedCount = { readonly count: number; readonly exact: boolean };

/** Which rows: at most one of the two searches. A blank search is none. */
export type Narrowing = {
  readonly contains?: string | undefined;
  readonly startsWith?: string | undefined;
  /** Rows of this status; every order has an index that begins with `status`. */
  readonly status?: string | undefined;
  /** Rows of this group, in the order of ids alone. */
  readonly groupId?: number | undefined;
};

/** An order and its direction. */
export type ListOrder = {
  /** A column with an index `(column, id)`, or `id`. */
  readonly order: string;
  readonly descending: boolean;
};

/** A page by key: `limit` rows behind the id `edge` in the direction of the order, which is that of ids where there is an edge. */
export type KeyedPlace = ListOrder & { readonly limit: number; readonly edge: number | undefined };

/** A page by offset: `limit` rows of the order after `skip` others. */
export type OffsetPlace = ListOrder & { readonly limit: number; readonly skip: number };

/** What the functions here need of a Context. */
export type ListReader = Pick<List, 'db' | 'dialect'>;

/** So many rows of an order are looked at before anything is decided. */
const SAMPLE = 1000;
/** Longer than anything that is searched: names and addresses end at 255 characters. */
const LONGEST_TERM = 1000;
/** Of a beginning so much is compared: as much as every key has. */
const LONGEST_PREFIX = 100;

type Place = KeyedPlace & OffsetPlace;
/** `matches`: how many there are in all, where that came out by the way. */
type Found = { readonly ids: readonly number[]; readonly matches: CappedCount | undefined };

/**
 * The ids of a page by key. `total` is asked only when needed: how many rows there are without the search, as kept by the
 * database.
 */
export async function idsOf(
  reader: ListReader,
  listed: Listed,
  narrowing: Narrowing,
  keyed: KeyedPlace,
  total: () => Promise<number>,
): Promise<readonly number[]> {
  const list = listOf(reader, listed, narrowing);
  const place = { ...keyed, skip: 0 };
  const search = searchOf(narrowing);
  if (place.limit <= 0 || search === 'matches nothing') return [];
  if (search === undefined) return idsInOrder(list, place);
  return (await idsBySearch(list, search, place, total)).ids;
}

/** A page by key and how many rows fit, which some ways to the page find out by the way. Else as `idsOf` and `countOf`. */
export async function pageOf(
  reader: ListReader,
  listed: Listed,
  narrowing: Narrowing,
  keyed: KeyedPlace,
  total: () => Promise<number>,
): Promise<{ readonly ids: readonly number[]; readonly count: CappedCount }> {
  const search = searchOf(narrowing);
  if (search === undefined || search === 'matches nothing' || keyed.limit <= 0) {
    const ids = await idsOf(reader, listed, narrowing, keyed, total);
    return { ids, count: await countOf(reader, listed, narrowing, total) };
  }
  const found = await idsBySearch(listOf(reader, listed, narrowing), search, { ...keyed, skip: 0 }, total);
  return { ids: found.ids, count: found.matches ?? (await countOf(reader, listed, narrowing, total)) };
}

/**
 * The ids of a page by offset, and the length of the list. Where counting was cut off, the length is the cap or one more
 * than the page reaches to, whichever is more: whoever asks on until the length is reached sees every row.
 */
export async function sliceOf(
  reader: ListReader,
  listed: Listed,
  narrowing: Omit<Narrowing, 'groupId'>,
  offset: OffsetPlace,
  total: () => Promise<number>,
): Promise<{ readonly ids: readonly number[]; readonly total: number }> {
  const list = listOf(reader, listed, narrowing);
  const search = searchOf(narrowing);
  if (search === 'matches nothing') return { ids: [], total: 0 };
  if (search === undefined) return sliceByOffset(list, { ...offset, edge: undefined }, await total());
  const { skip, limit } = offset;
  const onePast = { ...offset, limit: limit + 1, edge: undefined };
  const { ids, matches } = await idsBySearch(list, search, onePast, total);
  const page = ids.slice(0, limit);
  const reached = skip + page.length;
  const isEnd = ids.length <= limit && (ids.length > 0 || skip === 0);
  if (isEnd) return { ids: page, total: reached };
  const { count, exact } = matches ?? (await countOf(reader, listed, narrowing, total));
  const atLeast = ids.length > limit ? reached + 1 : 0;
  return { ids: page, total: exact ? count : Math.max(count, atLeast) };
}

/**
 * How many rows match, counted up to PREFIX_COUNT_CAP for a beginning and to COUNT_CAP for a part. `total` as in `idsOf`;
 * without a search it is the answer, but for a group, which is counted too.
 */
export async function countOf(
  reader: ListReader,
  listed: Listed,
  narrowing: Narrowing,
  total: () => Promise<number>,
): Promise<CappedCount> {
  const list = listOf(reader, listed, narrowing);
  const search = searchOf(narrowing);
  if (search === 'matches nothing') return { count: 0, exact: true };
  if (search === undefined && narrowing.groupId !== undefined) return countRows(list);
  if (search === undefined) return { count: await total(), exact: true };
  if (search.kind === 'prefix') return countByPrefix(list, search.text);
  return countByPart(list, search, await total());
}

function listOf({ db, dialect }: ListReader, listed: Listed, { status, groupId }: Narrowing): List {
  const only = {
    ...(status === undefined ? {} : { status }),
    ...(groupId === undefined ? {} : { group_id: groupId }),
  };
  return { db, dialect, listed, only };
}

function searchOf({ startsWith, contains }: Narrowing): Search | 'matches nothing' | undefined {
  const [given, isPrefix] = startsWith === undefined ? [contains, false] : [startsWith, true];
  const text = comparable(given ?? '');
  if (text === '') return undefined;
  // PostgreSQL stores no NUL, and refuses to be asked for one.
  if (text.length > LONGEST_TERM || text.includes('\u0000')) return 'matches nothing';
  // Three characters are the least that a trigram index can find.
  if (!isPrefix && [...text].length >= 3) return { kind: 'part', text };
  return { kind: 'prefix', text: comparableStart(text, LONGEST_PREFIX) };
}

// A long offset is walked from the nearer end of the order.
async function sliceByOffset(list: List, place: Place, total: number) {
  const { skip, limit } = place;
  const left = Math.min(limit, total - skip);
  if (limit <= 0 || (skip > SAMPLE && left <= 0)) return { ids: [], total };
  const isNearEnd = skip > SAMPLE && skip > total / 2;
  const nearer = { ...place, descending: !place.descending, limit: left, skip: total - skip - left };
  const ids = isNearEnd ? (await idsInOrder(list, nearer)).reverse() : await idsInOrder(list, place);
  return { ids, total };
}

// Without a search: the order's index alone.
async function idsInOrder(list: List, { order, descending, edge, limit, skip }: Place): Promise<number[]> {
  const found = await sql<{ id: number }>`select id from ${table(list)} ${where(list, edge, descending)}
    ${orderBy(order, descending)} limit ${limit} offset ${skip}`.execute(list.db);
  return found.rows.map((row) => row.id);
}

async function idsBySearch(list: List, search: Search, place: Place, total: () => Promise<number>): Promise<Found> {
  const needed = place.skip + place.limit;
  const sample = await walk(list, search, place, SAMPLE, needed);
  if (sample.length >= needed) return { ids: sample.slice(place.skip), matches: undefined };
  if (isStream(list, search, place)) return { ids: await idsByStream(list, search.text, place), matches: undefined };
  const all = await total();
  if (all <= SAMPLE) {
    const count = { count: sample.length, exact: true };
    return { ids: sample.slice(place.skip), matches: place.edge === undefined ? count : undefined };
  }
  if (place.skip >= all) return { ids: [], matches: undefined };
  return search.kind === 'prefix'
    ? byBeginning(list, search, place, { inSample: sample.length, all })
    : byPart(list, search, place, { inSample: sample.length, all });
}

/** How many of the first SAMPLE rows matched, and how many rows there are in all. */
type Density = { readonly inSample: number; readonly all: number };

// Collected with an end, which the count has too; only what is more common than that is walked first.
async function byBeginning(list: List, search: Search, place: Place, density: Density): Promise<Found> {
  const isRare = (density.inSample * density.all) / SAMPLE <= PREFIX_COUNT_CAP;
  const fits = place.skip + place.limit <= PREFIX_COUNT_CAP;
  const few = isRare && fits ? await collect(list, search, place, PREFIX_COUNT_CAP + 1) : undefined;
  if (few?.whole) return few.found;
  // So many, and none in the sample: they lie together somewhere else.
  const walked = density.inSample === 0 ? undefined : await walkedIds(list, search, place, rowsToWalk(place, density));
  return walked ?? firstOfMany(list, search, place);
}

async function firstOfMany(list: List, search: Search, place: Place): Promise<Found> {
  const { order, descending, edge, skip, limit } = place;
  if (edge !== undefined) return (await collect(list, search, place, undefined)).found;
  const first = firstByPrefix(list, search.text, order, descending, skip + limit);
  const found = await sql<{ id: number }>`${first} offset ${skip}`.execute(list.db);
  return { ids: found.rows.map((row) => row.id), matches: undefined };
}

async function byPart(list: List, search: Search, place: Place, density: Density): Promise<Found> {
  const rows = rowsToWalk(place, density); // endless where the sample held none
  const expectedMatches = (density.inSample * density.all) / SAMPLE;
  // PostgreSQL walks ids in an index that has the text, and compares each match of the other index once more.
  const walkedForOneMatch = list.dialect === 'postgres' && place.order === 'id' ? 6 : 2;
  const walked = rows <= walkedForOneMatch * expectedMatches ? await walkedIds(list, search, place, rows) : undefined;
  return walked ?? (await collect(list, search, place, undefined)).found;
}

/** How many rows to walk for the matches that are needed, going by the sample; they may lie less densely further on. */
function rowsToWalk({ skip, limit }: Place, { inSample }: Density): number {
  return Math.ceil((1.5 * (skip + limit) * SAMPLE) / inSample);
}

async function walkedIds(list: List, search: Search, place: Place, rows: number): Promise<Found | undefined> {
  const needed = place.skip + place.limit;
  const walked = await walk(list, search, place, rows, needed);
  return walked.length >= needed ? { ids: walked.slice(place.skip), matches: undefined } : undefined;
}

// SQLite's index gives the ids of its matches in their order, one by one: nothing to sort, whatever the term. Not before
// the sample, since in descending order it finds the edge by going through all that lie before it.
function isStream(list: List, search: Search, place: Place): boolean {
  return list.dialect === 'sqlite' && search.kind === 'part' && place.order === 'id';
}

async function idsByStream(list: List, text: string, { edge, descending, limit, skip }: Place): Promise<number[]> {
  const found = await sql<{ id: number }>`select found.rowid as id from ${textIndex(list)} as found ${onlyThose(list)}
    where found.search_text match ${phrase(text)} ${edge === undefined ? sql`` : sql`and found.rowid ${beyond(descending)} ${edge}`}
    order by found.rowid ${direction(descending)} limit ${limit} offset ${skip}`.execute(list.db);
  return found.rows.map((row) => row.id);
}

// What the trigram index does not know is asked of the index of ids, match by match.
function onlyThose(list: List): Sql {
  const conditions = narrowed(list);
  if (conditions.length === 0) return sql``;
  const byId = sql.raw(`${list.listed.name} as one indexed by ${list.listed.name}_by_id`);
  return sql`cross join ${byId} on one.id = found.rowid and ${sql.join(conditions, sql` and `)}`;
}

/**
 * The matches among the first `rows` rows of the order, at most `most`. The inner limit keeps either planner from mixing
 * the two steps; the outer one only leaves rows out, so they come in the order in which they were walked.
 */
async function walk(
  list: List,
  search: Search,
  { order, descending, edge }: Place,
  rows: number,
  most: number,
): Promise<number[]> {
  const columns = search.kind === 'prefix' ? list.listed.prefixColumns : ['search_text'];
  const walked = sql`select id, ${sql.join(columns.map(column))} from ${table(list)} ${where(list, edge, descending)}
    ${orderBy(order, descending)} limit ${rows}`;
  const found = await sql<{
    id: number;
  }>`select walked.id from (${walked}) as walked where ${matches(list, search)}
    limit ${Math.min(most, rows)}`.execute(list.db);
  return found.rows.map((row) => row.id);
}

/**
 * Every match by the search index, sorted, and how many they are. With `most` only so many are looked at: `whole` tells
 * whether those were all.
 */
async function collect(
  list: List,
  search: Search,
  place: Place,
  most: number | undefined,
): Promise<{ readonly found: Found; readonly whole: boolean }> {
  const { order, descending, edge, limit, skip } = place;
  const some = most === undefined ? sql`` : sql`limit ${most}`;
  const found = await sql<{ id: number; matches: number }>`
    with found as materialized (${foundRows(list, search, order, edge, descending)} ${some})
    select id, (select count(*) from found) as matches from found
    order by place ${direction(descending)}, id ${direction(descending)} limit ${limit} offset ${skip}`.execute(
    list.db,
  );
  const count = found.rows[0]?.matches ?? 0;
  // Without a row on the page its number is not known, but for the first page.
  const isKnown = edge === undefined && (found.rows.length > 0 || skip === 0);
  const matches = isKnown ? { count, exact: true } : undefined;
  return { found: { ids: found.rows.map((row) => row.id), matches }, whole: most === undefined || count < most };
}

async function countByPrefix(list: List, text: string): Promise<CappedCount> {
  const every = byPrefix(list, text, sql`1`);
  return capped(await count(list, sql`${every} limit ${PREFIX_COUNT_CAP + 1}`), PREFIX_COUNT_CAP);
}

async function countRows(list: List): Promise<CappedCount> {
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

function capped(counted: number, cap: number = COUNT_CAP): CappedCount {
  return { count: Math.min(counted, cap), exact: counted <= cap };
}

// Lists that stay flat to a million rows: pages by key inside, offsets only on the wire, counts kept or capped.
//
// A search has two ways to its page. Walking the order and leaving out what does not match is quick for a common term and
// reads the whole table for a rare one. Reading every match by the search index is quick for a rare term and reads 300,000
// for a common one. Neither database picks rightly on its own: SQLite knows no frequencies, and PostgreSQL plans a prepared
// statement once for all terms. What starts with a term is counted first, which an index does as it finds it: few are read
// at once. Else a sample decides, the first rows of the order: a common term fills its page from them, and what they hold
// of any other says which way is shorter.
//
// Measured at a million clients on a busy machine (SQLite; PostgreSQL). A beginning that three share 0.1 ms; 0.9. That 6,000
// share, in any order 0.4 to 2 ms; 2 to 8. That 20,000 share 0.6 to 4 ms; 3 to 12, and 13 where the order has them all last.
// That 110,000 share, all at the far end of the order, 11 to 20 ms; 30 to 55: nothing then leads to the first of them but
// reading all. A part of one word 0.2 to 3 ms, of several common words 6 to 27; PostgreSQL, which finds all before it counts
// any, 2 to 20 ms, of several common words up to 500.

import { sql } from 'kysely';
import type { CappedCount } from '#kit/listing-counts.ts';
import { capped, countByPrefix, countBySearch, countRows, SAMPLE } from '#kit/listing-counts.ts';
import type { Beginning, List, Listed, Place, Search, Sql } from '#kit/listing-sql.ts';
import {
  anyThatStarts,
  beyond,
  column,
  direction,
  firstByPrefix,
  foundByText,
  matches,
  narrowed,
  orderBy,
  phrase,
  table,
  textIndex,
  where,
} from '#kit/listing-sql.ts';
import { comparable, comparableStart } from '#kit/text.ts';

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

/** So many matches of a beginning are read through at once, without looking at rows first. */
const FEW = 2000;
/** So many rows are walked sooner than SQLite's trigrams answer for a term of several words. */
const WALK_BEFORE_STREAM = 8 * SAMPLE;
/** Longer than anything that is searched: names and addresses end at 255 characters. */
const LONGEST_TERM = 1000;
/** Of a beginning so much is compared: as much as every key has. */
const LONGEST_PREFIX = 100;

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
  const search = await searchOf(list, narrowing);
  if (place.limit <= 0 || search === 'matches nothing') return [];
  if (search === undefined) return idsInOrder(list, place);
  return (await idsBySearch(list, search, place, total, false)).ids;
}

/** A page by key and how many rows fit, which some ways to the page find out by the way. Else as `idsOf` and `countOf`. */
export async function pageOf(
  reader: ListReader,
  listed: Listed,
  narrowing: Narrowing,
  keyed: KeyedPlace,
  total: () => Promise<number>,
): Promise<{ readonly ids: readonly number[]; readonly count: CappedCount }> {
  const list = listOf(reader, listed, narrowing);
  const search = await searchOf(list, narrowing);
  if (search === 'matches nothing') return { ids: [], count: { count: 0, exact: true } };
  if (search === undefined || keyed.limit <= 0) {
    const ids = await idsOf(reader, listed, narrowing, keyed, total);
    return { ids, count: await countOf(reader, listed, narrowing, total) };
  }
  return idsAndCount(list, search, { ...keyed, skip: 0 }, total);
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
  const search = await searchOf(list, narrowing);
  if (search === 'matches nothing') return { ids: [], total: 0 };
  if (search === undefined) return sliceByOffset(list, { ...offset, edge: undefined }, await total());
  const { skip, limit } = offset;
  const onePast = { ...offset, limit: limit + 1, edge: undefined };
  const { ids, count } = await idsAndCount(list, search, onePast, total);
  const page = ids.slice(0, limit);
  const reached = skip + page.length;
  const isEnd = ids.length <= limit && (ids.length > 0 || skip === 0);
  if (isEnd) return { ids: page, total: reached };
  const atLeast = ids.length > limit ? reached + 1 : 0;
  return { ids: page, total: count.exact ? count.count : Math.max(count.count, atLeast) };
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
  const search = await searchOf(list, narrowing);
  if (search === 'matches nothing') return { count: 0, exact: true };
  if (search === undefined && narrowing.groupId !== undefined) return countRows(list);
  if (search === undefined) return { count: await total(), exact: true };
  return countBySearch(list, search, total);
}

function listOf({ db, dialect }: ListReader, listed: Listed, { status, groupId }: Narrowing): List {
  const only = {
    ...(status === undefined ? {} : { status }),
    ...(groupId === undefined ? {} : { group_id: groupId }),
  };
  return { db, dialect, listed, only };
}

async function searchOf(
  list: List,
  { startsWith, contains }: Narrowing,
): Promise<Search | 'matches nothing' | undefined> {
  const [given, isPrefix] = startsWith === undefined ? [contains, false] : [startsWith, true];
  const text = comparable(given ?? '');
  if (text === '') return undefined;
  // PostgreSQL stores no NUL, and refuses to be asked for one.
  if (text.length > LONGEST_TERM || text.includes('\u0000')) return 'matches nothing';
  // Three characters are the least that a trigram index can find.
  if (!isPrefix && [...text].length >= 3) return { kind: 'part', text };
  const start = comparableStart(text, LONGEST_PREFIX);
  const columns = await columnsStartingWith(list, start);
  return columns.length === 0 ? 'matches nothing' : { kind: 'prefix', text: start, columns };
}

// Most terms start one column or two: the others are asked once, and left out of everything that follows.
async function columnsStartingWith(list: List, text: string): Promise<string[]> {
  const columns = list.listed.prefixColumns;
  const asked = columns.map((name) => sql`(${anyThatStarts(list, name, text)}) as ${sql.id(name)}`);
  const found = await sql<Record<string, number | null>>`select ${sql.join(asked)}`.execute(list.db);
  return columns.filter((name) => (found.rows[0]?.[name] ?? null) !== null);
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

async function idsAndCount(list: List, search: Search, place: Place, total: () => Promise<number>) {
  const { ids, matches } = await idsBySearch(list, search, place, total, true);
  return { ids, count: matches ?? (await countBySearch(list, search, total)) };
}

async function idsBySearch(
  list: List,
  search: Search,
  place: Place,
  total: () => Promise<number>,
  isCounted: boolean,
): Promise<Found> {
  return search.kind === 'prefix'
    ? idsByPrefix(list, search, place, total, isCounted)
    : idsByPart(list, search, place, total);
}

// Few matches are read through at once. Of many, those needed may stand among the first rows of the order, or lie so densely
// that walking on is shorter than reading every match.
async function idsByPrefix(
  list: List,
  search: Beginning,
  place: Place,
  total: () => Promise<number>,
  isCounted: boolean,
): Promise<Found> {
  const counted = isCounted ? await countByPrefix(list, search) : undefined;
  if (counted?.exact && counted.count <= FEW) return { ids: await firstIds(list, search, place), matches: counted };
  const needed = place.skip + place.limit;
  const sample = await walk(list, search, place, SAMPLE, needed);
  if (sample.length >= needed) return { ids: sample.slice(place.skip), matches: counted };
  const matches = counted ?? (await countByPrefix(list, search));
  // None among them: what is sought lies elsewhere together.
  if (sample.length === 0) return { ids: await firstIds(list, search, place), matches };
  const rows = rowsToWalk(place, sample.length);
  const toRead = matches.exact ? matches.count : Math.max(matches.count, expectedMatches(sample.length, await total()));
  const walked = 2 * rows <= toRead ? await walkedIds(list, search, place, rows) : undefined;
  return { ids: walked ?? (await firstIds(list, search, place)), matches };
}

async function firstIds(list: List, search: Beginning, place: Place): Promise<number[]> {
  const found = await sql<{ id: number }>`${firstByPrefix(list, search, place)}`.execute(list.db);
  return found.rows.map((row) => row.id);
}

async function idsByPart(list: List, search: Search, place: Place, total: () => Promise<number>): Promise<Found> {
  const needed = place.skip + place.limit;
  const sample = await walk(list, search, place, SAMPLE, needed);
  if (sample.length >= needed) return { ids: sample.slice(place.skip), matches: undefined };
  const rows = rowsToWalk(place, sample.length);
  if (isStream(list, place)) {
    const walked = rows <= WALK_BEFORE_STREAM ? await walkedIds(list, search, place, rows) : undefined;
    return walked ? { ids: walked, matches: undefined } : idsByStream(list, search.text, place);
  }
  const all = await total();
  if (all <= SAMPLE) {
    const count = { count: sample.length, exact: true };
    return { ids: sample.slice(place.skip), matches: place.edge === undefined ? count : undefined };
  }
  if (place.skip >= all) return { ids: [], matches: undefined };
  // PostgreSQL walks ids in an index that has the text, and compares each match of the other index once more.
  const walkedForOneMatch = list.dialect === 'postgres' && place.order === 'id' ? 6 : 2;
  const isShorter = rows <= walkedForOneMatch * expectedMatches(sample.length, all);
  const walked = isShorter ? await walkedIds(list, search, place, rows) : undefined;
  return walked ? { ids: walked, matches: undefined } : collect(list, search.text, place);
}

function expectedMatches(inSample: number, all: number): number {
  return (inSample * all) / SAMPLE;
}

// How many rows to walk for the matches that are needed, going by the sample: endless where it held none. Half as many again,
// since they may lie less densely further on.
function rowsToWalk({ skip, limit }: Place, inSample: number): number {
  return Math.ceil((1.5 * (skip + limit) * SAMPLE) / inSample);
}

async function walkedIds(list: List, search: Search, place: Place, rows: number): Promise<number[] | undefined> {
  const needed = place.skip + place.limit;
  const walked = await walk(list, search, place, rows, needed);
  return walked.length >= needed ? walked.slice(place.skip) : undefined;
}

// SQLite's index gives the ids of its matches in their order, one by one: nothing to sort, whatever the term. Not before
// the sample, since in descending order it finds the edge by going through all that lie before it.
function isStream(list: List, place: Place): boolean {
  return list.dialect === 'sqlite' && place.order === 'id';
}

async function idsByStream(list: List, text: string, { edge, descending, limit, skip }: Place): Promise<Found> {
  const found = await sql<{ id: number }>`select found.rowid as id from ${textIndex(list)} as found ${onlyThose(list)}
    where found.search_text match ${phrase(text)} ${edge === undefined ? sql`` : sql`and found.rowid ${beyond(descending)} ${edge}`}
    order by found.rowid ${direction(descending)} limit ${limit} offset ${skip}`.execute(list.db);
  const ids = found.rows.map((row) => row.id);
  const isAll = edge === undefined && ids.length < limit && (ids.length > 0 || skip === 0);
  return { ids, matches: isAll ? capped(skip + ids.length) : undefined };
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
  const columns = search.kind === 'prefix' ? search.columns : ['search_text'];
  const walked = sql`select id, ${sql.join(columns.map(column))} from ${table(list)} ${where(list, edge, descending)}
    ${orderBy(order, descending)} limit ${rows}`;
  const found = await sql<{
    id: number;
  }>`select walked.id from (${walked}) as walked where ${matches(list, search)}
    limit ${Math.min(most, rows)}`.execute(list.db);
  return found.rows.map((row) => row.id);
}

// Every match of a part by the search index, sorted, and how many they are.
async function collect(list: List, text: string, place: Place): Promise<Found> {
  const { order, descending, edge, limit, skip } = place;
  const found = await sql<{ id: number; matches: number }>`
    with found as materialized (${foundByText(list, text, order, edge, descending)})
    select id, (select count(*) from found) as matches from found
    order by place ${direction(descending)}, id ${direction(descending)} limit ${limit} offset ${skip}`.execute(
    list.db,
  );
  // Without a row on the page its number is not known, but for the first page.
  const isKnown = edge === undefined && (found.rows.length > 0 || skip === 0);
  const matches = isKnown ? { count: found.rows[0]?.matches ?? 0, exact: true } : undefined;
  return { ids: found.rows.map((row) => row.id), matches };
}

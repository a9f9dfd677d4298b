// Searching the log: any mix of conditions, in a bounded piece of work. One condition finds its lines by an index; every
// other is tried on the newest SEARCH_SPAN of those, and whoever wants to know what lies further back asks again.

import { setImmediate as othersTurn } from 'node:timers/promises';
import type { RawBuilder } from 'kysely';
import { sql } from 'kysely';
import type { AuditRow } from '#domain/audit/audit.table.ts';
import type { AuditLine } from '#domain/audit/audit.ts';
import { lineOf } from '#domain/audit/audit.ts';
import type { KeysetPage, KeysetPlace } from '#kit/keyset.ts';
import { keysetPage } from '#kit/keyset.ts';
import type { Context } from '#src/context.ts';

/** How many lines one search reads at most. At a million lines that took 16 ms on SQLite and a quarter of a second on PostgreSQL. */
export const SEARCH_SPAN = 20_000;
const STEP = 2000;
/** So many lines are read at most to fill a page by offset. */
const SLICE_SPAN = 5 * SEARCH_SPAN;
/** Lines that an index finds are counted up to here. */
const MOST_COUNTED = 10_000;

/** Somebody who goes by one name as several things: a line fits that is about any of them. At least one is given. */
export type Whose = {
  readonly clientId?: number | undefined;
  readonly userId?: number | undefined;
  readonly administratorId?: number | undefined;
};

/** What to look for; all of it must fit. `words` is a part of the sentence, in whatever case; times are instants. */
export type AuditSearch = {
  readonly whose?: Whose | undefined;
  readonly clientId?: number | undefined;
  readonly userId?: number | undefined;
  readonly administratorId?: number | undefined;
  readonly event?: string | undefined;
  /** One of these. */
  readonly events?: readonly string[] | undefined;
  /** The name of who acted, as it stands in the line. */
  readonly actorName?: string | undefined;
  readonly ip?: string | undefined;
  readonly words?: string | undefined;
  readonly from?: number | undefined;
  readonly until?: number | undefined;
};

/** A line with its facts: before and after, ids, numbers. */
export type DetailedLine = AuditLine & { readonly details: Readonly<Record<string, unknown>> | undefined };

/** A page of what was found. `searchedTo`: the instant at which this piece of the search stopped, with more behind it. */
export type AuditFound = KeysetPage<DetailedLine> & { readonly searchedTo: number | undefined };

/** Lines that fit, newest first. Reads at most `span` lines; when that did not fill the page, `next` goes on from there. */
export async function searchAudit(
  ctx: Context,
  search: AuditSearch,
  place: KeysetPlace,
  size: number,
  span = SEARCH_SPAN,
): Promise<AuditFound> {
  const bounds = await idBounds(ctx, search);
  if (bounds === 'nothing') return { ...keysetPage<DetailedLine>([], size, {}), searchedTo: undefined };
  const { first, rest } = conditions(search);
  const lines: Lines = (from, limit, skip = 0) => linesAt(first, bounds, from, limit, skip);
  const backwards = place.before !== undefined;
  const { found, edge } =
    rest.length === 0
      ? { found: (await lines(place, size + 1).execute(ctx.db)).rows, edge: undefined }
      : await stepByStep(ctx, lines, rest, { place, limit: size + 1, span });
  const read = found.map(detailedLine); // a new list, which may be turned round
  const page = keysetPage(backwards ? read.reverse() : read, size, place);
  if (!edge) return { ...page, searchedTo: undefined };
  return { ...page, [backwards ? 'previous' : 'next']: edge.id, searchedTo: edge.at };
}

/**
 * Lines that fit by offset, as the wire leafs through them, and how many there are. Of very many the number is one more than
 * the page reaches to, or what was counted: whoever asks on until it is reached sees every line. Words and names are tried
 * on the newest SLICE_SPAN lines of whatever else is asked for, and no further back.
 */
export async function sliceOfAudit(
  ctx: Context,
  search: AuditSearch,
  skip: number,
  limit: number,
): Promise<{ readonly lines: readonly AuditLine[]; readonly total: number }> {
  const bounds = await idBounds(ctx, search);
  if (bounds === 'nothing') return { lines: [], total: 0 };
  const { first, rest } = conditions(search);
  const lines: Lines = (from, most, after = 0) => linesAt(first, bounds, from, most, after);
  const { found, total, isWhole } =
    rest.length === 0
      ? await sliceByIndex(ctx, lines, skip, limit)
      : await sliceByTrying(ctx, lines, rest, { skip, limit });
  const page = found.slice(0, limit);
  const reached = skip + page.length + (found.length > limit ? 1 : 0);
  return { lines: page.map(lineOf), total: isWhole || page.length === 0 ? total : Math.max(total, reached) };
}

type Slice = { readonly found: readonly AuditRow[]; readonly total: number; readonly isWhole: boolean };

async function sliceByIndex(ctx: Context, lines: Lines, skip: number, limit: number): Promise<Slice> {
  const { rows: found } = await lines({}, limit + 1, skip).execute(ctx.db);
  const counted = await sql<{ count: number }>`
    select count(*) as count from (${lines({}, MOST_COUNTED + 1)}) as counted_lines`.execute(ctx.db);
  const count = Number(counted.rows[0]?.count ?? 0);
  return { found, total: Math.min(count, MOST_COUNTED), isWhole: count <= MOST_COUNTED };
}

async function sliceByTrying(
  ctx: Context,
  lines: Lines,
  rest: readonly Condition[],
  { skip, limit }: { readonly skip: number; readonly limit: number },
): Promise<Slice> {
  const found: AuditRow[] = [];
  let from: KeysetPlace = {};
  for (let read = STEP; ; read += STEP) {
    found.push(...(await fitting(ctx, lines(from, STEP), rest, STEP, false)));
    const [last] = (await lines(from, 1, STEP - 1).execute(ctx.db)).rows;
    const isEnough = read >= SEARCH_SPAN && found.length > skip + limit;
    if (!last || isEnough || read >= SLICE_SPAN)
      return { found: found.slice(skip, skip + limit + 1), total: found.length, isWhole: !last };
    from = { after: last.id };
    await othersTurn();
  }
}

type Edge = { readonly id: number; readonly at: number };
type Lines = (from: KeysetPlace, limit: number, skip?: number) => RawBuilder<AuditRow>;

/**
 * Tries the other conditions on one step of lines after another, until there are enough or the span is used up; `edge` is
 * the last line read then. Between the steps others have their turn: SQLite works on the thread that answers everybody.
 */
async function stepByStep(
  ctx: Context,
  lines: Lines,
  rest: readonly Condition[],
  asked: { readonly place: KeysetPlace; readonly limit: number; readonly span: number },
): Promise<{ found: AuditRow[]; edge: Edge | undefined }> {
  const backwards = asked.place.before !== undefined;
  const step = Math.min(STEP, asked.span);
  const found: AuditRow[] = [];
  let from = asked.place;
  for (let read = step; ; read += step) {
    found.push(...(await fitting(ctx, lines(from, step), rest, asked.limit - found.length, backwards)));
    if (found.length >= asked.limit) return { found, edge: undefined };
    const [last] = (await lines(from, 1, step - 1).execute(ctx.db)).rows;
    if (!last) return { found, edge: undefined };
    if (read >= asked.span) return { found, edge: last };
    from = backwards ? { before: last.id } : { after: last.id };
    await othersTurn();
  }
}

type Column = 'client_id' | 'user_id' | 'administrator_id' | 'ip' | 'event';
type Equal = { readonly column: Column; readonly is: string | number };
/** A condition that an index finds lines by: one column, or any of several, each of which has its index with the id. */
type Found = readonly Equal[];
type Condition =
  | Found
  | { readonly words: string }
  | { readonly events: readonly string[] }
  | { readonly actor: string };

/** The condition whose index leads, usually the narrowest first, and the others. */
function conditions(search: AuditSearch): { first: Found; rest: Condition[] } {
  const { whose = {} } = search;
  const any = [
    ...equal('client_id', whose.clientId),
    ...equal('user_id', whose.userId),
    ...equal('administrator_id', whose.administratorId),
  ];
  const found: Found[] = [
    equal('client_id', search.clientId),
    equal('user_id', search.userId),
    any,
    equal('administrator_id', search.administratorId),
    equal('ip', search.ip),
    equal('event', search.event),
  ].filter((one) => one.length > 0);
  const rest: Condition[] = [
    ...found.slice(1),
    ...(search.events?.length ? [{ events: search.events }] : []),
    ...(search.actorName ? [{ actor: search.actorName }] : []),
    ...(search.words?.trim() ? [{ words: search.words.trim() }] : []),
  ];
  return { first: found[0] ?? [], rest };
}

function equal(column: Column, is: string | number | undefined): Equal[] {
  return is === undefined || is === '' ? [] : [{ column, is }];
}

type Bounds = { readonly least: number | undefined; readonly below: number | undefined };

/** The ids between two instants: ids grow with time, and one order for everything keeps every search on one index. */
async function idBounds(ctx: Context, { from, until }: AuditSearch): Promise<Bounds | 'nothing'> {
  const least = from === undefined ? undefined : await firstIdFrom(ctx, from);
  if (from !== undefined && least === undefined) return 'nothing';
  return { least, below: until === undefined ? undefined : await firstIdFrom(ctx, until) };
}

async function firstIdFrom(ctx: Context, at: number): Promise<number | undefined> {
  const row = await ctx.db
    .selectFrom('audit_log')
    .select('id')
    .where('at', '>=', at)
    .orderBy('at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return row?.id;
}

/** Lines by the leading condition, newest first, or oldest first in front of an edge. */
function linesAt(first: Found, bounds: Bounds, place: KeysetPlace, limit: number, skip: number): RawBuilder<AuditRow> {
  const end = sql`order by id ${place.before === undefined ? sql`desc` : sql`asc`} limit`;
  const each = (first.length === 0 ? [undefined] : first).map(
    (equal) => sql`select * from audit_log ${within(equal, bounds, place)} ${end} ${limit + skip}`,
  );
  // As many of each: the newest of all are among them. What is about two of them is one line.
  const every = each.map((one, at) => sql`select * from (${one}) as ${sql.id(`part${at}`)}`);
  return sql<AuditRow>`select * from (${sql.join(every, sql` union `)}) as every_one ${end} ${limit} offset ${skip}`;
}

function within(
  equal: Equal | undefined,
  { least, below }: Bounds,
  { before, after }: KeysetPlace,
): RawBuilder<unknown> {
  const conditions = [
    ...(equal ? [sql`${sql.ref(equal.column)} = ${equal.is}`] : []),
    ...(least === undefined ? [] : [sql`id >= ${least}`]),
    ...(below === undefined ? [] : [sql`id < ${below}`]),
    ...(before === undefined ? (after === undefined ? [] : [sql`id < ${after}`]) : [sql`id > ${before}`]),
  ];
  return conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`;
}

/** The other conditions, tried on the lines of a subquery that has an end. */
async function fitting(
  ctx: Context,
  lines: RawBuilder<AuditRow>,
  rest: readonly Condition[],
  limit: number,
  backwards: boolean,
): Promise<readonly AuditRow[]> {
  const conditions = sql.join(
    rest.map((one) => fits(ctx, one)),
    sql` and `,
  );
  const found = await sql<AuditRow>`select * from (${lines}) as span where ${conditions}
    order by id ${backwards ? sql`asc` : sql`desc`} limit ${limit}`.execute(ctx.db);
  return found.rows;
}

function fits(ctx: Context, one: Condition): RawBuilder<boolean> {
  if ('words' in one)
    // SQLite's `like` knows no case in ASCII; PostgreSQL says so by a word of its own.
    return sql<boolean>`description ${ctx.dialect === 'sqlite' ? sql`like` : sql`ilike`} ${containing(one.words)} escape '\\'`;
  if ('events' in one) return sql<boolean>`event in (${sql.join(one.events)})`;
  if ('actor' in one) return sql<boolean>`actor_name = ${one.actor}`;
  return sql<boolean>`(${sql.join(
    one.map(({ column, is }) => sql`${sql.ref(column)} = ${is}`),
    sql` or `,
  )})`;
}

function containing(words: string): string {
  return `%${words.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
}

function detailedLine(row: AuditRow): DetailedLine {
  return { ...lineOf(row), details: detailsIn(row.details) };
}

function detailsIn(stored: string | null): Readonly<Record<string, unknown>> | undefined {
  return stored === null ? undefined : (JSON.parse(stored) as Record<string, unknown>); // written by `audit`
}

// Searching the log: any mix of conditions, in a bounded piece of work. One condition finds its lines by an index; every
// other is tried on the newest SEARCH_SPAN of those, and whoever wants to know what lies further back asks again.

import { setImmediate as othersTurn } from 'node:timers/promises';
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

/** What to look for; all of it must fit. `words` is a part of the sentence, in whatever case; times are instants. */
export type AuditSearch = {
  readonly clientId?: number | undefined;
  readonly userId?: number | undefined;
  readonly administratorId?: number | undefined;
  readonly event?: string | undefined;
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
  const lines = (from: KeysetPlace, limit: number) => linesAt(ctx, first, bounds, from, limit);
  const backwards = place.before !== undefined;
  const { found, edge } =
    rest.length === 0
      ? { found: await lines(place, size + 1).execute(), edge: undefined }
      : await stepByStep(ctx, lines, rest, { place, limit: size + 1, span });
  const read = found.map(detailedLine);
  const page = keysetPage(backwards ? read.reverse() : read, size, place);
  if (!edge) return { ...page, searchedTo: undefined };
  return { ...page, [backwards ? 'previous' : 'next']: edge.id, searchedTo: edge.at };
}

type Edge = { readonly id: number; readonly at: number };
type Lines = (from: KeysetPlace, limit: number) => ReturnType<typeof linesAt>;

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
    const last = await lines(from, 1)
      .offset(step - 1)
      .executeTakeFirst();
    if (!last) return { found, edge: undefined };
    if (read >= asked.span) return { found, edge: last };
    from = backwards ? { before: last.id } : { after: last.id };
    await othersTurn();
  }
}

type Equal = {
  readonly column: 'client_id' | 'user_id' | 'administrator_id' | 'ip' | 'event';
  readonly is: string | number;
};
type Condition = Equal | { readonly words: string };

/** The condition whose index leads, usually the narrowest first, and the others. Each column has its index with the id. */
function conditions(search: AuditSearch): { first: Equal | undefined; rest: Condition[] } {
  const equals = (
    [
      { column: 'client_id', is: search.clientId },
      { column: 'user_id', is: search.userId },
      { column: 'administrator_id', is: search.administratorId },
      { column: 'ip', is: search.ip },
      { column: 'event', is: search.event },
    ] as const
  ).flatMap(({ column, is }): Equal[] => (is === undefined || is === '' ? [] : [{ column, is }]));
  const words = search.words?.trim() ? [{ words: search.words.trim() }] : [];
  return { first: equals[0], rest: [...equals.slice(1), ...words] };
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

function linesAt(ctx: Context, first: Equal | undefined, bounds: Bounds, place: KeysetPlace, limit: number) {
  let query = ctx.db.selectFrom('audit_log').selectAll();
  if (first) query = query.where(first.column, '=', first.is);
  if (bounds.least !== undefined) query = query.where('id', '>=', bounds.least);
  if (bounds.below !== undefined) query = query.where('id', '<', bounds.below);
  if (place.before !== undefined) query = query.where('id', '>', place.before);
  else if (place.after !== undefined) query = query.where('id', '<', place.after);
  return query.orderBy('id', place.before === undefined ? 'desc' : 'asc').limit(limit);
}

/** The other conditions, tried on the lines of a subquery that has an end. */
async function fitting(
  ctx: Context,
  lines: ReturnType<typeof linesAt>,
  rest: readonly Condition[],
  limit: number,
  backwards: boolean,
): Promise<AuditRow[]> {
  let query = ctx.db.selectFrom(lines.as('span')).selectAll('span');
  for (const one of rest) {
    query =
      'words' in one
        ? query.where(
            // SQLite's `like` knows no case in ASCII; PostgreSQL says so by a word of its own.
            sql<boolean>`description ${ctx.dialect === 'sqlite' ? sql`like` : sql`ilike`} ${containing(one.words)} escape '\\'`,
          )
        : query.where(one.column, '=', one.is);
  }
  return query
    .orderBy('span.id', backwards ? 'asc' : 'desc')
    .limit(limit)
    .execute();
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

// Writing the audit log, and reading it page by page.

import type { Actor } from '#domain/audit/actor.ts';
import type { AuditRow } from '#domain/audit/audit.table.ts';
import { forgetAuditLinesOf, insertAuditLine } from '#domain/audit/audit.table.ts';
import type { KeysetPage, KeysetPlace } from '#kit/keyset.ts';
import { keysetPage } from '#kit/keyset.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** What happened. `event` is a stable key such as `client.created`; `description` a plain English sentence without secrets. */
export type AuditEntry = {
  readonly event: string;
  readonly description: string;
  readonly clientId?: number | undefined;
  /** The user it happened to; the acting user is taken from the actor when this is absent. */
  readonly userId?: number | undefined;
  readonly administratorId?: number | undefined;
  /** Before and after of changed fields, or other facts. Never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
};

/** A line of the log. */
export type AuditLine = {
  readonly id: number;
  readonly at: number;
  readonly event: string;
  readonly description: string;
  readonly clientId: number | undefined;
  readonly userId: number | undefined;
  readonly administratorId: number | undefined;
  readonly actorKind: string;
  readonly actorName: string;
  readonly ip: string;
};

/** Appends a line in the transaction of what it tells of. */
export async function audit(tx: Context, actor: Actor, entry: AuditEntry): Promise<void> {
  await insertAuditLine(tx, {
    at: tx.now(),
    event: entry.event,
    // A name with a line break must not forge a second line in an export of the log.
    description: oneLine(entry.description).slice(0, 1000),
    client_id: entry.clientId ?? null,
    user_id: entry.userId ?? (actor.kind === 'user' ? actor.userId : null),
    administrator_id: entry.administratorId ?? administratorOf(actor),
    actor_kind: actor.kind === 'user' && actor.acting ? ACTING : actor.kind,
    actor_name: actorName(actor),
    ip: oneLine(actor.ip).slice(0, 60),
    details: entry.details ? JSON.stringify(entry.details) : null,
  });
}

/** The actor of a line by staff in the place of a user: its name is both names, its administrator the one who acted. */
export const ACTING = 'acting';

function administratorOf(actor: Actor): number | null {
  if (actor.kind === 'user') return actor.acting?.administratorId ?? null;
  return actor.kind === 'administrator' ? actor.administratorId : null;
}

function actorName(actor: Actor): string {
  const own = oneLine(actor.name).slice(0, 300);
  return actor.kind === 'user' && actor.acting ? `${oneLine(actor.acting.name)} in the place of ${own}` : own;
}

/**
 * Forgets the person in the lines about a client that is being deleted (behaviours.md 1.5): names, addresses and other values
 * go, the event, its time and whoever acted stay.
 */
export async function forgetClientInLog(tx: Context, clientId: number): Promise<void> {
  await forgetAuditLinesOf(tx, clientId, FORGOTTEN);
}

const FORGOTTEN = 'What this said went with the client';

/** What a reader of the log may narrow it to, each by an index. For anything else there is `searchAudit`. */
export type AuditFilter = {
  readonly clientId?: number | undefined;
  readonly userId?: number | undefined;
  readonly administratorId?: number | undefined;
  readonly event?: string | undefined;
  readonly ip?: string | undefined;
};

/** Lines, newest first: `limit` of them older than the line `before`, or after skipping `skip`. */
export async function auditLines(
  ctx: Context,
  filter: AuditFilter,
  page: { readonly limit: number; readonly before?: number | undefined; readonly skip?: number },
): Promise<AuditLine[]> {
  let query = narrowed(ctx, filter).selectAll().orderBy('id', 'desc').limit(page.limit);
  if (page.before !== undefined) query = query.where('id', '<', page.before);
  if (page.skip) query = query.offset(page.skip);
  return (await query.execute()).map(lineOf);
}

/** A page of lines as people leaf through the log, the newest first. */
export async function pageOfAuditLines(
  ctx: Context,
  filter: AuditFilter,
  place: KeysetPlace,
  size: number,
): Promise<KeysetPage<AuditLine>> {
  const backwards = place.before !== undefined;
  let query = narrowed(ctx, filter)
    .selectAll()
    .orderBy('id', backwards ? 'asc' : 'desc')
    .limit(size + 1);
  if (place.before !== undefined) query = query.where('id', '>', place.before);
  else if (place.after !== undefined) query = query.where('id', '<', place.after);
  const read = (await query.execute()).map(lineOf);
  return keysetPage(backwards ? read.reverse() : read, size, place);
}

/** The same about several clients at once, each read by its index: an account, and those that were merged into it. */
export async function pageOfLinesAbout(
  ctx: Context,
  clientIds: readonly number[],
  place: KeysetPlace,
  size: number,
): Promise<KeysetPage<AuditLine>> {
  const pages = await Promise.all(clientIds.map((clientId) => pageOfAuditLines(ctx, { clientId }, place, size + 1)));
  const rows = pages.flatMap((page) => page.rows).sort((a, b) => b.id - a.id);
  return keysetPage(place.before === undefined ? rows.slice(0, size + 1) : rows.slice(-(size + 1)), size, place);
}

/** How many lines fit the filter, counted up to `most`. */
export async function countAuditLines(ctx: Context, filter: AuditFilter, most: number): Promise<number> {
  const counted = await ctx.db
    .selectFrom(narrowed(ctx, filter).select('id').limit(most).as('some'))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(counted.count);
}

function narrowed(ctx: Context, filter: AuditFilter) {
  let query = ctx.db.selectFrom('audit_log');
  if (filter.clientId !== undefined) query = query.where('client_id', '=', filter.clientId);
  if (filter.userId !== undefined) query = query.where('user_id', '=', filter.userId);
  if (filter.administratorId !== undefined) query = query.where('administrator_id', '=', filter.administratorId);
  if (filter.event) query = query.where('event', '=', filter.event);
  if (filter.ip) query = query.where('ip', '=', filter.ip);
  return query;
}

/** A line of what is stored; for this topic's own files. */
export function lineOf(row: AuditRow): AuditLine {
  return {
    id: row.id,
    at: row.at,
    event: row.event,
    description: row.description,
    clientId: row.client_id ?? undefined,
    userId: row.user_id ?? undefined,
    administratorId: row.administrator_id ?? undefined,
    actorKind: row.actor_kind,
    actorName: row.actor_name,
    ip: row.ip,
  };
}

// E-mail addresses and domains that nobody may come in with, and how often each was refused.

import type { Generated } from 'kysely';
import { hotQuery } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

/** A refused domain, a refused address, or the row that counts what the list of disposable providers refused. */
export type BannedEmailKind = 'domain' | 'address' | 'disposable';

/** A row as stored. `pattern` is the domain or address as it is compared. */
export type BannedEmailRow = {
  id: number;
  pattern: string;
  kind: BannedEmailKind;
  note: string;
  hits: number;
  last_hit_at: number | null;
  created_at: number;
};

declare module '#kit/tables.ts' {
  interface Tables {
    banned_emails: Omit<BannedEmailRow, 'id'> & { id: Generated<number> };
  }
}

/** Counts one refusal on a row of these patterns, if there is one: the nearest of them, in one statement. Answers its pattern. */
export async function countHit(ctx: Context, patterns: readonly string[]): Promise<string | undefined> {
  const nearest = ctx.db
    .selectFrom('banned_emails')
    .select('id')
    .where('pattern', 'in', patterns)
    .where('kind', 'in', ['domain', 'address'])
    .orderBy((eb) => eb.fn<number>('length', ['pattern']), 'desc')
    .limit(1);
  const hit = await ctx.db
    .updateTable('banned_emails')
    .set((eb) => ({ hits: eb('hits', '+', 1), last_hit_at: ctx.now() }))
    .where('id', '=', nearest)
    .returning('pattern')
    .executeTakeFirst();
  return hit?.pattern;
}

/** Counts one refusal by the list of disposable providers. */
export async function countDisposableHit(ctx: Context): Promise<void> {
  await COUNT_DISPOSABLE(ctx, ctx.now(), ctx.now(), ctx.now());
}

const COUNT_DISPOSABLE = hotQuery(`insert into banned_emails (pattern, kind, note, hits, last_hit_at, created_at)
 values ('(disposable)', 'disposable', '', 1, ?, ?) on conflict (pattern) do update set
 hits = banned_emails.hits + 1, last_hit_at = ?`);

/** Adds a domain or an address. Answers the id; undefined when it is there already. */
export async function insertBannedEmail(tx: Context, row: Omit<BannedEmailRow, 'id'>): Promise<number | undefined> {
  const made = await tx.db
    .insertInto('banned_emails')
    .values(row)
    .onConflict((on) => on.column('pattern').doNothing())
    .returning('id')
    .executeTakeFirst();
  return made?.id;
}

/** Takes one away. Answers its pattern. */
export async function deleteBannedEmail(tx: Context, id: number): Promise<string | undefined> {
  const gone = await tx.db
    .deleteFrom('banned_emails')
    .where('id', '=', id)
    .where('kind', 'in', ['domain', 'address'])
    .returning('pattern')
    .executeTakeFirst();
  return gone?.pattern;
}

/** Up to `limit` rows older or newer than an id, the newest first (or, with `newerThan`, the nearest first); of a search those that hold it. */
export async function bannedEmailRows(
  ctx: Context,
  search: string,
  page: { readonly limit: number; readonly olderThan?: number | undefined; readonly newerThan?: number | undefined },
): Promise<BannedEmailRow[]> {
  let query = ctx.db.selectFrom('banned_emails').selectAll().where('kind', 'in', ['domain', 'address']);
  if (search !== '') query = query.where('pattern', 'like', `%${search.replace(/[\\%_]/g, '')}%`);
  if (page.newerThan !== undefined) query = query.where('id', '>', page.newerThan).orderBy('id', 'asc');
  else query = query.orderBy('id', 'desc');
  if (page.olderThan !== undefined) query = query.where('id', '<', page.olderThan);
  return query.limit(page.limit).execute();
}

/** One row. */
export async function findBannedEmail(ctx: Context, id: number): Promise<BannedEmailRow | undefined> {
  return ctx.db.selectFrom('banned_emails').selectAll().where('id', '=', id).executeTakeFirst();
}

/** How often the list of disposable providers refused somebody. */
export async function disposableHits(ctx: Context): Promise<number> {
  const row = await ctx.db
    .selectFrom('banned_emails')
    .select('hits')
    .where('pattern', '=', '(disposable)')
    .executeTakeFirst();
  return row?.hits ?? 0;
}

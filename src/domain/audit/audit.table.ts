// The audit log: append only. Nothing in Doorward removes a line, and one thing changes lines: the right to be forgotten, of
// a client or a person.

import type { RawBuilder } from 'kysely';
import { sql } from 'kysely';
import { hotAppend } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

/** A line of the log as stored. */
export type AuditRow = {
  id: number;
  at: number;
  event: string;
  description: string;
  client_id: number | null;
  user_id: number | null;
  administrator_id: number | null;
  actor_kind: string;
  actor_name: string;
  ip: string;
  details: string | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    audit_log: Omit<AuditRow, 'id'> & { id: import('kysely').Generated<number> };
  }
}

/** Takes the words and values off every line about a client; that something happened, when and by whom stays. */
export async function forgetAuditLinesOf(tx: Context, clientId: number, description: string): Promise<void> {
  await tx.db.updateTable('audit_log').set({ description, details: null }).where('client_id', '=', clientId).execute();
}

/** Appends a line. */
export async function insertAuditLine(tx: Context, row: Omit<AuditRow, 'id'>): Promise<void> {
  await APPEND(tx, row);
}

const APPEND = hotAppend<Omit<AuditRow, 'id'>>('audit_log', {
  at: true,
  event: true,
  description: true,
  client_id: true,
  user_id: true,
  administrator_id: true,
  actor_kind: true,
  actor_name: true,
  ip: true,
  details: true,
});

/** The words by which a person may stand in a line, and what stands there afterwards. */
export type Forgotten = {
  readonly userId: number;
  readonly words: readonly string[];
  readonly instead: string;
  /** The accounts in whose lines they may stand as the one who acted. */
  readonly clientIds: readonly number[];
};

/** What the lines about a person hold beside the sentence; for finding the words by which they were called. */
export async function detailsAbout(ctx: Context, userId: number, event: string): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('audit_log')
    .select('details')
    .where('user_id', '=', userId)
    .where('event', '=', event)
    .where('details', 'is not', null)
    .orderBy('id', 'desc')
    .limit(500)
    .execute();
  return rows.flatMap((row) => row.details ?? []);
}

/** Takes a person out of the lines about them, and out of those of accounts in which they acted. */
export async function forgetInLines(tx: Context, { userId, words, instead, clientIds }: Forgotten): Promise<void> {
  const without = (column: string): RawBuilder<string> =>
    words.reduce<RawBuilder<string>>(
      (text, word) => sql<string>`replace(${text}, ${word}, ${instead})`,
      sql.ref(column),
    );
  await tx.db
    .updateTable('audit_log')
    .set({
      description: without('description'),
      actor_name: sql<string>`case when actor_kind = 'user' then ${instead} else ${without('actor_name')} end`,
      ip: sql<string>`case when actor_kind in ('user', 'stranger') then '' else ip end`,
      details: null,
    })
    .where('user_id', '=', userId)
    .execute();
  if (clientIds.length === 0) return;
  await tx.db
    .updateTable('audit_log')
    .set({ description: without('description'), actor_name: instead, ip: '' })
    .where('client_id', 'in', clientIds)
    .where('actor_kind', '=', 'user')
    .where('actor_name', 'in', words)
    .execute();
  // Who of staff acted in the person's place stays.
  await tx.db
    .updateTable('audit_log')
    .set({ description: without('description'), actor_name: without('actor_name') })
    .where('client_id', 'in', clientIds)
    .where('actor_kind', '=', 'acting')
    .execute();
}

// The table of merges: which account became a part of which, and what it was.

import type { Generated } from 'kysely';
import { locked } from '#kit/database/database.ts';
import type { Context } from '#src/context.ts';

/** A merge as stored. `before` and `from_name` are emptied once nothing can be undone any more. */
export type MergeRow = {
  id: number;
  from_client_id: number;
  into_client_id: number;
  from_name: string;
  administrator: string;
  merged_at: number;
  before: string | null;
  undone_at: number | null;
  settled_at: number | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    client_merges: Omit<MergeRow, 'id'> & { id: Generated<number> };
  }
}

/** Keeps a merge. Answers its id. */
export async function insertMerge(tx: Context, row: Omit<MergeRow, 'id'>): Promise<number> {
  const made = await tx.db.insertInto('client_merges').values(row).returning('id').executeTakeFirstOrThrow();
  return made.id;
}

/** Keeps what the account was that went. */
export async function keepBefore(tx: Context, id: number, before: string): Promise<void> {
  await tx.db.updateTable('client_merges').set({ before }).where('id', '=', id).execute();
}

/** One merge. */
export async function findMergeRow(ctx: Context, id: number): Promise<MergeRow | undefined> {
  return ctx.db.selectFrom('client_merges').selectAll().where('id', '=', id).executeTakeFirst();
}

/** One merge, locked until the transaction ends. */
export async function lockMergeRow(tx: Context, id: number): Promise<MergeRow | undefined> {
  return locked(tx, tx.db.selectFrom('client_merges').selectAll().where('id', '=', id), 'change').executeTakeFirst();
}

/** The merge by which an account is a part of another now. */
export async function findMergeOf(ctx: Context, fromClientId: number): Promise<MergeRow | undefined> {
  return ctx.db
    .selectFrom('client_merges')
    .selectAll()
    .where('from_client_id', '=', fromClientId)
    .where('undone_at', 'is', null)
    .executeTakeFirst();
}

/** The accounts that are a part of this one, the latest first. */
export async function mergeRowsInto(ctx: Context, intoClientId: number, most: number): Promise<MergeRow[]> {
  return ctx.db
    .selectFrom('client_merges')
    .selectAll()
    .where('into_client_id', '=', intoClientId)
    .where('undone_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(most)
    .execute();
}

/** Notes that a merge was undone, for exactly one caller, while it can be. `since`: it must not be older. */
export async function spendMerge(tx: Context, id: number, since: number): Promise<boolean> {
  const done = await tx.db
    .updateTable('client_merges')
    .set({ undone_at: tx.now(), before: null })
    .where('id', '=', id)
    .where('undone_at', 'is', null)
    .where('settled_at', 'is', null)
    .where('merged_at', '>', since)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Makes a merge final: who the account was is forgotten. For exactly one caller. */
export async function settleMergeRow(tx: Context, id: number): Promise<boolean> {
  const done = await tx.db
    .updateTable('client_merges')
    .set({ settled_at: tx.now(), before: null, from_name: '' })
    .where('id', '=', id)
    .where('undone_at', 'is', null)
    .where('settled_at', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Merges that can be undone no more and are not final yet, the oldest first. */
export async function dueMergeRows(ctx: Context, before: number, limit: number): Promise<MergeRow[]> {
  return ctx.db
    .selectFrom('client_merges')
    .selectAll()
    .where('undone_at', 'is', null)
    .where('settled_at', 'is', null)
    .where('merged_at', '<=', before)
    .orderBy('merged_at')
    .limit(limit)
    .execute();
}

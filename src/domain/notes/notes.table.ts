// The table of the notes that staff make about clients.

import type { Generated } from 'kysely';
import { sql } from 'kysely';
import { rowMover } from '#kit/database/moved-rows.ts';
import type { Context } from '#src/context.ts';

/** A note as stored. */
export type NoteRow = {
  id: number;
  client_id: number;
  administrator_id: number | null;
  author: string;
  body: string;
  sticky: number;
  created_at: number;
  updated_at: number;
  edited_by: string | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    client_notes: Omit<NoteRow, 'id'> & { id: Generated<number> };
  }
}

/** Makes a note. Answers the id. */
export async function insertNote(tx: Context, row: Omit<NoteRow, 'id'>): Promise<number> {
  const made = await tx.db.insertInto('client_notes').values(row).returning('id').executeTakeFirstOrThrow();
  return made.id;
}

/** Changes a note that nobody else changed since `version`. Answers whether it did. */
export async function updateNoteRow(
  tx: Context,
  id: number,
  version: number,
  change: Pick<NoteRow, 'body' | 'sticky' | 'edited_by'>,
): Promise<boolean> {
  const done = await tx.db
    .updateTable('client_notes')
    // Never the same version twice, also within one millisecond.
    .set((eb) => ({
      ...change,
      updated_at: sql<number>`case when ${tx.now()} > ${eb.ref('updated_at')} then ${tx.now()} else ${eb.ref('updated_at')} + 1 end`,
    }))
    .where('id', '=', id)
    .where('updated_at', '=', version)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Removes a note. Answers whether it was there. */
export async function deleteNoteRow(tx: Context, id: number): Promise<boolean> {
  const done = await tx.db.deleteFrom('client_notes').where('id', '=', id).executeTakeFirst();
  return done.numDeletedRows === 1n;
}

/** One note by id. */
export async function findNoteRow(ctx: Context, id: number): Promise<NoteRow | undefined> {
  return ctx.db.selectFrom('client_notes').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Notes of a client, newest first, or oldest first in front of `before`. */
export async function noteRowsOf(
  ctx: Context,
  clientId: number,
  page: { readonly limit: number; readonly after?: number | undefined; readonly before?: number | undefined },
): Promise<NoteRow[]> {
  let query = ctx.db.selectFrom('client_notes').selectAll().where('client_id', '=', clientId).limit(page.limit);
  if (page.after !== undefined) query = query.where('id', '<', page.after);
  if (page.before !== undefined) query = query.where('id', '>', page.before);
  return query.orderBy('id', page.before === undefined ? 'desc' : 'asc').execute();
}

/** The sticky notes of a client, the newest first. */
export async function stickyNoteRowsOf(ctx: Context, clientId: number, limit: number): Promise<NoteRow[]> {
  return ctx.db
    .selectFrom('client_notes')
    .selectAll()
    .where('client_id', '=', clientId)
    .where('sticky', '=', sql.lit(1)) // as the partial index says it
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** How many notes a client has, counted up to `most`. */
export async function countNoteRows(ctx: Context, clientId: number, most: number): Promise<number> {
  const some = ctx.db.selectFrom('client_notes').select('id').where('client_id', '=', clientId).limit(most).as('some');
  const counted = await ctx.db
    .selectFrom(some)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(counted.count);
}

/** Gives the notes of one client to another: all, or only these. Answers the ids of those that moved. */
export const moveNoteRows = rowMover('client_notes', 'client_id');

// The table of filters that administrators keep.

import type { Generated } from 'kysely';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** A kept filter as stored; `query` is the filter's text (see filters.ts). */
export type SavedFilterRow = {
  id: number;
  administrator_id: number;
  list: string;
  name: string;
  name_key: string;
  shared: number;
  query: string;
  created_at: number;
  updated_at: number;
};

declare module '#kit/tables.ts' {
  interface Tables {
    saved_filters: Omit<SavedFilterRow, 'id'> & { id: Generated<number> };
  }
}

/** Keeps a filter unless its administrator has one of that name for the list. Answers its id, or undefined. */
export async function insertSavedFilter(
  tx: Context,
  row: Omit<SavedFilterRow, 'id' | 'name_key' | 'created_at' | 'updated_at'>,
): Promise<number | undefined> {
  const made = await tx.db
    .insertInto('saved_filters')
    .values({ ...row, name_key: comparable(row.name), created_at: tx.now(), updated_at: tx.now() })
    .onConflict((on) => on.columns(['administrator_id', 'list', 'name_key']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return made?.id;
}

/** How many filters an administrator keeps. */
export async function countSavedFilters(ctx: Context, administratorId: number): Promise<number> {
  const counted = await ctx.db
    .selectFrom('saved_filters')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('administrator_id', '=', administratorId)
    .executeTakeFirstOrThrow();
  return Number(counted.count);
}

/** The filters of an administrator, by name, at most `most`. */
export async function ownFilterRows(
  ctx: Context,
  administratorId: number,
  list: string,
  most: number,
): Promise<SavedFilterRow[]> {
  return ctx.db
    .selectFrom('saved_filters')
    .selectAll()
    .where('administrator_id', '=', administratorId)
    .where('list', '=', list)
    .orderBy('name_key')
    .limit(most)
    .execute();
}

/** The filters that any administrator shares, by name, at most `most`. */
export async function sharedFilterRows(ctx: Context, list: string, most: number): Promise<SavedFilterRow[]> {
  return ctx.db
    .selectFrom('saved_filters')
    .selectAll()
    .where('list', '=', list)
    .where('shared', '=', 1)
    .orderBy('name_key')
    .limit(most)
    .execute();
}

/** One filter. */
export async function findSavedFilter(ctx: Context, id: number): Promise<SavedFilterRow | undefined> {
  return ctx.db.selectFrom('saved_filters').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Gives a filter of an administrator another name, or shares it; whether it was theirs, or the name is another's of theirs. */
export async function updateSavedFilter(
  tx: Context,
  id: number,
  administratorId: number,
  to: { readonly name: string; readonly shared: number },
): Promise<boolean | 'taken'> {
  const key = comparable(to.name);
  const row = await findSavedFilter(tx, id);
  if (row?.administrator_id !== administratorId) return false;
  const other = await tx.db
    .selectFrom('saved_filters')
    .select('id')
    .where('administrator_id', '=', administratorId)
    .where('list', '=', row.list)
    .where('name_key', '=', key)
    .where('id', '<>', id)
    .executeTakeFirst();
  if (other) return 'taken';
  const done = await tx.db
    .updateTable('saved_filters')
    .set({ name: to.name, name_key: key, shared: to.shared, updated_at: tx.now() })
    .where('id', '=', id)
    .where('administrator_id', '=', administratorId)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Takes a filter of an administrator away; whether it was theirs. */
export async function deleteSavedFilter(tx: Context, id: number, administratorId: number): Promise<boolean> {
  const done = await tx.db
    .deleteFrom('saved_filters')
    .where('id', '=', id)
    .where('administrator_id', '=', administratorId)
    .executeTakeFirst();
  return done.numDeletedRows === 1n;
}

// The table of custom fields. There are few.

import type { Generated } from 'kysely';
import { locked } from '#kit/database/database.ts';
import { hotQuery } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

/** What can be filled in. */
export type FieldType = 'text' | 'link' | 'password' | 'dropdown' | 'tick' | 'textarea';

/** A custom field as stored. `options` is a list in JSON. */
export type FieldRow = {
  id: number;
  name: string;
  description: string;
  type: FieldType;
  options: string;
  pattern: string;
  admin_only: number;
  required: number;
  on_order_form: number;
  on_invoice: number;
  position: number;
  created_at: number;
  updated_at: number;
};

declare module '#kit/tables.ts' {
  interface Tables {
    custom_fields: Omit<FieldRow, 'id'> & { id: Generated<number> };
  }
}

/** Every field, in the order they are shown. */
export async function fieldRows(ctx: Context): Promise<readonly FieldRow[]> {
  return ALL(ctx);
}

const ALL = hotQuery<FieldRow>('select * from custom_fields order by position, id');

/** One field, locked: see `locked` of kit/database. */
export async function lockFieldRow(
  tx: Context,
  id: number,
  strength: 'keep' | 'change' | 'remove',
): Promise<FieldRow | undefined> {
  return locked(tx, tx.db.selectFrom('custom_fields').selectAll().where('id', '=', id), strength).executeTakeFirst();
}

/** The fields of these ids, kept from removal until the transaction ends; in the order of their ids. */
export async function keepFieldRows(tx: Context, ids: readonly number[]): Promise<FieldRow[]> {
  if (ids.length === 0) return [];
  const query = tx.db.selectFrom('custom_fields').selectAll().where('id', 'in', ids).orderBy('id');
  return locked(tx, query, 'keep').execute();
}

/** Makes a field. Answers the id. */
export async function insertField(tx: Context, row: Omit<FieldRow, 'id'>): Promise<number> {
  const made = await tx.db.insertInto('custom_fields').values(row).returning('id').executeTakeFirstOrThrow();
  return made.id;
}

/** Changes a field. */
export async function updateFieldRow(tx: Context, id: number, change: Partial<Omit<FieldRow, 'id'>>): Promise<void> {
  await tx.db.updateTable('custom_fields').set(change).where('id', '=', id).execute();
}

/** Removes a field, and with it what every client filled in. Answers whether it was there. */
export async function deleteFieldRow(tx: Context, id: number): Promise<boolean> {
  const done = await tx.db.deleteFrom('custom_fields').where('id', '=', id).executeTakeFirst();
  return done.numDeletedRows === 1n;
}

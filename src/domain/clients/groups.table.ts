// The table of client groups.

import type { Generated } from 'kysely';
import { locked } from '#kit/database/database.ts';
import type { Context } from '#src/context.ts';

/** A group of clients as stored. */
export type GroupRow = {
  id: number;
  name: string;
  colour: string;
  discount_percent: string;
  suspend_exempt: number;
  separate_invoices: number;
};

declare module '#kit/tables.ts' {
  interface Tables {
    client_groups: Omit<GroupRow, 'id'> & { id: Generated<number> };
  }
}

/** Every group. There are few. */
export async function groupRows(ctx: Context): Promise<GroupRow[]> {
  return ctx.db.selectFrom('client_groups').selectAll().orderBy('id').execute();
}

/** One group, locked: see `locked` of kit/database. */
export async function lockGroupRow(
  tx: Context,
  id: number,
  strength: 'keep' | 'change' | 'remove',
): Promise<GroupRow | undefined> {
  return locked(tx, tx.db.selectFrom('client_groups').selectAll().where('id', '=', id), strength).executeTakeFirst();
}

/** Makes a group. Answers the id. */
export async function insertGroup(tx: Context, row: Omit<GroupRow, 'id'>): Promise<number> {
  const made = await tx.db.insertInto('client_groups').values(row).returning('id').executeTakeFirstOrThrow();
  return made.id;
}

/** Changes a group. */
export async function updateGroupRow(tx: Context, id: number, change: Omit<GroupRow, 'id'>): Promise<void> {
  await tx.db.updateTable('client_groups').set(change).where('id', '=', id).execute();
}

/** Removes a group. */
export async function deleteGroupRow(tx: Context, id: number): Promise<void> {
  await tx.db.deleteFrom('client_groups').where('id', '=', id).execute();
}

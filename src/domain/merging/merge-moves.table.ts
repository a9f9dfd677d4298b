// The table of moves: every row of an account that became a part of another, where it went, and what it was.

import type { Generated } from 'kysely';
import { insertMany } from '#kit/database/many-rows.ts';
import type { Context } from '#src/context.ts';

/** What kinds of rows an account has. */
export const MOVE_KINDS = [
  'member',
  'contact',
  'note',
  'file',
  'letter',
  'consent',
  'alert',
  'field-value',
  'invitation',
  'former-member',
  'ownership-transfer',
  'entry-rule',
  'credit',
] as const;
/** What kind of row moved. */
export type MoveKind = (typeof MOVE_KINDS)[number];

/** A move as stored. `to_client_id` null: the row was set aside, and `before` alone holds it. */
export type MoveRow = {
  id: number;
  merge_id: number;
  kind: MoveKind;
  row_id: number;
  from_client_id: number;
  to_client_id: number | null;
  before: string | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    client_merge_moves: Omit<MoveRow, 'id'> & { id: Generated<number> };
  }
}

/** Keeps moves, in their order. */
export async function insertMoves(tx: Context, rows: readonly Omit<MoveRow, 'id'>[]): Promise<void> {
  if (rows.length > 0) await insertMany(tx, 'client_merge_moves', rows);
}

/** Every move of a merge, in the order in which they were made. */
export async function moveRowsOf(ctx: Context, mergeId: number): Promise<MoveRow[]> {
  return ctx.db
    .selectFrom('client_merge_moves')
    .selectAll()
    .where('merge_id', '=', mergeId)
    .orderBy('kind')
    .orderBy('id')
    .execute();
}

/** How many moves of each kind a merge has. */
export async function countMoveRows(ctx: Context, mergeId: number): Promise<{ kind: MoveKind; count: number }[]> {
  const rows = await ctx.db
    .selectFrom('client_merge_moves')
    .select((eb) => ['kind' as const, eb.fn.countAll<number>().as('count')])
    .where('merge_id', '=', mergeId)
    .groupBy('kind')
    .execute();
  return rows.map((row) => ({ kind: row.kind, count: Number(row.count) }));
}

/** Whether a merge took this person along. */
export async function tookPerson(ctx: Context, mergeId: number, userId: number): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('client_merge_moves')
    .select('id')
    .where('merge_id', '=', mergeId)
    .where('kind', '=', 'member')
    .where('row_id', '=', userId)
    .executeTakeFirst();
  return row !== undefined;
}

/** Forgets the moves of a merge. */
export async function deleteMoves(tx: Context, mergeId: number): Promise<void> {
  await tx.db.deleteFrom('client_merge_moves').where('merge_id', '=', mergeId).execute();
}

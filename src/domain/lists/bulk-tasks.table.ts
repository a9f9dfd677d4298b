// The table of what staff do to many clients at once.

import type { Generated } from 'kysely';
import type { Context } from '#src/context.ts';

/** A task as stored. `act` and `refusals` are JSON; `chosen_ids` is a JSON list, or null where `query` chooses. */
export type BulkTaskRow = {
  id: number;
  administrator_id: number;
  ip: string;
  act: string;
  chosen_ids: string | null;
  query: string;
  /** Clients with a higher id came later and are left alone. */
  upto_id: number;
  /** The last client that was dealt with. */
  after_id: number;
  changed: number;
  unchanged: number;
  refused: number;
  refusals: string;
  created_at: number;
  leased_until: number;
  ended_at: number | null;
  ended_why: string | null;
};

/** How far a task has come. */
export type BulkProgress = Pick<BulkTaskRow, 'after_id' | 'changed' | 'unchanged' | 'refused' | 'refusals'>;

declare module '#kit/tables.ts' {
  interface Tables {
    client_bulk_tasks: Omit<BulkTaskRow, 'id'> & { id: Generated<number> };
  }
}

/** Stores a task that nobody works on yet. Answers its id. */
export async function insertBulkTask(
  tx: Context,
  row: Pick<BulkTaskRow, 'administrator_id' | 'ip' | 'act' | 'chosen_ids' | 'query' | 'upto_id'>,
): Promise<number> {
  const made = await tx.db
    .insertInto('client_bulk_tasks')
    .values({
      ...row,
      after_id: 0,
      changed: 0,
      unchanged: 0,
      refused: 0,
      refusals: '[]',
      created_at: tx.now(),
      leased_until: 0,
      ended_at: null,
      ended_why: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return made.id;
}

/** One task. */
export async function findBulkTaskRow(ctx: Context, id: number): Promise<BulkTaskRow | undefined> {
  return ctx.db.selectFrom('client_bulk_tasks').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The tasks that nobody works on just now, the oldest first. */
export async function idleBulkTasks(ctx: Context, most: number): Promise<number[]> {
  const rows = await ctx.db
    .selectFrom('client_bulk_tasks')
    .select('id')
    .where('ended_at', 'is', null)
    .where('leased_until', '<=', ctx.now())
    .orderBy('leased_until')
    .orderBy('id')
    .limit(most)
    .execute();
  return rows.map((row) => row.id);
}

/** Takes a task to work on until `until`. Of any number at once one gets it; undefined for the others. */
export async function leaseBulkTask(ctx: Context, id: number, until: number): Promise<BulkTaskRow | undefined> {
  return ctx.db
    .updateTable('client_bulk_tasks')
    .set({ leased_until: until })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .where('leased_until', '<=', ctx.now())
    .returningAll()
    .executeTakeFirst();
}

/** Notes how far it came, for whoever still holds the task; false when it was stopped or is another's by now. */
export async function noteBulkProgress(
  ctx: Context,
  held: Pick<BulkTaskRow, 'id' | 'leased_until'>,
  progress: BulkProgress,
): Promise<boolean> {
  const done = await ctx.db
    .updateTable('client_bulk_tasks')
    .set(progress)
    .where('id', '=', held.id)
    .where('ended_at', 'is', null)
    .where('leased_until', '=', held.leased_until)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Lets go of a task, for the next run. */
export async function releaseBulkTask(ctx: Context, held: Pick<BulkTaskRow, 'id' | 'leased_until'>): Promise<void> {
  await ctx.db
    .updateTable('client_bulk_tasks')
    .set({ leased_until: 0 })
    .where('id', '=', held.id)
    .where('leased_until', '=', held.leased_until)
    .execute();
}

/** Ends a task; true for exactly one caller. */
export async function endBulkTask(tx: Context, id: number, why: string): Promise<boolean> {
  const done = await tx.db
    .updateTable('client_bulk_tasks')
    .set({ ended_at: tx.now(), ended_why: why })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

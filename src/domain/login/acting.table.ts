// The table of the times that staff were in the place of a user.

import type { Generated } from 'kysely';
import type { ActingEnd } from '#domain/login/acting.events.ts';
import type { Context } from '#src/context.ts';

/** Such a time as stored. */
export type ActingVisitRow = {
  id: number;
  session_id: number;
  administrator_id: number;
  user_id: number;
  client_id: number | null;
  reason: string;
  may_write: number;
  started_at: number;
  ends_at: number;
  ended_at: number | null;
  ended_why: ActingEnd | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    acting_visits: Omit<ActingVisitRow, 'id'> & { id: Generated<number> };
  }
}

/** Keeps that staff entered. */
export async function insertActingVisit(tx: Context, row: Omit<ActingVisitRow, 'id'>): Promise<void> {
  await tx.db.insertInto('acting_visits').values(row).execute();
}

/** The one of a session. */
export async function findActingVisit(ctx: Context, sessionId: number): Promise<ActingVisitRow | undefined> {
  return ctx.db.selectFrom('acting_visits').selectAll().where('session_id', '=', sessionId).executeTakeFirst();
}

/** Those that are not over yet as far as is noted; of one administrator when told. */
export async function openActingVisits(ctx: Context, administratorId?: number): Promise<ActingVisitRow[]> {
  let query = ctx.db.selectFrom('acting_visits').selectAll().where('ended_at', 'is', null);
  if (administratorId !== undefined) query = query.where('administrator_id', '=', administratorId);
  return query.orderBy('administrator_id').limit(1000).execute();
}

/** Notes that one is over; true for exactly one caller. */
export async function endActingVisit(tx: Context, id: number, endedAt: number, why: ActingEnd): Promise<boolean> {
  const done = await tx.db
    .updateTable('acting_visits')
    .set({ ended_at: endedAt, ended_why: why })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Takes away those whose time was over before `before` and that are noted as ended. The log keeps what they were. */
export async function sweepActingVisits(ctx: Context, before: number): Promise<void> {
  await ctx.db.deleteFrom('acting_visits').where('ends_at', '<', before).where('ended_at', 'is not', null).execute();
}

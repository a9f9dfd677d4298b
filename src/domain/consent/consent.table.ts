// The tables of consent: the log of who agreed to marketing letters, and the addresses that want none.

import type { Generated } from 'kysely';
import { rowMover } from '#kit/database/moved-rows.ts';
import type { Context } from '#src/context.ts';

/** A line of the log as stored. */
export type ConsentRow = {
  id: number;
  client_id: number;
  at: number;
  address: string;
  address_print: string;
  opted_in: number;
  source: string;
  actor_kind: string;
  actor_name: string;
  ip: string;
  reason: string;
  wording: string;
};

declare module '#kit/tables.ts' {
  interface Tables {
    consent_log: Omit<ConsentRow, 'id'> & { id: Generated<number> };
    consent_withdrawals: { address_print: string; at: number };
  }
}

/** Appends a line. */
export async function insertConsentLine(tx: Context, row: Omit<ConsentRow, 'id'>): Promise<void> {
  await tx.db.insertInto('consent_log').values(row).execute();
}

/** Lines of a client, newest first, or oldest first in front of `before`. */
export async function consentRowsOf(
  ctx: Context,
  clientId: number,
  page: { readonly limit: number; readonly after?: number | undefined; readonly before?: number | undefined },
): Promise<ConsentRow[]> {
  let query = ctx.db.selectFrom('consent_log').selectAll().where('client_id', '=', clientId).limit(page.limit);
  if (page.after !== undefined) query = query.where('id', '<', page.after);
  if (page.before !== undefined) query = query.where('id', '>', page.before);
  return query.orderBy('id', page.before === undefined ? 'desc' : 'asc').execute();
}

/** Notes that an address wants no marketing letters. Answers whether that is new. */
export async function insertWithdrawal(tx: Context, addressPrint: string): Promise<boolean> {
  const done = await tx.db
    .insertInto('consent_withdrawals')
    .values({ address_print: addressPrint, at: tx.now() })
    .onConflict((on) => on.column('address_print').doNothing())
    .executeTakeFirst();
  return done.numInsertedOrUpdatedRows === 1n;
}

/** Forgets that an address wanted none: somebody agreed anew. */
export async function deleteWithdrawal(tx: Context, addressPrint: string): Promise<void> {
  await tx.db.deleteFrom('consent_withdrawals').where('address_print', '=', addressPrint).execute();
}

/** Whether an address wants none. */
export async function isWithdrawn(ctx: Context, addressPrint: string): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('consent_withdrawals')
    .select('at')
    .where('address_print', '=', addressPrint)
    .executeTakeFirst();
  return row !== undefined;
}

/** Gives the lines of one client to another: all, or only these. Answers the ids of those that moved. */
export const moveConsentRows = rowMover('consent_log', 'client_id');

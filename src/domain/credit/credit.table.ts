// The credit log: append only. It names clients by number and outlives them.

import type { Generated } from 'kysely';
import type { Context } from '#src/context.ts';

/** An entry as stored. */
export type CreditRow = {
  id: number;
  client_id: number;
  currency: string;
  day: string;
  description: string;
  amount_minor: number;
  balance_minor: number;
  related_id: number;
  administrator_id: number | null;
  administrator: string;
  request_key: string | null;
  created_at: number;
};

declare module '#kit/tables.ts' {
  interface Tables {
    credit_log: Omit<CreditRow, 'id'> & { id: Generated<number> };
  }
}

/** Appends an entry. Answers its id, or undefined when this very request has its entry already. */
export async function insertCreditEntry(tx: Context, row: Omit<CreditRow, 'id'>): Promise<number | undefined> {
  const made = await tx.db
    .insertInto('credit_log')
    .values(row)
    .onConflict((on) => on.column('request_key').doNothing())
    .returning('id')
    .executeTakeFirst();
  return made?.id;
}

/** Every entry of a client, the oldest first. */
export async function creditRowsOf(ctx: Context, clientId: number): Promise<CreditRow[]> {
  return ctx.db.selectFrom('credit_log').selectAll().where('client_id', '=', clientId).orderBy('id').execute();
}

/** Entries of a client, or of all, newest first, or oldest first in front of `before`. */
export async function creditRowsPage(
  ctx: Context,
  clientId: number | undefined,
  page: { readonly limit: number; readonly after?: number | undefined; readonly before?: number | undefined },
): Promise<CreditRow[]> {
  let query = ctx.db.selectFrom('credit_log').selectAll().limit(page.limit);
  if (clientId !== undefined) query = query.where('client_id', '=', clientId);
  if (page.after !== undefined) query = query.where('id', '<', page.after);
  if (page.before !== undefined) query = query.where('id', '>', page.before);
  return query.orderBy('id', page.before === undefined ? 'desc' : 'asc').execute();
}

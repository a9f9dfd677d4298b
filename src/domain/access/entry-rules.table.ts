// The table of entry rules: what an account asks of everyone who enters it.

import type { Context } from '#src/context.ts';

/** The rules of an account; one without a row asks for nothing. */
export type EntryRulesRow = { client_id: number; second_factor: number };

declare module '#kit/tables.ts' {
  interface Tables {
    entry_rules: EntryRulesRow;
  }
}

/** Whether an account asks for a second factor. */
export async function asksForSecondFactor(ctx: Context, clientId: number): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('entry_rules')
    .select('second_factor')
    .where('client_id', '=', clientId)
    .executeTakeFirst();
  return row?.second_factor === 1;
}

/** Asks for a second factor, or no longer. Answers whether that was a change. */
export async function putSecondFactorRule(tx: Context, clientId: number, asks: boolean): Promise<boolean> {
  if (!asks) {
    const done = await tx.db
      .deleteFrom('entry_rules')
      .where('client_id', '=', clientId)
      .where('second_factor', '=', 1)
      .executeTakeFirst();
    return done.numDeletedRows === 1n;
  }
  const done = await tx.db
    .insertInto('entry_rules')
    .values({ client_id: clientId, second_factor: 1 })
    .onConflict((on) => on.column('client_id').doNothing())
    .executeTakeFirst();
  return done.numInsertedOrUpdatedRows === 1n;
}

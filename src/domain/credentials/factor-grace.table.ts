// Until when whoever must have a second factor may do without.

import type { FactorHolder } from '#domain/credentials/factor.ts';
import type { Context } from '#src/context.ts';

declare module '#kit/tables.ts' {
  interface Tables {
    factor_grace: { holder_kind: FactorHolder['kind']; holder_id: number; due_at: number };
  }
}

/** When the time of a person ends; undefined when it has not begun. */
export async function graceEnd(ctx: Context, holder: FactorHolder): Promise<number | undefined> {
  const row = await ctx.db
    .selectFrom('factor_grace')
    .select('due_at')
    .where('holder_kind', '=', holder.kind)
    .where('holder_id', '=', holder.id)
    .executeTakeFirst();
  return row?.due_at;
}

/** Begins the time of a person, once: a later call changes nothing. */
export async function startGrace(ctx: Context, holder: FactorHolder, dueAt: number): Promise<void> {
  await ctx.db
    .insertInto('factor_grace')
    .values({ holder_kind: holder.kind, holder_id: holder.id, due_at: dueAt })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Ends the time of a person: they have a factor now, and losing it later begins a new one. */
export async function endGrace(tx: Context, holder: FactorHolder): Promise<void> {
  await tx.db
    .deleteFrom('factor_grace')
    .where('holder_kind', '=', holder.kind)
    .where('holder_id', '=', holder.id)
    .execute();
}

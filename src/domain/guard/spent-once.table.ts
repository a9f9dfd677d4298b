// The table of what was spent: its primary key lets in one.

import type { Context } from '#src/context.ts';

declare module '#kit/tables.ts' {
  interface Tables {
    spent_once: { name: string; expires_at: number };
  }
}

/** Keeps a name; true for exactly one caller. */
export async function insertSpent(tx: Context, name: string, expiresAt: number): Promise<boolean> {
  const done = await tx.db
    .insertInto('spent_once')
    .values({ name, expires_at: expiresAt })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return done.numInsertedOrUpdatedRows === 1n;
}

/** Takes away names whose time was over at `before`. */
export async function deleteSpentBefore(ctx: Context, before: number): Promise<void> {
  await ctx.db.deleteFrom('spent_once').where('expires_at', '<', before).execute();
}

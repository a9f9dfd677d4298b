// The table of people whom a provider told us of and whom we do not know: one for each browser and side.

import type { FactorHolder } from '#domain/credentials/factor.ts';
import type { Context } from '#src/context.ts';

/** A waiting identity as stored. */
export type PendingRow = { browser_hash: string; side: FactorHolder['kind']; sealed: string; expires_at: number };

declare module '#kit/tables.ts' {
  interface Tables {
    pending_identities: PendingRow;
  }
}

/** Keeps one in place of whichever this browser had. */
export async function putPending(tx: Context, row: PendingRow): Promise<void> {
  await tx.db
    .insertInto('pending_identities')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['browser_hash', 'side']).doUpdateSet({ sealed: row.sealed, expires_at: row.expires_at }),
    )
    .execute();
}

/** The one of a browser, while it holds; for drawing a page. */
export async function findPending(
  ctx: Context,
  browserHash: string,
  side: FactorHolder['kind'],
): Promise<PendingRow | undefined> {
  return ctx.db
    .selectFrom('pending_identities')
    .selectAll()
    .where('browser_hash', '=', browserHash)
    .where('side', '=', side)
    .where('expires_at', '>', ctx.now())
    .executeTakeFirst();
}

/** Spends it; the row, for exactly one caller. */
export async function takePending(
  tx: Context,
  browserHash: string,
  side: FactorHolder['kind'],
): Promise<PendingRow | undefined> {
  return tx.db
    .deleteFrom('pending_identities')
    .where('browser_hash', '=', browserHash)
    .where('side', '=', side)
    .where('expires_at', '>', tx.now())
    .returningAll()
    .executeTakeFirst();
}

/** Takes away those whose time is over. */
export async function sweepPending(ctx: Context): Promise<void> {
  await ctx.db.deleteFrom('pending_identities').where('expires_at', '<=', ctx.now()).execute();
}

// What may happen once, by name, where nothing else keeps a row of it: the challenge of a security key, a captcha's answer.

import { deleteSpentBefore, insertSpent } from '#domain/guard/spent-once.table.ts';
import { fingerprint } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

/**
 * Spends `what`; true for exactly one caller, as long as `expiresAt` (milliseconds since 1970) is not past. Whoever hands
 * it out must hold to that time: afterwards the name may be forgotten. In a transaction it is undone with it.
 */
export async function spendOnce(tx: Context, what: string, expiresAt: number): Promise<boolean> {
  return expiresAt > tx.now() && insertSpent(tx, fingerprint(what), expiresAt);
}

/** Forgets what is too old to be offered again. */
export async function sweepSpent(ctx: Context): Promise<void> {
  await deleteSpentBefore(ctx, ctx.now());
}

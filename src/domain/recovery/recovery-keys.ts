// The key that finishes a recovery. It is in the newest letter to the address that the person signs in with, and nowhere else:
// we keep its hash. It opens nothing without the password, and before the waiting time is over it opens nothing at all.

import { strangerActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { Limit } from '#domain/guard/limits.ts';
import { spendLimit } from '#domain/guard/limits.ts';
import { findRecoveryByKey, openRecoveryRow, replaceKeyRow } from '#domain/recovery/recoveries.table.ts';
import { isOver, whoLostTheirFactor } from '#domain/recovery/recovery.ts';
import { sendRecoveryKey } from '#domain/recovery/recovery-letters.ts';
import { holdUser } from '#domain/users/users.ts';
import { days } from '#kit/duration.ts';
import { notAllowed } from '#kit/problem.ts';
import { fingerprint, randomToken } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

// Whoever knows the password may ask, a thief too; each letter ends the link before it, so they are few.
const KEYS: Limit = { name: 'recovery-key', most: 5, withinMs: days(1) };

/** What the key in a letter is worth now. `over`: used, or what it finishes has ended. `unknown`: a newer one replaced it, too. */
export type KeyState =
  | { readonly is: 'ready'; readonly userId: number }
  | { readonly is: 'waits'; readonly userId: number; readonly readyAt: number }
  | { readonly is: 'over' | 'unknown' };

/** Looks at a key without spending it. */
export async function recoveryKeyState(ctx: Context, key: string): Promise<KeyState> {
  const row = await findRecoveryByKey(ctx, fingerprint(key));
  if (!row || row.ready_at === null) return { is: 'unknown' };
  if (isOver(ctx, row)) return { is: 'over' };
  const userId = row.user_id;
  return ctx.now() < row.ready_at ? { is: 'waits', userId, readyAt: row.ready_at } : { is: 'ready', userId };
}

/**
 * Sends a fresh key to the address that the person signs in with, in a sign-in that waits for the second factor. The older
 * one is dead, whether its letter came or not. Throws not-allowed `recovery-not-ready` or `attempt-over`, or `too-many`.
 */
export async function sendFreshKey(ctx: Context, attempt: string, ip: string): Promise<void> {
  const userId = await whoLostTheirFactor(ctx, attempt);
  if (userId === undefined) throw notAllowed('attempt-over');
  await spendLimit(ctx, KEYS, `user ${userId}`);
  const key = randomToken();
  await ctx.transaction(async (tx) => {
    const user = (await holdUser(tx, userId))?.user;
    const row = await openRecoveryRow(tx, userId);
    if (!user || !row || row.ready_at === null || !(await replaceKeyRow(tx, row.id, fingerprint(key))))
      throw notAllowed('recovery-not-ready');
    await audit(tx, strangerActor(ip), {
      event: 'user.2fa.recovery_link_sent',
      description: `A fresh link for finishing the recovery was sent to ${user.email}`,
      userId,
      details: { recoveryId: row.id },
    });
    await sendRecoveryKey(tx, user, { key, readyAt: row.ready_at, expiresAt: row.expires_at });
  });
}

// Asking somebody who is signed in for the password they have, before what whoever sits down at an open browser, or stole
// its cookie, should not be able to do (ASVS 5.0 V6.2.3, V7.5.1).

import { spendLimit } from '#domain/guard/limits.ts';
import { userWithHash } from '#domain/users/users.ts';
import { hours } from '#kit/duration.ts';
import { invalid } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** Tries at one's own password, wherever it is asked for. */
export const OWN_PASSWORD_TRIES = { name: 'own-password', most: 10, withinMs: hours(1) };

/**
 * Asks a user for the password they have. Tries are counted. Answers the stored password that it was: compare it with
 * `holdUser` in the transaction that follows, since it may have been replaced meanwhile. Throws invalid with the field
 * `current`, or `too-many`.
 */
export async function requireOwnPassword(ctx: Context, userId: number, current: string): Promise<string> {
  if (current === '') throw invalid({ current: 'current-password-missing' });
  await spendLimit(ctx, OWN_PASSWORD_TRIES, `user ${userId}`);
  const { hash } = await userWithHash(ctx, userId);
  const check = await ctx.passwords.check(current, hash);
  if (!check.matches || hash === undefined) throw wrongPassword();
  return hash;
}

/** What a wrong password, or one that was replaced meanwhile, is told. */
export function wrongPassword(): Error {
  return invalid({ current: 'current-password-wrong' });
}

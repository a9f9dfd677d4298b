// Staff help somebody to a password: by a letter, never by telling one.

import type { Actor } from '#domain/audit/actor.ts';
import { sendPasswordLink } from '#domain/login/password-links.ts';
import { userOf } from '#domain/users/users.ts';
import { conflict } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/**
 * Sends a user the link for setting a password; whoever never had one gets the welcome letter, which holds longer.
 * Throws not-found, or conflict `user-disabled`: the link would open nothing.
 */
export async function sendPasswordHelp(ctx: Context, actor: Actor, userId: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const user = await userOf(tx, userId);
    if (user.disabledAt !== undefined) throw conflict('user-disabled');
    await sendPasswordLink(tx, actor, userId, user.hasPassword ? 'asked' : 'welcome');
  });
}

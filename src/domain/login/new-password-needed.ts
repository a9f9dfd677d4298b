// Staff ask somebody for a new password: the next sign-in goes no further without one. In place of blanking what is stored
// (behaviours.md 3.1): the old password still proves who they are, and opens nothing by itself.

import { markAdministratorPassword } from '#domain/administrators/administrators.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { newPasswordNeededLetter } from '#domain/login/new-password-needed.mail.ts';
import { queueLetter } from '#domain/mail/outbox.ts';
import { endAllSessions } from '#domain/sessions/ending.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { markUserPassword, nameOf } from '#domain/users/users.ts';
import { days } from '#kit/duration.ts';
import { conflict } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/**
 * Asks a user for a new password. Their sessions end, so that the next sign-in is now; they are told by letter. Throws
 * not-found, or conflict `no-password-yet`.
 */
export async function requireNewPassword(ctx: Context, actor: Actor, userId: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const user = await markUserPassword(tx, actor, userId);
    if (!user.hasPassword) throw conflict('no-password-yet');
    await endAllSessions(tx, { userId }, 'ended-by-staff');
    await queueLetter(
      tx,
      newPasswordNeededLetter({
        to: { address: user.email, name: nameOf(user), language: user.language },
        signInName: user.email,
        company: await settingOf(tx, companyName),
        loginUrl: await publicLink(tx, '/login'),
        expiresAt: tx.now() + days(7),
        userId,
      }),
    );
  });
}

/** The same of an administrator; of oneself nobody asks it this way. Throws also not-allowed `role-holds-more`. */
export async function requireNewAdministratorPassword(ctx: Context, actor: Actor, id: number): Promise<void> {
  if (actor.kind === 'administrator' && actor.administratorId === id) throw conflict('administrator-is-yourself');
  await ctx.transaction(async (tx) => {
    const staff = await markAdministratorPassword(tx, actor, id);
    if (!staff.hasPassword) throw conflict('no-password-yet');
    await endAllSessions(tx, { administratorId: id }, 'ended-by-staff');
    await queueLetter(
      tx,
      newPasswordNeededLetter({
        to: { address: staff.email, name: nameOf(staff), language: staff.language },
        signInName: staff.username,
        company: await settingOf(tx, companyName),
        loginUrl: await publicLink(tx, '/admin/login'),
        expiresAt: tx.now() + days(7),
        administratorId: id,
      }),
    );
  });
}

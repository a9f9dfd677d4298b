// Leaving for good. What is about the person goes; what happened in accounts that stay is kept without them. An account
// that is not closed keeps its owner here (behaviours.md, section 15, number 17).

import { leaveEveryAccount } from '#domain/access/last-leave.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { forgetInLog } from '#domain/audit/forgetting.ts';
import { forgetLetters } from '#domain/mail/letters-to-person.ts';
import { queueLetter } from '#domain/mail/outbox.ts';
import { farewellLetter } from '#domain/self-service/own-deletion.mail.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { addressesBefore, openEmailUndos } from '#domain/users/email-undos.ts';
import { holdForRemoval, nameOf, removeUser, userOf } from '#domain/users/users.ts';
import { days } from '#kit/duration.ts';
import { conflict } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** Until when an earlier address may still put itself back, which keeps a person here: a thief must not delete what can be undone. */
export async function keptUntil(ctx: Context, userId: number): Promise<number | undefined> {
  return (await openEmailUndos(ctx, userId)).at(-1)?.expiresAt;
}

/**
 * Deletes a person for good, by themselves: memberships, sessions, links and letters go, and their names and addresses are
 * taken out of the log. The address gets a last letter. Whoever asks has just proved who they are (login/step-up.ts). Throws
 * conflict `owns-live-account`, or conflict `address-changed-lately` while an earlier address may still be put back.
 */
export async function deleteOwnPerson(ctx: Context, actor: Actor, userId: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    await holdForRemoval(tx, [userId]);
    const user = await userOf(tx, userId);
    if ((await keptUntil(tx, userId)) !== undefined) throw conflict('address-changed-lately');
    const clientIds = await leaveEveryAccount(tx, actor, userId);
    const addresses = await addressesBefore(tx, userId);
    const letter = farewellLetter({
      to: { address: user.email, name: nameOf(user), language: user.language },
      company: await settingOf(tx, companyName),
      expiresAt: tx.now() + days(7),
    });
    await removeUser(tx, actor, userId);
    await forgetInLog(tx, { userId, words: [user.email, ...addresses, nameOf(user)], clientIds });
    await forgetLetters(tx, userId);
    await queueLetter(tx, letter);
  });
}

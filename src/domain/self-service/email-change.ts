// Another address for oneself. It counts only once a letter to it was answered, by whoever is signed in as the person who
// asked; until then one signs in with the old one (behaviours.md 3.14; section 15, number 21; ASVS 5.0 V6.3.7).

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { lockedUserNames } from '#domain/clients/own-details.ts';
import { requireAllowedAddress } from '#domain/guard/banned-emails.ts';
import { countUse, spendLimit } from '#domain/guard/limits.ts';
import { queueLetter } from '#domain/mail/outbox.ts';
import { addressWantedLetter, confirmAddressLetter } from '#domain/self-service/email-change.mail.ts';
import {
  endEmailChangesOf,
  findEmailChangeRow,
  openEmailChangeRow,
  putEmailChange,
  spendEmailChangeRow,
} from '#domain/self-service/email-changes.table.ts';
import { emailChangeRequested } from '#domain/self-service/self-service.events.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { User } from '#domain/users/users.ts';
import {
  changeUser,
  findUserByEmail,
  holdUser,
  isAddressFree,
  isAnotherAddress,
  nameOf,
  userOf,
} from '#domain/users/users.ts';
import { days, hours, minutes } from '#kit/duration.ts';
import { later } from '#kit/later.ts';
import { invalid, notAllowed, notFound } from '#kit/problem.ts';
import { fingerprint, randomToken } from '#kit/secret.ts';
import { comparable, isMailAddress } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** How long the link to a new address holds. */
export const CONFIRM_MS = minutes(60);
const ASKED_BY_ONE = { name: 'email-change-user', most: 5, withinMs: hours(1) };
const ASKED_FOR_ONE = { name: 'email-change-address', most: 5, withinMs: hours(24) };
const TOLD = { name: 'email-wanted-told', most: 1, withinMs: days(1) };

/**
 * Asks for another address. The answer, its work and its time are the same whether or not somebody else has the address:
 * the letter is written afterwards, to the new address when it is free, else a word to whoever has it, once a day. A newer
 * wish ends the older. Whoever asks has just proved who they are (login/step-up.ts; ASVS 5.0 V7.5.1). Throws invalid with
 * the field `email`, not-allowed `email-locked`, or `too-many`.
 */
export async function requestEmailChange(ctx: Context, actor: Actor, userId: number, wanted: string): Promise<void> {
  if ((await lockedUserNames(ctx)).has('email')) throw notAllowed('email-locked');
  const email = wanted.trim();
  const fault = addressFault(email, await userOf(ctx, userId));
  if (fault) throw invalid({ email: fault });
  await requireAllowedAddress(ctx, email);
  await spendLimit(ctx, ASKED_BY_ONE, `user ${userId}`);
  await spendLimit(ctx, ASKED_FOR_ONE, comparable(email)); // nobody's mailbox is filled through us
  const token = randomToken();
  await ctx.transaction(async (tx) => {
    if (!(await holdUser(tx, userId))) throw notFound('user-not-found');
    await putEmailChange(tx, {
      token_hash: fingerprint(token),
      user_id: userId,
      email,
      created_at: tx.now(),
      expires_at: tx.now() + CONFIRM_MS,
      used_at: null,
    });
    await audit(tx, actor, {
      event: 'user.email.change_requested',
      description: `Another address was asked for: ${email}`,
      userId,
    });
    await tx.bus.announce(tx, emailChangeRequested, { userId });
  });
  later(
    () => writeLetter(ctx, userId, token),
    (error) => ctx.log.error({ err: error }, 'the letter for another address could not be queued'),
  );
}

function addressFault(email: string, user: User): string | undefined {
  if (email === '') return 'email-missing';
  if (!isMailAddress(email)) return 'email-invalid';
  return isAnotherAddress(user.email, email) ? undefined : 'email-is-yours';
}

/** The address that a person asked for and has not confirmed yet. */
export async function pendingEmailChange(
  ctx: Context,
  userId: number,
): Promise<{ readonly email: string; readonly expiresAt: number } | undefined> {
  const row = await openEmailChangeRow(ctx, userId);
  return row && { email: row.email, expiresAt: row.expires_at };
}

/** Drops the wish for another address: the link to it opens nothing any more. */
export async function cancelEmailChange(ctx: Context, actor: Actor, userId: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    if (!(await endEmailChangesOf(tx, userId))) return;
    await audit(tx, actor, {
      event: 'user.email.change_cancelled',
      description: 'The wish for another address was dropped',
      userId,
    });
  });
}

/** What a link is worth to somebody. `foreign`: it is of another person than the one signed in. */
export type EmailChangeState =
  | { readonly is: 'open'; readonly email: string }
  | { readonly is: 'used' | 'expired' | 'foreign' | 'unknown' };

/** Looks at a link without spending it. */
export async function emailChangeState(ctx: Context, userId: number, token: string): Promise<EmailChangeState> {
  const row = await findEmailChangeRow(ctx, fingerprint(token));
  if (!row) return { is: 'unknown' };
  if (row.user_id !== userId) return { is: 'foreign' };
  if (row.used_at !== null) return { is: 'used' };
  if (row.expires_at <= ctx.now()) return { is: 'expired' };
  return { is: 'open', email: row.email };
}

/**
 * Confirms the new address: whoever asked for it, signed in, once. Their other sessions end, and the old address is told
 * with the way back. Throws not-allowed `email-link-over`, also for anybody else's link, or conflict `email-taken`.
 */
export async function confirmEmailChange(
  ctx: Context,
  actor: Actor,
  user: { readonly userId: number; readonly sessionId: number },
  token: string,
): Promise<void> {
  await ctx.transaction(async (tx) => {
    await holdUser(tx, user.userId); // the person first, as everything does that ends links
    const row = await spendEmailChangeRow(tx, fingerprint(token), user.userId);
    if (!row) throw notAllowed('email-link-over');
    const how = { keepSessionId: user.sessionId, verified: true };
    await changeUser(tx, actor, user.userId, { email: row.email }, how);
  });
}

/** Ends what a person asked for, in the transaction of what makes it void. */
export async function endEmailChange(tx: Context, userId: number): Promise<void> {
  await endEmailChangesOf(tx, userId);
}

async function writeLetter(ctx: Context, userId: number, token: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    const wish = await findEmailChangeRow(tx, fingerprint(token));
    if (!wish) return; // dropped already
    const company = await settingOf(tx, companyName);
    if (await isAddressFree(tx, wish.email, userId)) {
      const user = await userOf(tx, userId);
      const to = { address: wish.email, name: nameOf(user), language: user.language };
      const url = await publicLink(tx, `/user/email/confirm/${token}`);
      await queueLetter(tx, confirmAddressLetter({ to, company, url, expiresAt: wish.expires_at }));
      return;
    }
    const holder = await findUserByEmail(tx, wish.email);
    if (!holder || holder.id === userId || (await countUse(tx, TOLD, `user ${holder.id}`)) > TOLD.most) return;
    const to = { address: holder.email, name: nameOf(holder), language: holder.language };
    const expiresAt = tx.now() + days(1);
    await queueLetter(tx, addressWantedLetter({ to, company, userId: holder.id, expiresAt }));
  });
}

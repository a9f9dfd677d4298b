// Whether an address is its person's (behaviours.md 1.16): a link in a letter to it, and then a sign-in in the browser that
// followed it. The link alone proves nothing: programs that look into mail follow links, and whoever registered somebody
// else's address would only have to wait for one. Whoever chooses a password by the link of a letter has shown it as well.

import type { Actor } from '#domain/audit/actor.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { spendLimit } from '#domain/guard/limits.ts';
import { queueLetter, withdrawLetters } from '#domain/mail/outbox.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { User } from '#domain/users/users.ts';
import { holdUser, nameOf, proveAddress, userOf } from '#domain/users/users.ts';
import { emailVerification, verificationNeeded } from '#domain/verification/verification.settings.ts';
import type { VerificationLinkRow } from '#domain/verification/verification-links.table.ts';
import {
  endVerificationLinksOf,
  findVerificationLink,
  putVerificationLink,
  spendVerificationLink,
} from '#domain/verification/verification-links.table.ts';
import { VERIFY_LETTER, verifyAddressLetter } from '#domain/verification/verify-address.mail.ts';
import { hours, minutes } from '#kit/duration.ts';
import { conflict, notAllowed, notFound } from '#kit/problem.ts';
import { fingerprint, randomToken } from '#kit/secret.ts';
import { comparable, maskedAddress } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** How long a link holds (behaviours.md 1.16). */
export const VERIFICATION_MS = minutes(60);

/** As often may a person have the letter sent again, by any of the ways there are. */
const OWN_RESENDS = { name: 'verification-letter', most: 5, withinMs: hours(1) };

/** Whether addresses are confirmed at all. */
export async function verificationIsOn(ctx: Context): Promise<boolean> {
  return settingOf(ctx, emailVerification);
}

/** Whether a person is asked to confirm their address. */
export async function isUnproven(ctx: Context, user: Pick<User, 'emailVerifiedAt'>): Promise<boolean> {
  return user.emailVerifiedAt === undefined && (await verificationIsOn(ctx));
}

/** Sends a person the letter; it ends every earlier link. In the transaction of what made it necessary. Throws not-found. */
export async function sendVerification(ctx: Context, actor: Actor, userId: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const user = (await holdUser(tx, userId))?.user; // of two at once the later ends the earlier
    if (!user) throw notFound('user-not-found');
    const token = randomToken();
    const expiresAt = tx.now() + VERIFICATION_MS;
    await withdrawLetters(tx, VERIFY_LETTER, { userId });
    await putVerificationLink(tx, {
      token_hash: fingerprint(token),
      user_id: userId,
      email_key: comparable(user.email),
      created_at: tx.now(),
      expires_at: expiresAt,
      used_at: null,
    });
    await queueLetter(
      tx,
      verifyAddressLetter({
        to: { address: user.email, name: nameOf(user), language: user.language },
        company: await settingOf(tx, companyName),
        url: await publicLink(tx, `/verify/${token}`),
        holdsMinutes: VERIFICATION_MS / minutes(1),
        expiresAt,
        userId,
      }),
    );
    await audit(tx, actor, {
      event: 'user.email.verification_sent',
      description: `A link for confirming the address was sent to ${user.email}`,
      userId,
    });
  });
}

/**
 * A person asks for the letter once more. Throws `too-many`, or conflict `address-proven`, `verification-off` when there is
 * nothing to send.
 */
export async function resendVerification(ctx: Context, actor: Actor, userId: number): Promise<void> {
  await requireWorthSending(ctx, userId);
  await spendLimit(ctx, OWN_RESENDS, `user ${userId}`);
  await sendVerification(ctx, actor, userId);
}

/** Staff send it, as often as they like. Throws not-found, or conflict when there is nothing to send or it would be no use. */
export async function sendVerificationByStaff(ctx: Context, actor: Actor, userId: number): Promise<void> {
  const user = await requireWorthSending(ctx, userId);
  if (user.disabledAt !== undefined) throw conflict('user-disabled');
  await sendVerification(ctx, actor, userId);
}

/** What a link is worth now, for the page that says so. The address is masked: a stranger may see the page. */
export type VerificationLink =
  | { readonly is: 'open'; readonly address: string }
  | { readonly is: 'used' | 'expired' | 'unknown' };

/** Looks at a link without spending it. */
export async function verificationLink(ctx: Context, token: string): Promise<VerificationLink> {
  const row = await findVerificationLink(ctx, fingerprint(token));
  if (!row) return { is: 'unknown' };
  if (row.used_at !== null) return { is: 'used' };
  if (row.expires_at <= ctx.now()) return { is: 'expired' };
  return { is: 'open', address: maskedAddress((await userOf(ctx, row.user_id)).email) };
}

/** Whether it was this person who confirmed their address by this link. */
export async function isProvedBy(ctx: Context, token: string, userId: number): Promise<boolean> {
  const row = await findVerificationLink(ctx, fingerprint(token));
  return row?.user_id === userId && row.used_at !== null;
}

/**
 * A person signs in, perhaps after following a link: then their address is proved. Refuses them when it has to be and is
 * not: throws not-allowed `address-unproven`. A session that the operator's own programs open is theirs to answer for.
 */
export async function meetSignIn(
  tx: Context,
  userId: number,
  origin: string,
  answers: string | undefined,
): Promise<void> {
  const proved = answers !== undefined && (await answerLink(tx, userId, answers));
  if (proved || origin === 'sso' || !(await isNeeded(tx, 'before-login'))) return;
  if ((await userOf(tx, userId)).emailVerifiedAt === undefined) throw notAllowed('address-unproven');
}

/** Refuses an order of somebody whose address has to be proved before. Throws not-allowed `address-unproven-order`. */
export async function requireProvenToOrder(ctx: Context, userId: number): Promise<void> {
  if (!(await isNeeded(ctx, 'before-order')) && !(await isNeeded(ctx, 'before-login'))) return;
  if ((await userOf(ctx, userId)).emailVerifiedAt === undefined) throw notAllowed('address-unproven-order');
}

/** An address changed: links to the old one prove nothing, and the new one is asked for, unless it was shown to be read. */
export async function meetAddressChange(tx: Context, userId: number): Promise<void> {
  await endVerificationLinksOf(tx, userId);
  await withdrawLetters(tx, VERIFY_LETTER, { userId });
  const user = await userOf(tx, userId);
  if (user.disabledAt === undefined && (await isUnproven(tx, user))) await sendVerification(tx, systemActor(), userId);
}

async function answerLink(tx: Context, userId: number, token: string): Promise<boolean> {
  const row = await spendVerificationLink(tx, fingerprint(token), userId);
  return row !== undefined && proveAddress(tx, await actorOf(tx, row), userId, row.email_key);
}

async function actorOf(tx: Context, row: VerificationLinkRow): Promise<Actor> {
  const { email, lastLoginIp } = await userOf(tx, row.user_id);
  return { kind: 'user', userId: row.user_id, name: email, ip: lastLoginIp ?? '' };
}

async function requireWorthSending(ctx: Context, userId: number): Promise<User> {
  const user = await userOf(ctx, userId);
  if (user.emailVerifiedAt !== undefined) throw conflict('address-proven');
  if (!(await verificationIsOn(ctx))) throw conflict('verification-off');
  return user;
}

async function isNeeded(ctx: Context, before: 'before-order' | 'before-login'): Promise<boolean> {
  return (await verificationIsOn(ctx)) && (await settingOf(ctx, verificationNeeded)) === before;
}

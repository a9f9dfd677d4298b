// Setting a password by a link in a letter: for new people, for those who forgot, for those whom staff help.
// The link is built from the public address and nothing a request says, holds once, and the newest ends the older.

import {
  administratorOf,
  holdAdministrator,
  mayTouchRole,
  storeAdministratorPassword,
} from '#domain/administrators/administrators.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { strangerActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { requireGoodPassword } from '#domain/credentials/password-rule.ts';
import { spendLimit } from '#domain/guard/limits.ts';
import { passwordLinkMinutes, welcomeLinkHours } from '#domain/login/login.settings.ts';
import { passwordChangedLetter } from '#domain/login/password-changed.mail.ts';
import type { PasswordLinkRow } from '#domain/login/password-links.table.ts';
import { findPasswordLink, putPasswordLink, spendPasswordLink } from '#domain/login/password-links.table.ts';
import { setPasswordLetter } from '#domain/login/set-password.mail.ts';
import { queueLetter, withdrawLetters } from '#domain/mail/outbox.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { findUserByEmail, holdUser, nameOf, storePassword, userOf } from '#domain/users/users.ts';
import { networkName } from '#kit/address.ts';
import { days, hours, minutes } from '#kit/duration.ts';
import { notAllowed, notFound } from '#kit/problem.ts';
import { fingerprint, randomToken } from '#kit/secret.ts';
import { comparable, maskedAddress } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** The kinds of letters that hold a link. */
export const LINK_LETTERS = ['set-password', 'welcome'] as const;

/** Sends a user the link, in the transaction of whatever made it necessary. `welcome`: their first one. */
export async function sendPasswordLink(
  ctx: Context,
  actor: Actor,
  userId: number,
  why: 'welcome' | 'asked',
): Promise<void> {
  await ctx.transaction(async (tx) => {
    const user = (await holdUser(tx, userId))?.user; // of two at once the later ends the earlier
    if (!user) throw notFound('user-not-found');
    const to = { address: user.email, name: nameOf(user), language: user.language };
    for (const kind of LINK_LETTERS) await withdrawLetters(tx, kind, { userId });
    await send(tx, { user_id: userId, administrator_id: null }, to, why === 'welcome');
    await audit(tx, actor, {
      event: 'user.password.reset_requested',
      description: `A link for setting a password was sent to ${user.email}`,
      userId,
    });
  });
}

/**
 * Sends an administrator the link; whoever has no password yet gets the welcome letter, which holds longer. Nobody sends
 * one to staff whose role holds more than their own.
 */
export async function sendAdministratorPasswordLink(
  ctx: Context,
  actor: Actor,
  administratorId: number,
): Promise<void> {
  await ctx.transaction(async (tx) => {
    const administrator = (await holdAdministrator(tx, administratorId))?.administrator;
    if (!administrator) throw notFound('administrator-not-found');
    await mayTouchRole(tx, actor, administrator.role);
    const to = { address: administrator.email, name: nameOf(administrator), language: administrator.language };
    for (const kind of LINK_LETTERS) await withdrawLetters(tx, kind, { administratorId });
    const whose = { user_id: null, administrator_id: administratorId };
    await send(tx, whose, { ...to, signInName: administrator.username }, !administrator.hasPassword);
    await audit(tx, actor, {
      event: 'admin.password.reset_requested',
      description: `A link for setting a password was sent to ${administrator.username}`,
      details: { administratorId },
    });
  });
}

/**
 * A stranger says they forgot the password of an address. The same answer for every address; the work is done after it
 * is given, so that its time tells nothing either. Throws `too-many` by network and by what was typed.
 */
export async function requestPasswordLink(ctx: Context, email: string, ip: string): Promise<void> {
  await spendLimit(ctx, { name: 'reset-network', most: 20, withinMs: hours(1) }, networkName(ip));
  await spendLimit(ctx, { name: 'reset-address', most: 5, withinMs: hours(1) }, comparable(email).slice(0, 300));
  setImmediate(() => {
    sendWhenKnown(ctx, email, ip).catch((error: unknown) =>
      ctx.log.error({ err: error }, 'a password link could not be queued'),
    );
  });
}

/** What a link is worth now, for the page that says so. The address is masked: the page may be seen by a stranger. */
export type LinkState =
  | {
      readonly is: 'open';
      readonly side: 'user' | 'administrator';
      readonly address: string;
      readonly words: readonly string[];
    }
  | { readonly is: 'used' | 'expired' | 'unknown' };

/** Looks at a link without spending it. */
export async function passwordLinkState(ctx: Context, token: string): Promise<LinkState> {
  const row = await findPasswordLink(ctx, fingerprint(token));
  if (!row) return { is: 'unknown' };
  if (row.used_at !== null) return { is: 'used' };
  if (row.expires_at <= ctx.now()) return { is: 'expired' };
  const person = await personOf(ctx, row);
  return { is: 'open', side: person.side, address: maskedAddress(person.email), words: person.words };
}

/**
 * Sets the password and spends the link: one of any number of callers. All sessions of the person end, pending sign-ins
 * too; nobody is signed in by it, so a second factor is still asked. Throws invalid, or not-allowed `password-link-over`.
 */
export async function setPasswordByLink(
  ctx: Context,
  token: string,
  password: string,
  ip: string,
): Promise<'user' | 'administrator'> {
  const state = await passwordLinkState(ctx, token);
  if (state.is !== 'open') throw notAllowed('password-link-over');
  await requireGoodPassword(ctx, password, state.words);
  const hash = await ctx.passwords.seal(password);
  return ctx.transaction(async (tx) => {
    const row = await spendLinkOfHeld(tx, fingerprint(token));
    if (!row) throw notAllowed('password-link-over');
    const person = await personOf(tx, row);
    const actor = actorOf(row, person.email, ip);
    if (row.user_id !== null)
      await storePassword(tx, actor, row.user_id, hash, { event: 'user.password.reset_completed' });
    else
      await storeAdministratorPassword(tx, actor, row.administrator_id ?? 0, hash, {
        event: 'admin.password.reset_completed',
      });
    await tellPasswordChanged(tx, row);
    return person.side;
  });
}

/** The person first and then the link, as everything does that ends links: two that want both never wait for each other. */
async function spendLinkOfHeld(tx: Context, tokenHash: string): Promise<PasswordLinkRow | undefined> {
  const found = await findPasswordLink(tx, tokenHash);
  if (!found) return undefined;
  if (found.user_id !== null) await holdUser(tx, found.user_id);
  else await holdAdministrator(tx, found.administrator_id ?? 0);
  return spendPasswordLink(tx, tokenHash);
}

/** Queues the letter that tells of a changed password. */
export async function tellPasswordChanged(
  tx: Context,
  of: Pick<PasswordLinkRow, 'user_id' | 'administrator_id'>,
): Promise<void> {
  const person = await personOf(tx, of);
  await queueLetter(
    tx,
    passwordChangedLetter({
      to: { address: person.email, name: person.name, language: person.language },
      company: await settingOf(tx, companyName),
      resetUrl: await publicLink(tx, person.side === 'user' ? '/password/reset' : '/admin/login'),
      expiresAt: tx.now() + days(7),
      ...(of.user_id === null ? {} : { userId: of.user_id }),
      ...(of.administrator_id === null ? {} : { administratorId: of.administrator_id }),
    }),
  );
}

async function sendWhenKnown(ctx: Context, email: string, ip: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    const found = await findUserByEmail(tx, email);
    const user = found && (await holdUser(tx, found.id))?.user;
    if (user && user.disabledAt === undefined) await sendPasswordLink(tx, strangerActor(ip), user.id, 'asked');
  });
}

async function send(
  tx: Context,
  whose: Pick<PasswordLinkRow, 'user_id' | 'administrator_id'>,
  person: { address: string; name: string; language: string; signInName?: string },
  welcome: boolean,
): Promise<void> {
  const { signInName, ...to } = person;
  const token = randomToken();
  const holds = welcome
    ? hours(await settingOf(tx, welcomeLinkHours))
    : minutes(await settingOf(tx, passwordLinkMinutes));
  const expiresAt = tx.now() + holds;
  await putPasswordLink(tx, {
    ...whose,
    token_hash: fingerprint(token),
    created_at: tx.now(),
    expires_at: expiresAt,
    used_at: null,
  });
  await queueLetter(
    tx,
    setPasswordLetter({
      welcome,
      to,
      ...(signInName === undefined ? {} : { signInName }),
      company: await settingOf(tx, companyName),
      url: await publicLink(tx, `/password/set/${token}`),
      holdsMinutes: holds / minutes(1),
      expiresAt,
      ...(whose.user_id === null ? {} : { userId: whose.user_id }),
      ...(whose.administrator_id === null ? {} : { administratorId: whose.administrator_id }),
    }),
  );
}

type LinkPerson = { side: 'user' | 'administrator'; email: string; name: string; language: string; words: string[] };

async function personOf(ctx: Context, row: Pick<PasswordLinkRow, 'user_id' | 'administrator_id'>): Promise<LinkPerson> {
  if (row.user_id !== null) {
    const user = await userOf(ctx, row.user_id);
    const words = [user.email, user.firstName, user.lastName];
    return { side: 'user', email: user.email, name: nameOf(user), language: user.language, words };
  }
  const staff = await administratorOf(ctx, row.administrator_id ?? 0);
  const words = [staff.email, staff.username, staff.firstName, staff.lastName];
  return { side: 'administrator', email: staff.email, name: nameOf(staff), language: staff.language, words };
}

function actorOf(row: PasswordLinkRow, name: string, ip: string): Actor {
  if (row.user_id !== null) return { kind: 'user', userId: row.user_id, name, ip };
  return { kind: 'administrator', administratorId: row.administrator_id ?? 0, name, ip };
}

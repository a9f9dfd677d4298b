// Setting a password by a link in a letter: for new people, for those who forgot, for those whom staff help.
// The link is built from the public address and nothing a request says, holds once, and the newest ends the older.

import type { Administrator } from '#domain/administrators/administrators.ts';
import {
  administratorOf,
  holdAdministrator,
  mayTouchRole,
  storeAdministratorPassword,
} from '#domain/administrators/administrators.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { holdPasskeysBack } from '#domain/credentials/passkeys.ts';
import { requireGoodPassword } from '#domain/credentials/password-rule.ts';
import { dropUnprovenLinks } from '#domain/login/federation/linked-accounts.ts';
import { passwordLinkMinutes, staffPasswordReset, welcomeLinkHours } from '#domain/login/login.settings.ts';
import { passwordChangedLetter } from '#domain/login/password-changed.mail.ts';
import type { PasswordLinkRow } from '#domain/login/password-links.table.ts';
import { findPasswordLink, putPasswordLink, spendPasswordLink } from '#domain/login/password-links.table.ts';
import { setPasswordLetter } from '#domain/login/set-password.mail.ts';
import { queueLetter, withdrawLetters } from '#domain/mail/outbox.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { User } from '#domain/users/users.ts';
import { holdUser, isAnotherAddress, nameOf, proveAddress, storePassword, userOf } from '#domain/users/users.ts';
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
    await sendToAdministrator(tx, actor, administrator);
  });
}

/** The same for whoever holds the administrator already and may; for this topic's own files. */
export async function sendToAdministrator(tx: Context, actor: Actor, administrator: Administrator): Promise<void> {
  const administratorId = administrator.id;
  const to = { address: administrator.email, name: nameOf(administrator), language: administrator.language };
  for (const kind of LINK_LETTERS) await withdrawLetters(tx, kind, { administratorId });
  const whose = { user_id: null, administrator_id: administratorId };
  await send(tx, whose, { ...to, signInName: administrator.username }, !administrator.hasPassword);
  await audit(tx, actor, {
    event: 'admin.password.reset_requested',
    description: `A link for setting a password was sent to ${administrator.username}`,
    details: { administratorId },
  });
}

/**
 * What a link is worth now, for the page that says so. Addresses are masked: the page may be seen by a stranger.
 * - `open`: it sets a password; `whose` tells apart who is signed in here
 * - `used`, `expired`, `replaced` by a newer one, `overtaken` by another change: `fresh` is the masked address to which a new
 *   one can be sent by a button; undefined where none can
 * - `foreign`: it went to an address that is not that person's any more
 * - `unknown`: there was never such a link, or it is long forgotten
 */
export type LinkState =
  | {
      readonly is: 'open';
      readonly side: 'user' | 'administrator';
      readonly whose: number;
      readonly address: string;
      readonly words: readonly string[];
    }
  | {
      readonly is: 'used' | 'expired' | 'replaced' | 'overtaken';
      readonly side: 'user' | 'administrator';
      readonly whose: number;
      readonly fresh: string | undefined;
    }
  | { readonly is: 'foreign'; readonly side: 'user' | 'administrator'; readonly address: string }
  | { readonly is: 'unknown' };

/** Looks at a link without spending it. */
export async function passwordLinkState(ctx: Context, token: string): Promise<LinkState> {
  const row = await findPasswordLink(ctx, fingerprint(token));
  return row ? stateOf(ctx, row) : { is: 'unknown' };
}

/** The same for a link that was read already; for this topic's own files. */
export async function stateOf(ctx: Context, row: PasswordLinkRow): Promise<LinkState> {
  const { side, id, email, words, disabled } = await personOf(ctx, row);
  const sentTo = row.sent_to ?? email;
  const hasMoved = isAnotherAddress(sentTo, email);
  const is = deadBecause(ctx, row);
  // Used by whoever had that address then: nothing that happened to it later makes it another.
  if (hasMoved && is !== 'used') return { is: 'foreign', side, address: maskedAddress(sentTo) };
  if (is) {
    const maySend = !hasMoved && !disabled && (side === 'user' || (await settingOf(ctx, staffPasswordReset)));
    return { is, side, whose: id, fresh: maySend ? maskedAddress(email) : undefined };
  }
  return { is: 'open', side, whose: id, address: maskedAddress(email), words };
}

function deadBecause(ctx: Context, row: PasswordLinkRow): 'used' | 'expired' | 'replaced' | 'overtaken' | undefined {
  if (row.used_at !== null) return 'used';
  if (row.ended_at !== null) return row.ended_how ?? 'overtaken';
  return row.expires_at <= ctx.now() ? 'expired' : undefined;
}

/**
 * Sets the password and spends the link: one of any number of callers. All sessions of the person end, pending sign-ins
 * too; nobody is signed in by it, so a second factor is still asked. A user's address is proved by it: the letter went there.
 * Throws invalid, or not-allowed `password-link-over`.
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
    if (row.user_id !== null) {
      await dropUnprovenLinks(tx, actor, row.user_id);
      if ((await userOf(tx, row.user_id)).emailVerifiedAt === undefined) await holdPasskeysBack(tx, row.user_id);
      await storePassword(tx, actor, row.user_id, hash, { event: 'user.password.reset_completed' });
      await proveAddress(tx, actor, row.user_id, comparable(person.email)); // the letter went there, and was read
    } else
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
  await holdPersonOf(tx, found);
  return spendPasswordLink(tx, tokenHash);
}

/** Holds whose link it is until the transaction ends. */
export async function holdPersonOf(tx: Context, row: PasswordLinkRow): Promise<void> {
  if (row.user_id !== null) await holdUser(tx, row.user_id);
  else await holdAdministrator(tx, row.administrator_id ?? 0);
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
    sent_to: to.address,
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

type LinkPerson = {
  readonly side: 'user' | 'administrator';
  readonly id: number;
  readonly email: string;
  readonly name: string;
  readonly language: string;
  readonly words: readonly string[];
  readonly disabled: boolean;
};

async function personOf(ctx: Context, row: Pick<PasswordLinkRow, 'user_id' | 'administrator_id'>): Promise<LinkPerson> {
  if (row.user_id !== null) {
    const user = await userOf(ctx, row.user_id);
    const words = [user.email, user.firstName, user.lastName];
    return { ...whoever(user), side: 'user', words };
  }
  const staff = await administratorOf(ctx, row.administrator_id ?? 0);
  const words = [staff.email, staff.username, staff.firstName, staff.lastName];
  return { ...whoever(staff), side: 'administrator', words };
}

function whoever(one: User | Administrator): Omit<LinkPerson, 'side' | 'words'> {
  const { id, email, language, disabledAt } = one;
  return { id, email, name: nameOf(one), language, disabled: disabledAt !== undefined };
}

function actorOf(row: PasswordLinkRow, name: string, ip: string): Actor {
  if (row.user_id !== null) return { kind: 'user', userId: row.user_id, name, ip };
  return { kind: 'administrator', administratorId: row.administrator_id ?? 0, name, ip };
}

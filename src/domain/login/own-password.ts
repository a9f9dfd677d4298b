// Changing one's own password, which asks for the present one (ASVS 5.0 V6.2.2, V6.2.3), and setting another's as staff.

import {
  administratorOf,
  findAdministratorWithHash,
  holdAdministrator,
  mayTouchRole,
  storeAdministratorPassword,
} from '#domain/administrators/administrators.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { apiAcceptsWeakPasswords } from '#domain/credentials/password.settings.ts';
import { newPasswordFault, requireGoodPassword } from '#domain/credentials/password-rule.ts';
import { spendLimit } from '#domain/guard/limits.ts';
import { OWN_PASSWORD_TRIES } from '#domain/login/own-password-tries.ts';
import { tellPasswordChanged } from '#domain/login/password-links.ts';
import { requireSecurityAnswer } from '#domain/login/security-question.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { holdUser, storePassword, userOf, userWithHash } from '#domain/users/users.ts';
import { invalid } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/**
 * Changes a user's own password; every other session of theirs ends. `answer`: to their security question, where those are
 * asked. Throws invalid by field, or `too-many`.
 */
export async function changeOwnPassword(
  ctx: Context,
  actor: Actor,
  userId: number,
  given: { readonly current: string; readonly fresh: string; readonly keepSessionId: number; readonly answer?: string },
): Promise<void> {
  await spendLimit(ctx, OWN_PASSWORD_TRIES, `user ${userId}`);
  const { user, hash } = await userWithHash(ctx, userId);
  const check = await ctx.passwords.check(given.current, hash);
  if (!check.matches) throw invalid({ current: 'current-password-wrong' });
  await requireGoodPassword(ctx, given.fresh, [user.email, user.firstName, user.lastName]);
  await requireSecurityAnswer(ctx, actor, userId, given.answer ?? '');
  const sealed = await ctx.passwords.seal(given.fresh);
  await ctx.transaction(async (tx) => {
    // Replaced meanwhile, by the link of a letter, say: what was shown to be known is worth nothing any more.
    if ((await holdUser(tx, userId))?.hash !== hash) throw invalid({ current: 'current-password-wrong' });
    await storePassword(tx, actor, userId, sealed, {
      event: 'user.password.changed',
      keepSessionId: given.keepSessionId,
    });
    await tellPasswordChanged(tx, { user_id: userId, administrator_id: null });
  });
}

/** The same for an administrator. */
export async function changeOwnAdministratorPassword(
  ctx: Context,
  actor: Actor,
  administratorId: number,
  given: { readonly current: string; readonly fresh: string; readonly keepSessionId: number },
): Promise<void> {
  const hash = await requireOwnAdministratorPassword(ctx, administratorId, given.current);
  const { username, email, firstName, lastName } = await administratorOf(ctx, administratorId);
  await requireGoodPassword(ctx, given.fresh, [username, email, firstName, lastName]);
  const sealed = await ctx.passwords.seal(given.fresh);
  await ctx.transaction(async (tx) => {
    if ((await holdAdministrator(tx, administratorId))?.hash !== hash)
      throw invalid({ current: 'current-password-wrong' });
    await storeAdministratorPassword(tx, actor, administratorId, sealed, {
      event: 'admin.password.changed',
      keepSessionId: given.keepSessionId,
    });
    await tellPasswordChanged(tx, { user_id: null, administrator_id: administratorId });
  });
}

/**
 * Asks an administrator for the password they have: before what whoever sits down at an open browser should not be able
 * to do. Tries are counted. Answers the stored password that it was. Throws invalid with the field `current`, or `too-many`.
 */
export async function requireOwnAdministratorPassword(
  ctx: Context,
  administratorId: number,
  current: string,
): Promise<string> {
  if (current === '') throw invalid({ current: 'current-password-missing' });
  await spendLimit(ctx, OWN_PASSWORD_TRIES, `administrator ${administratorId}`);
  const { username } = await administratorOf(ctx, administratorId);
  const hash = (await findAdministratorWithHash(ctx, username))?.hash;
  const check = await ctx.passwords.check(current, hash);
  if (!check.matches || hash === undefined) throw invalid({ current: 'current-password-wrong' });
  return hash;
}

/** Sets another administrator's password: the operator's command line, or staff with at least as much to say. */
export async function setAdministratorPassword(
  ctx: Context,
  actor: Actor,
  administratorId: number,
  password: string,
): Promise<void> {
  const staff = await administratorOf(ctx, administratorId);
  await mayTouchRole(ctx, actor, staff.role);
  await requireGoodPassword(ctx, password, [staff.username, staff.email, staff.firstName, staff.lastName]);
  const sealed = await ctx.passwords.seal(password);
  await ctx.transaction(async (tx) => {
    await storeAdministratorPassword(tx, actor, administratorId, sealed, { event: 'admin.password.set' });
    await tellPasswordChanged(tx, { user_id: null, administrator_id: administratorId });
  });
}

/**
 * Sets a user's password as staff: all their sessions end, and they are told. Two people know it now, so it is good for one
 * sign-in, at which another has to be chosen (ASVS 5.0 V6.4.1).
 */
export async function setUserPassword(ctx: Context, actor: Actor, userId: number, password: string): Promise<void> {
  const user = await userOf(ctx, userId);
  await requireGoodPassword(ctx, password, [user.email, user.firstName, user.lastName]);
  const sealed = await ctx.passwords.seal(password);
  await ctx.transaction(async (tx) => {
    await storePassword(tx, actor, userId, sealed, { event: 'user.password.set_by_admin', mustChange: true });
    await tellPasswordChanged(tx, { user_id: userId, administrator_id: null });
  });
}

/** A password ready to be stored with a new person. `mustChange`: it misses the rule and was let through by a setting. */
export type SealedPassword = { readonly hash: string; readonly mustChange: boolean };

/**
 * Checks and seals the first password of a new person. Over the API (`lenient`) a setting may let a weak one through,
 * which then has to be replaced at the next sign-in in a browser. Throws invalid with the field `password`.
 */
export async function sealFirstPassword(
  ctx: Context,
  password: string,
  words: readonly string[],
  options: { readonly lenient: boolean },
): Promise<SealedPassword> {
  const fault = await newPasswordFault(ctx, password, words);
  const letThrough = fault !== undefined && options.lenient && (await settingOf(ctx, apiAcceptsWeakPasswords));
  if (fault && !letThrough) await requireGoodPassword(ctx, password, words);
  return { hash: await ctx.passwords.seal(password), mustChange: letThrough };
}

// Making a member of staff who can sign in: with a password chosen for them, or with a letter in which they choose it.

import type { NewAdministrator } from '#domain/administrators/administrators.ts';
import { addAdministrator, administratorFaults, mayTouchRole } from '#domain/administrators/administrators.ts';
import { roleOf } from '#domain/administrators/roles.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { passwordMinimumLength } from '#domain/credentials/password.settings.ts';
import { newPasswordFault } from '#domain/credentials/password-rule.ts';
import { sendAdministratorPasswordLink } from '#domain/login/password-links.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { invalid } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** A member of staff to be. */
export type NewStaff = Omit<NewAdministrator, 'passwordHash'>;

/**
 * Makes one with a password. Throws invalid by field with everything that is wrong at once, and what `addAdministrator`
 * throws. Nothing slow is done for whoever may not make one.
 */
export async function addAdministratorWithPassword(
  ctx: Context,
  actor: Actor,
  given: NewStaff,
  password: string,
): Promise<number> {
  await mayTouchRole(ctx, actor, await roleOf(ctx, given.roleId));
  const words = [given.username, given.email, given.firstName, given.lastName];
  const passwordFault = await newPasswordFault(ctx, password, words);
  const faults = { ...administratorFaults(given), ...(passwordFault ? { password: passwordFault } : {}) };
  if (Object.keys(faults).length > 0) throw invalid(faults, { minimum: await settingOf(ctx, passwordMinimumLength) });
  return addAdministrator(ctx, actor, { ...given, passwordHash: await ctx.passwords.seal(password) });
}

/** Makes one and sends them the letter in which they choose a password: both or neither. */
export async function inviteAdministrator(ctx: Context, actor: Actor, given: NewStaff): Promise<number> {
  return ctx.transaction(async (tx) => {
    const id = await addAdministrator(tx, actor, { ...given, passwordHash: undefined });
    await sendAdministratorPasswordLink(tx, actor, id);
    return id;
  });
}

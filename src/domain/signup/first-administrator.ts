// The first administrator, made in a browser by the printed link: all that is wrong is said at once, and nothing slow is
// done for whoever does not hold the link.

import { administratorFaults } from '#domain/administrators/administrators.ts';
import { setUp, setupIsOpen } from '#domain/administrators/setup.ts';
import { passwordMinimumLength } from '#domain/credentials/password.settings.ts';
import { newPasswordFault } from '#domain/credentials/password-rule.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { invalid, notAllowed } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** What the form of the set-up page asks for. */
export type FirstAdministrator = {
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly password: string;
};

/**
 * Makes the first administrator. Of any number of callers one succeeds; answers the id. Throws invalid by field, or
 * not-allowed `setup-over` when the token opens nothing (any more).
 */
export async function makeFirstAdministrator(
  ctx: Context,
  token: string,
  given: FirstAdministrator,
  ip: string,
): Promise<number> {
  if (!(await setupIsOpen(ctx, token))) throw notAllowed('setup-over');
  const { password, ...person } = given;
  const words = [given.username, given.email, given.firstName, given.lastName];
  const passwordFault = await newPasswordFault(ctx, password, words);
  const faults = { ...administratorFaults(person), ...(passwordFault ? { password: passwordFault } : {}) };
  if (Object.keys(faults).length > 0) throw invalid(faults, { minimum: await settingOf(ctx, passwordMinimumLength) });
  const passwordHash = await ctx.passwords.seal(password);
  return setUp(ctx, token, { ...person, passwordHash }, ip);
}

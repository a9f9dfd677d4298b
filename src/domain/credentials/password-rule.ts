// Whether a new password will do, by the installation's rule.

import { passwordFault } from '#domain/credentials/password/strength.ts';
import { passwordMinimumLength } from '#domain/credentials/password.settings.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { invalid } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** The fault of a new password as a key of locales/en/errors.json, or undefined. `words` are the person's own: names, address. */
export async function newPasswordFault(
  ctx: Context,
  password: string,
  words: readonly string[],
): Promise<string | undefined> {
  const minimumLength = await settingOf(ctx, passwordMinimumLength);
  return passwordFault(password, { minimumLength, words: [...words, await settingOf(ctx, companyName)] });
}

/** Refuses a password that misses the rule: invalid with the field `password` and the least length among the values. */
export async function requireGoodPassword(ctx: Context, password: string, words: readonly string[]): Promise<void> {
  const fault = await newPasswordFault(ctx, password, words);
  if (fault) throw invalid({ password: fault }, { minimum: await settingOf(ctx, passwordMinimumLength) });
}

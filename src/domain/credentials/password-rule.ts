// Whether a new password will do, by the installation's rule: long enough, not among those that are tried first or were
// stolen elsewhere, not the person's own words, and as hard to guess as the operator asks.
//
// ASVS 5.0: V6.2.1 and V6.2.9 (8 characters at the least, 64 and more allowed), V6.2.4 and V6.2.12 (common and breached
// passwords, looked up here and nowhere else), V6.2.5 (no kinds of characters are asked for), V6.2.8 (nothing is cut off or
// changed), V6.2.10 (no password expires by age; staff may ask for a new one), V6.2.11 (the person's own words).

import { strengthOf } from '#domain/credentials/password/guesses.ts';
import { passwordFault } from '#domain/credentials/password/strength.ts';
import { passwordMinimumLength, requiredPasswordStrength } from '#domain/credentials/password.settings.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { invalid } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** What is asked of a new password: characters, and strength from 0 to 100 (0: nothing beyond our own rule). */
export type PasswordRule = { readonly minimum: number; readonly strength: number };

/** The installation's rule, for the page that says it. */
export async function newPasswordRule(ctx: Context): Promise<PasswordRule> {
  const [minimum, strength] = await Promise.all([
    settingOf(ctx, passwordMinimumLength),
    settingOf(ctx, requiredPasswordStrength),
  ]);
  return { minimum, strength };
}

/** The fault of a new password as a key of locales/en/errors.json, or undefined. `words` are the person's own: names, address. */
export async function newPasswordFault(
  ctx: Context,
  password: string,
  words: readonly string[],
): Promise<string | undefined> {
  const { minimum, strength } = await newPasswordRule(ctx);
  const known = [...words, await settingOf(ctx, companyName)];
  const fault = passwordFault(password, { minimumLength: minimum, words: known });
  if (fault || strength === 0) return fault;
  return (await strengthOf(password, known)) < strength ? 'password-too-weak' : undefined;
}

/** Refuses a password that misses the rule: invalid with the field `password` and the least length among the values. */
export async function requireGoodPassword(ctx: Context, password: string, words: readonly string[]): Promise<void> {
  const fault = await newPasswordFault(ctx, password, words);
  if (fault) throw invalid({ password: fault }, { minimum: await settingOf(ctx, passwordMinimumLength) });
}

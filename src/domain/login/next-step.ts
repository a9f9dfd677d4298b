// What may still be due after the password: a second factor, a new password. The try is counted before it is checked,
// the attempt is spent in the transaction that lets somebody in.

import { requireGoodPassword } from '#domain/credentials/password-rule.ts';
import type { Limit } from '#domain/guard/limits.ts';
import { forgetUses, spendLimit } from '#domain/guard/limits.ts';
import type { AttemptRow } from '#domain/login/attempts.table.ts';
import { countAttemptTry, endAttempt, findAttempt } from '#domain/login/attempts.table.ts';
import type { Holder, Side } from '#domain/login/holder.ts';
import { holderActor, holdHolder } from '#domain/login/holder.ts';
import { tellPasswordChanged } from '#domain/login/password-links.ts';
import { ATTEMPT_TRIES, beginAttempt } from '#domain/login/password-login.ts';
import type { Person, Proof } from '#domain/sessions/proof.ts';
import { makeProof } from '#domain/sessions/proof.ts';
import { storePassword, userOf } from '#domain/users/users.ts';
import { hours } from '#kit/duration.ts';
import { notAllowed } from '#kit/problem.ts';
import { fingerprint } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

/** Where the sign-in stands after a code. `over`: the attempt is spent or too old; the sign-in starts anew. */
export type CodeAnswer =
  | { readonly at: 'wrong-code' }
  | { readonly at: 'over' }
  | { readonly at: 'new-password'; readonly attempt: string }
  | { readonly at: 'proved'; readonly proof: Proof };

// For one person, wherever the tries come from: who knows the password and has many networks gets no more guesses by it.
const CODE_TRIES: Limit = { name: 'login-code', most: 20, withinMs: hours(1) };

/** Offers a code for an attempt that waits for a second factor. Throws `too-many`. */
export async function offerCode(ctx: Context, attempt: string, code: string, ip: string): Promise<CodeAnswer> {
  const tokenHash = fingerprint(`second-factor:${attempt}`);
  const counted = await countAttemptTry(ctx, tokenHash, ATTEMPT_TRIES);
  if (!counted) return { at: 'over' };
  const person = personOf(counted);
  const tries = { limit: CODE_TRIES, whom: nameOf(person) };
  await spendLimit(ctx, tries.limit, tries.whom);
  return ctx.transaction(async (tx) => {
    const holder = await holdHolder(tx, person);
    if (!holder || holder.disabled) return { at: 'over' };
    const factor = await spendCode(tx, holder, code);
    if (factor === undefined) return { at: 'wrong-code' };
    if (!(await endAttempt(tx, tokenHash))) return { at: 'over' };
    await forgetUses(tx, [tries]);
    const methods = [...counted.methods.split(','), factor];
    if (!holder.mustChangePassword) return { at: 'proved', proof: makeProof(person, methods, holder.hash) };
    return (await beginAttempt(tx, holder, 'new-password', methods, ip)) ?? { at: 'over' };
  });
}

/** The name of the factor whose code it was; the code is spent. */
async function spendCode(tx: Context, holder: Holder, code: string): Promise<string | undefined> {
  for (const factor of tx.factors) {
    if ((await factor.isSetUp(tx, holder.factor)) && (await factor.spend(tx, holder.factor, code))) return factor.name;
  }
  return undefined;
}

/** Whose attempt still waits for this step, a user's or an administrator's; undefined when none does. For its page. */
export async function waitingSide(
  ctx: Context,
  at: 'second-factor' | 'new-password',
  attempt: string,
): Promise<Side | undefined> {
  const row = await findAttempt(ctx, fingerprint(`${at}:${attempt}`));
  if (row === undefined || row.tries >= ATTEMPT_TRIES) return undefined;
  return personOf(row).kind;
}

/** Sets the new password that was asked for at sign-in, and so ends the sign-in. Throws invalid, or not-allowed `attempt-over`. */
export async function chooseNewPassword(ctx: Context, attempt: string, password: string, ip: string): Promise<Proof> {
  const tokenHash = fingerprint(`new-password:${attempt}`);
  const waiting = await findAttempt(ctx, tokenHash);
  if (!waiting?.user_id) throw notAllowed('attempt-over');
  const user = await userOf(ctx, waiting.user_id);
  await requireGoodPassword(ctx, password, [user.email, user.firstName, user.lastName]);
  const hash = await ctx.passwords.seal(password);
  return ctx.transaction(async (tx) => {
    const holder = await holdHolder(tx, { kind: 'user', userId: user.id });
    if (!holder || holder.disabled || !(await endAttempt(tx, tokenHash))) throw notAllowed('attempt-over');
    await storePassword(tx, holderActor(holder, ip), user.id, hash, { event: 'user.password.changed' });
    await tellPasswordChanged(tx, { user_id: user.id, administrator_id: null });
    return makeProof(holder.person, waiting.methods.split(','), hash);
  });
}

function personOf(row: AttemptRow): Person {
  if (row.user_id !== null) return { kind: 'user', userId: row.user_id };
  if (row.administrator_id !== null) return { kind: 'administrator', administratorId: row.administrator_id };
  throw new Error('a login attempt of nobody');
}

function nameOf(person: Person): string {
  return person.kind === 'user' ? `user ${person.userId}` : `administrator ${person.administratorId}`;
}

// What may still be due after the password: a second factor, a new password. The try is counted before it is checked,
// the attempt is spent in the transaction that lets somebody in.

import { requireGoodPassword } from '#domain/credentials/password-rule.ts';
import type { AttemptRow } from '#domain/login/attempts.table.ts';
import { countAttemptTry, endAttempt, findAttempt } from '#domain/login/attempts.table.ts';
import type { Holder } from '#domain/login/holder.ts';
import { holderActor, holderOf } from '#domain/login/holder.ts';
import { ATTEMPT_TRIES, beginAttempt } from '#domain/login/password-login.ts';
import type { Person, Proof } from '#domain/sessions/proof.ts';
import { makeProof } from '#domain/sessions/proof.ts';
import { storePassword, userOf } from '#domain/users/users.ts';
import { notAllowed } from '#kit/problem.ts';
import { fingerprint } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

/** Where the sign-in stands after a code. `over`: the attempt is spent or too old; the sign-in starts anew. */
export type CodeAnswer =
  | { readonly at: 'wrong-code' }
  | { readonly at: 'over' }
  | { readonly at: 'new-password'; readonly attempt: string }
  | { readonly at: 'proved'; readonly proof: Proof };

/** Offers a code for an attempt that waits for a second factor. */
export async function offerCode(ctx: Context, attempt: string, code: string, ip: string): Promise<CodeAnswer> {
  const tokenHash = fingerprint(`second-factor:${attempt}`);
  const counted = await countAttemptTry(ctx, tokenHash, ATTEMPT_TRIES);
  if (!counted) return { at: 'over' };
  const person = personOf(counted);
  const holder = await holderOf(ctx, person);
  if (holder.disabled) return { at: 'over' };
  const spent = await ctx.transaction(async (tx) => {
    for (const factor of tx.factors) {
      if ((await factor.isSetUp(tx, holder.factor)) && (await factor.spend(tx, holder.factor, code))) {
        return (await endAttempt(tx, tokenHash)) ? factor.name : undefined;
      }
    }
    return undefined;
  });
  if (spent === undefined) return { at: 'wrong-code' };
  const methods = [...counted.methods.split(','), spent];
  if (holder.mustChangePassword) return beginAttempt(ctx, holder, 'new-password', methods, ip);
  return { at: 'proved', proof: makeProof(person, methods) };
}

/** Whether an attempt still waits for this step; for drawing its page. */
export async function attemptWaits(
  ctx: Context,
  at: 'second-factor' | 'new-password',
  attempt: string,
): Promise<boolean> {
  const row = await findAttempt(ctx, fingerprint(`${at}:${attempt}`));
  return row !== undefined && row.tries < ATTEMPT_TRIES;
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
    if (!(await endAttempt(tx, tokenHash))) throw notAllowed('attempt-over');
    const holder: Holder = await holderOf(tx, { kind: 'user', userId: user.id });
    if (holder.disabled) throw notAllowed('attempt-over');
    await storePassword(tx, holderActor(holder, ip), user.id, hash, { event: 'user.password.changed' });
    return makeProof(holder.person, waiting.methods.split(','));
  });
}

function personOf(row: AttemptRow): Person {
  if (row.user_id !== null) return { kind: 'user', userId: row.user_id };
  if (row.administrator_id !== null) return { kind: 'administrator', administratorId: row.administrator_id };
  throw new Error('a login attempt of nobody');
}

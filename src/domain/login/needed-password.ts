// The step of a sign-in at which a new password has to be chosen, for users and for staff. No session exists yet. The one
// that they just signed in with is no new one: staff asked for another because somebody may know it.

import type { Administrator } from '#domain/administrators/administrators.ts';
import { administratorOf, storeAdministratorPassword } from '#domain/administrators/administrators.ts';
import { requireGoodPassword } from '#domain/credentials/password-rule.ts';
import { personOfAttempt, shownInAttempt } from '#domain/login/attempt-rows.ts';
import { endAttempt, findAttempt } from '#domain/login/attempts.table.ts';
import type { Holder } from '#domain/login/holder.ts';
import { findHolderById, holderActor, holdHolder } from '#domain/login/holder.ts';
import { tellPasswordChanged } from '#domain/login/password-links.ts';
import type { StepAnswer } from '#domain/login/steps.ts';
import { attemptHash, goOn } from '#domain/login/steps.ts';
import type { Person } from '#domain/sessions/proof.ts';
import type { User } from '#domain/users/users.ts';
import { storePassword, userOf } from '#domain/users/users.ts';
import { invalid, notAllowed } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/**
 * Sets the new password that was asked for at sign-in, spends the step and goes on. Throws invalid with the field
 * `password`, or not-allowed `attempt-over`.
 */
export async function chooseNeededPassword(
  ctx: Context,
  attempt: string,
  password: string,
  ip: string,
): Promise<StepAnswer> {
  const tokenHash = attemptHash('new-password', attempt);
  const waiting = await findAttempt(ctx, tokenHash);
  const before = waiting && (await findHolderById(ctx, personOfAttempt(waiting)));
  if (!waiting || !before) throw notAllowed('attempt-over');
  await requireGoodPassword(ctx, password, wordsOf(await whoIs(ctx, before.person)));
  if ((await ctx.passwords.check(password, before.hash)).matches) throw invalid({ password: 'password-same' });
  const hash = await ctx.passwords.seal(password);
  const holder = await ctx.transaction(async (tx) => {
    const held = await holdHolder(tx, before.person);
    if (!held || held.disabled || !(await endAttempt(tx, tokenHash))) throw notAllowed('attempt-over');
    await store(tx, held, hash, ip);
    return { ...held, hash, mustChangePassword: false };
  });
  return goOn(ctx, holder, shownInAttempt(waiting, ip), { isPersonThere: true });
}

async function store(tx: Context, held: Holder, hash: string, ip: string): Promise<void> {
  const { person } = held;
  const actor = holderActor(held, ip);
  switch (person.kind) {
    case 'user':
      await storePassword(tx, actor, person.userId, hash, { event: 'user.password.changed' });
      return tellPasswordChanged(tx, { user_id: person.userId, administrator_id: null });
    case 'administrator':
      await storeAdministratorPassword(tx, actor, person.administratorId, hash, { event: 'admin.password.changed' });
      return tellPasswordChanged(tx, { user_id: null, administrator_id: person.administratorId });
  }
}

async function whoIs(ctx: Context, person: Person): Promise<User | Administrator> {
  return person.kind === 'user' ? userOf(ctx, person.userId) : administratorOf(ctx, person.administratorId);
}

function wordsOf(one: User | Administrator): string[] {
  return [one.email, one.firstName, one.lastName, ...('username' in one ? [one.username] : [])];
}

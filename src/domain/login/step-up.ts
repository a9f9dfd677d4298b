// Asking again who somebody is, before what whoever sits down at an open browser, or stole its cookie, should not be able
// to do: for a quarter of an hour after they last proved it nothing is asked (ASVS 5.0 V7.5.1, V7.5.3; behaviours.md,
// section 15, number 30). By the strongest factor that they have; by the password where they have none.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { Factor, FactorHolder, FactorResponse } from '#domain/credentials/factor.ts';
import { checkResponse, factorsOf, isFactorName } from '#domain/credentials/factors.ts';
import { forgetUses, spendLimit } from '#domain/guard/limits.ts';
import { findHolderById, holderActor, holdHolder, personOfHolder } from '#domain/login/holder.ts';
import { OWN_PASSWORD_TRIES } from '#domain/login/own-password-tries.ts';
import { noteProof } from '#domain/sessions/opening.ts';
import type { LastProof } from '#domain/sessions/signed-in.ts';
import { minutes } from '#kit/duration.ts';
import { invalid, notAllowed } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** For how long a proof is fresh. A form that was opened while it was may be sent for as long again: nothing typed is lost. */
export const FRESH_MS = minutes(15);

/** Whoever is signed in, and by which session. */
export type InSession = { readonly holder: FactorHolder; readonly sessionId: number; readonly lastProof: LastProof };

/**
 * Whether a session's person has proved lately enough who they are: by a factor, where they have one. `sending`: a form
 * that was opened before is sent now.
 */
export async function isFresh(ctx: Context, who: InSession, sending = false): Promise<boolean> {
  const { provenAt, provenBy } = who.lastProof;
  if (ctx.now() >= provenAt + FRESH_MS * (sending ? 2 : 1)) return false;
  return isFactorName(ctx, provenBy) || (await factorsOf(ctx, who.holder)).length === 0;
}

/** How a person is asked: by their factors, the strongest first, or by the password; `nothing` where they have neither. */
export type StepUpWays =
  | { readonly by: 'factors'; readonly factors: readonly Factor[] }
  | { readonly by: 'password' }
  | { readonly by: 'nothing' };

/** How this person is asked. */
export async function stepUpWays(ctx: Context, holder: FactorHolder): Promise<StepUpWays> {
  const factors = await factorsOf(ctx, holder);
  if (factors.length > 0) return { by: 'factors', factors };
  const person = await findHolderById(ctx, personOfHolder(holder));
  return { by: person?.hash === undefined ? 'nothing' : 'password' };
}

/**
 * Confirms by the password, for a person without a factor. Tries are counted. Throws invalid with the field `current`,
 * `too-many`, or not-allowed `step-up-stronger` when they have a factor.
 */
export async function confirmByPassword(ctx: Context, who: InSession, current: string, ip: string): Promise<void> {
  if (current === '') throw invalid({ current: 'current-password-missing' });
  const person = personOfHolder(who.holder);
  const tries = { limit: OWN_PASSWORD_TRIES, whom: `${who.holder.kind} ${who.holder.id}` };
  await spendLimit(ctx, tries.limit, tries.whom);
  const hash = (await findHolderById(ctx, person))?.hash;
  const check = await ctx.passwords.check(current, hash);
  if (!check.matches || hash === undefined) throw invalid({ current: 'current-password-wrong' });
  await ctx.transaction(async (tx) => {
    const held = await holdHolder(tx, person);
    if (!held || held.disabled || held.hash !== hash) throw invalid({ current: 'current-password-wrong' });
    if ((await factorsOf(tx, who.holder)).length > 0) throw notAllowed('step-up-stronger');
    await note(tx, holderActor(held, ip), who, 'password');
    await forgetUses(tx, [tries]);
  });
}

/**
 * Confirms by a factor. `name`: the one that was asked; without it, whichever takes typed codes. Tries are counted with
 * those of signing in. Throws invalid with the field `code`, or `too-many`.
 */
export async function confirmByFactor(
  ctx: Context,
  who: InSession,
  name: string | undefined,
  response: FactorResponse,
  ip: string,
): Promise<void> {
  const tries = { limit: OWN_FACTOR_TRIES, whom: `${who.holder.kind} ${who.holder.id}` };
  await spendLimit(ctx, tries.limit, tries.whom);
  const right = await checkResponse(ctx, who.holder, name, response);
  if (!right) throw invalid({ code: 'code-wrong' });
  await ctx.transaction(async (tx) => {
    const held = await holdHolder(tx, personOfHolder(who.holder));
    if (!held || held.disabled || !(await right.spend(tx))) throw invalid({ code: 'code-wrong' });
    await note(tx, holderActor(held, ip), who, right.factor.name);
    await forgetUses(tx, [tries]);
  });
}

const OWN_FACTOR_TRIES = { name: 'own-factor', most: 10, withinMs: minutes(60) };

async function note(tx: Context, actor: Actor, who: InSession, by: string): Promise<void> {
  if (!(await noteProof(tx, who.sessionId, by))) throw notAllowed('login-refused');
  await audit(tx, actor, {
    event: who.holder.kind === 'user' ? 'user.session.confirmed' : 'admin.session.confirmed',
    description: `${actor.name} confirmed who they are (${by})`,
    details: { sessionId: who.sessionId, by },
  });
}

// The steps that may still be due after the first: a second factor, a new password, setting up a second factor. The try is
// counted before it is checked, what is spent is spent in the transaction that lets somebody on, and so is the attempt.

import type { Factor, FactorResponse } from '#domain/credentials/factor.ts';
import { checkResponse, factorsOf, factorsOffered } from '#domain/credentials/factors.ts';
import type { Limit } from '#domain/guard/limits.ts';
import { forgetUses, spentLimit } from '#domain/guard/limits.ts';
import { personOfAttempt, shownInAttempt } from '#domain/login/attempt-rows.ts';
import type { AttemptRow } from '#domain/login/attempts.table.ts';
import { countAttemptTry, endAttempt, findAttempt } from '#domain/login/attempts.table.ts';
import type { Holder, Side } from '#domain/login/holder.ts';
import { factorHolderOf, holdHolder } from '#domain/login/holder.ts';
import type { AttemptStep, Shown, StepAnswer } from '#domain/login/steps.ts';
import { ATTEMPT_TRIES, attemptHash, goOn } from '#domain/login/steps.ts';
import type { Person } from '#domain/sessions/proof.ts';
import { hours } from '#kit/duration.ts';
import { notAllowed } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** Where the sign-in stands after a response. `over`: the attempt is spent or too old; the sign-in starts anew. */
export type ResponseAnswer = { readonly at: 'wrong' } | StepAnswer;

// For one person, wherever the tries come from: who knows the password and has many networks gets no more guesses by it
// (ASVS 5.0 V6.6.3).
const RESPONSE_TRIES: Limit = { name: 'login-code', most: 20, withinMs: hours(1) };

/**
 * Offers a response to a second factor for an attempt that waits for one. `name`: the factor that was asked; without it,
 * whichever takes typed codes. `how.trust`: they ticked that this browser need not be asked again. `how.side`: the door that
 * asks; what waits at the other is none of its. Throws `too-many`.
 */
export async function offerFactor(
  ctx: Context,
  attempt: string,
  name: string | undefined,
  response: FactorResponse,
  ip: string,
  how: { readonly trust?: boolean; readonly side?: Side } = {},
): Promise<ResponseAnswer> {
  const { trust = false, side } = how;
  const tokenHash = attemptHash('second-factor', attempt);
  const counted = await countResponse(ctx, tokenHash);
  if (!counted) return { at: 'over' };
  const person = personOfAttempt(counted);
  if (side !== undefined && person.kind !== side) return { at: 'over' };
  const right = await checkResponse(ctx, factorHolderOf(person), name, response);
  if (!right) return { at: 'wrong' };
  const spent = await ctx.transaction(async (tx): Promise<'wrong' | 'over' | { holder: Holder; shown: Shown }> => {
    const holder = await holdHolder(tx, person);
    if (!holder || holder.disabled) return 'over';
    if (!(await right.spend(tx))) return 'wrong';
    if (!(await endAttempt(tx, tokenHash))) return 'over';
    await forgetUses(tx, [{ limit: RESPONSE_TRIES, whom: nameOf(person) }]);
    const shown = shownInAttempt(counted, ip, right.factor.name);
    return { holder, shown: { ...shown, trust: trust || shown.trust } };
  });
  if (spent === 'wrong' || spent === 'over') return { at: spent };
  return goOn(ctx, spent.holder, spent.shown, { isPersonThere: true });
}

/**
 * Counts a try before it is looked at, for the attempt and for its person: both, in one commit, also where it is one too many.
 * The attempt, while it may be tried; throws `too-many`.
 */
async function countResponse(ctx: Context, tokenHash: string): Promise<AttemptRow | undefined> {
  const counted = await ctx.transaction(async (tx) => {
    const attempt = await countAttemptTry(tx, tokenHash, ATTEMPT_TRIES);
    return attempt && { attempt, refusal: await spentLimit(tx, RESPONSE_TRIES, nameOf(personOfAttempt(attempt))) };
  });
  if (counted?.refusal) throw counted.refusal;
  return counted?.attempt;
}

/** A sign-in that waits for a step: at which of the two doors, and whose it is. */
export type Waiting = { readonly side: Side; readonly person: Person; readonly factors: readonly Factor[] };

/**
 * What an attempt waits for at this step, for its page: whose it is, and the factors that they have (`second-factor`) or may
 * set up (`factor-set-up`), the strongest first. Undefined when none waits.
 */
export async function waitingFor(
  ctx: Context,
  step: 'second-factor' | 'factor-set-up',
  attempt: string,
): Promise<Waiting | undefined> {
  const row = await findAttempt(ctx, attemptHash(step, attempt));
  if (!row || row.tries >= triesOf(step)) return undefined;
  const person = personOfAttempt(row);
  const holder = factorHolderOf(person);
  const factors = step === 'second-factor' ? await factorsOf(ctx, holder) : await factorsOffered(ctx, holder.kind);
  return { side: person.kind, person, factors };
}

/** Whose attempt still waits for this step, a user's or an administrator's; undefined when none does. For its page. */
export async function waitingSide(ctx: Context, step: AttemptStep, attempt: string): Promise<Side | undefined> {
  const row = await findAttempt(ctx, attemptHash(step, attempt));
  return row && row.tries < triesOf(step) ? personOfAttempt(row).kind : undefined;
}

/**
 * Sets up the second factor without which this sign-in goes no further. `enrol` stores it in the given transaction, tells
 * of it (factor-changes.ts) and answers its name, or throws. Throws not-allowed `attempt-over`.
 */
export async function setUpDuringSignIn(
  ctx: Context,
  attempt: string,
  ip: string,
  enrol: (tx: Context, holder: Holder) => Promise<string>,
): Promise<StepAnswer> {
  const tokenHash = attemptHash('factor-set-up', attempt);
  const counted = await countAttemptTry(ctx, tokenHash, SET_UP_TRIES);
  if (!counted) throw notAllowed('attempt-over');
  const { holder, shown } = await ctx.transaction(async (tx) => {
    const held = await holdHolder(tx, personOfAttempt(counted));
    // Set up elsewhere meanwhile: then that one is due, and nobody adds another by the password alone.
    if (!held || held.disabled || (await factorsOf(tx, held.factor)).length > 0) throw notAllowed('attempt-over');
    if (!(await endAttempt(tx, tokenHash))) throw notAllowed('attempt-over');
    const name = await enrol(tx, held);
    return { holder: held, shown: shownInAttempt(counted, ip, name) };
  });
  return goOn(ctx, holder, shown, { isPersonThere: true });
}

/**
 * Goes on with a sign-in that waits for a second factor, once what stands in for it was done: `instead` does it in the given
 * transaction, or throws. For domain/recovery alone. Throws not-allowed `attempt-over`.
 */
export async function passSecondFactor(
  ctx: Context,
  attempt: string,
  ip: string,
  instead: (tx: Context, holder: Holder) => Promise<void>,
): Promise<StepAnswer> {
  const tokenHash = attemptHash('second-factor', attempt);
  const counted = await countAttemptTry(ctx, tokenHash, ATTEMPT_TRIES);
  if (!counted) throw notAllowed('attempt-over');
  const { holder, shown } = await ctx.transaction(async (tx) => {
    const held = await holdHolder(tx, personOfAttempt(counted));
    if (!held || held.disabled || !(await endAttempt(tx, tokenHash))) throw notAllowed('attempt-over');
    await instead(tx, held);
    return { holder: held, shown: shownInAttempt(counted, ip) };
  });
  return goOn(ctx, holder, shown, { isPersonThere: true });
}

// Typing the first code of a new authenticator goes wrong more often, and guards nothing yet.
const SET_UP_TRIES = 20;

function triesOf(step: AttemptStep): number {
  return step === 'factor-set-up' ? SET_UP_TRIES : ATTEMPT_TRIES;
}

function nameOf(person: Person): string {
  return person.kind === 'user' ? `user ${person.userId}` : `administrator ${person.administratorId}`;
}

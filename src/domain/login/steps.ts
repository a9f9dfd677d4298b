// What follows once somebody has shown who they are by a first factor, whichever it was: what is still due, and where the
// sign-in waits for it. No session exists before all of it is done (architecture: no session without a Proof).

import type { Factor } from '#domain/credentials/factor.ts';
import {
  factorDueAt,
  hasSecondFactor,
  showedSecondFactor,
  strongestFactor,
  TRUSTED_DEVICE,
} from '#domain/credentials/factors.ts';
import type { KnownDevice } from '#domain/devices/devices.ts';
import { knownDevice } from '#domain/devices/devices.ts';
import { insertAttempt } from '#domain/login/attempts.table.ts';
import type { Holder } from '#domain/login/holder.ts';
import { holdHolder } from '#domain/login/holder.ts';
import type { Person, Proof } from '#domain/sessions/proof.ts';
import { makeProof } from '#domain/sessions/proof.ts';
import { minutes } from '#kit/duration.ts';
import { fingerprint, randomToken } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

/** How long an attempt waits for its next step, and how many tries it has (behaviours.md, section 15, number 7). */
export const ATTEMPT_MS = minutes(10);
export const ATTEMPT_TRIES = 5;

/** What the method of a sign-in with another site begins with; the name of the site follows (federation). */
export const FEDERATED = 'federated:';

/** What may be due before a session is opened, in this order. */
export type DueStep = 'second-factor' | 'new-password' | 'factor-set-up';
/** What a sign-in under way may wait for; `confirmation`: that the address is confirmed by its letter. */
export type AttemptStep = DueStep | 'confirmation';

/**
 * What was shown so far in this sign-in. `remember`: they ticked "remember me"; `trust`: that this browser need not be asked
 * for the second factor again; `device`: the cookie that the browser is known by, if it may be trusted already.
 */
export type Shown = {
  readonly methods: readonly string[];
  readonly ip: string;
  readonly remember: boolean;
  readonly trust?: boolean;
  readonly device?: string | undefined;
};

/**
 * Where a sign-in stands. `strongest`: the factor to ask for first. `over`: the person was deactivated, or their password
 * changed, meanwhile.
 */
export type StepAnswer =
  | { readonly at: 'second-factor'; readonly attempt: string; readonly person: Person; readonly strongest: Factor }
  | { readonly at: Exclude<DueStep, 'second-factor'>; readonly attempt: string; readonly person: Person }
  | { readonly at: 'over' }
  | { readonly at: 'proved'; readonly proof: Proof; readonly remember: boolean; readonly trust: boolean };

/**
 * Goes on with the sign-in of a person after what was shown: keeps it waiting for what is due, or answers the Proof.
 * `begun` runs in the transaction that keeps it waiting; `known`: what the browser is to them, where that was looked at.
 */
export async function goOn(
  ctx: Context,
  holder: Holder,
  given: Shown,
  how: {
    readonly isPersonThere: boolean;
    readonly begun?: (tx: Context) => Promise<void>;
    readonly known?: { readonly device: KnownDevice | undefined };
  },
): Promise<StepAnswer> {
  const strongest = showedSecondFactor(ctx, given.methods) ? undefined : await strongestFactor(ctx, holder.factor);
  const shown = strongest ? await withTrust(ctx, holder, given, how.known) : given;
  const due = await stepDue(ctx, holder, shown, how.isPersonThere, strongest !== undefined);
  if (!due) {
    const proof = makeProof(holder.person, shown.methods, holder.hash ?? ''); // of nobody: that they had none
    return { at: 'proved', proof, remember: shown.remember, trust: shown.trust ?? false };
  }
  const begun = await ctx.transaction(async (tx) => {
    const attempt = await beginAttempt(tx, holder, due, shown);
    if (attempt) await how.begun?.(tx);
    return attempt;
  });
  if (!begun) return { at: 'over' };
  const { attempt, person } = begun;
  if (due !== 'second-factor') return { at: due, attempt, person };
  if (!strongest) throw new Error('a second factor is due from somebody who has none');
  return { at: due, attempt, person, strongest };
}

/**
 * Of somebody who has a second factor: what was shown, and that it was shown on this browser some time before, where they
 * trust it. Where a new password is due, the factor is asked all the same: choosing one ends every trust.
 */
async function withTrust(
  ctx: Context,
  holder: Holder,
  shown: Shown,
  looked: { readonly device: KnownDevice | undefined } | undefined,
): Promise<Shown> {
  if (shown.device === undefined || holder.mustChangePassword) return shown;
  const known = looked ? looked.device : await knownDevice(ctx, holder.factor, shown.device);
  if (known?.trustedUntil === undefined) return shown;
  return { ...shown, methods: [...shown.methods, TRUSTED_DEVICE] };
}

/**
 * What is due before a session may be opened. A program can choose no password, and no page shows it how to set up a factor.
 * `held`: whether they have a second factor, where that is known already.
 */
export async function stepDue(
  ctx: Context,
  holder: Holder,
  shown: Shown,
  isPersonThere: boolean,
  held?: boolean,
): Promise<DueStep | undefined> {
  const showed = showedSecondFactor(ctx, shown.methods);
  if (!showed && (held ?? (await hasSecondFactor(ctx, holder.factor)))) return 'second-factor';
  // Whoever came by another site did not show the old password: nobody sets one here without it, or a letter.
  const byOther = shown.methods.some((method) => method.startsWith(FEDERATED));
  if (holder.mustChangePassword && holder.hash !== undefined && isPersonThere && !byOther) return 'new-password';
  if (showed) return undefined;
  const dueAt = await factorDueAt(ctx, holder.factor);
  return dueAt !== undefined && dueAt <= ctx.now() ? 'factor-set-up' : undefined;
}

/**
 * Keeps where the sign-in stands; no session exists yet. Undefined when the person was deactivated, or their password
 * changed, since `holder` was read: what that ends must not begin afterwards. Call it in a transaction.
 */
export async function beginAttempt<At extends AttemptStep>(
  tx: Context,
  holder: Holder,
  at: At,
  shown: Shown,
): Promise<{ at: At; attempt: string; person: Person } | undefined> {
  const now = await holdHolder(tx, holder.person);
  if (!now || now.disabled || now.hash !== holder.hash) return undefined;
  const attempt = randomToken();
  await insertAttempt(tx, {
    token_hash: attemptHash(at, attempt),
    user_id: holder.person.kind === 'user' ? holder.person.userId : null,
    administrator_id: holder.person.kind === 'administrator' ? holder.person.administratorId : null,
    methods: shown.methods.join(','),
    tries: 0,
    remember: shown.remember ? 1 : 0,
    trust: shown.trust ? 1 : 0,
    ip: shown.ip,
    created_at: tx.now(),
    expires_at: tx.now() + ATTEMPT_MS,
  });
  return { at, attempt, person: holder.person };
}

/** The stored name of an attempt: a token of one step opens no other. */
export function attemptHash(at: AttemptStep, attempt: string): string {
  return fingerprint(`${at}:${attempt}`);
}

// The first step of every sign-in by password: the pages and ValidateLogin alike. All refusals are one answer, and cost
// the same work, whether the person exists, has a password, or is deactivated (ASVS 5.0 V6.3.8).

import { strangerActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { insertAttempt } from '#domain/login/attempts.table.ts';
import type { Holder, Side } from '#domain/login/holder.ts';
import { findHolder, holderActor, holdHolder, upgradeHolder } from '#domain/login/holder.ts';
import type { CountedTry, Source } from '#domain/login/tries.ts';
import { countTry } from '#domain/login/tries.ts';
import type { Person, Proof } from '#domain/sessions/proof.ts';
import { makeProof } from '#domain/sessions/proof.ts';
import { minutes } from '#kit/duration.ts';
import { fingerprint, randomToken } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

/** How long an attempt waits for its next step, and how many tries it has (behaviours.md, section 15, number 7). */
export const ATTEMPT_MS = minutes(10);
export const ATTEMPT_TRIES = 5;

/** What a sign-in under way may wait for; `confirmation`: that the address is confirmed by its letter. */
export type AttemptStep = 'second-factor' | 'new-password' | 'confirmation';

/** What is offered. */
export type PasswordOffer = {
  readonly side: Side;
  readonly name: string;
  readonly password: string;
  readonly source: Source;
  /** The visitor's address for the log, or the program's. */
  readonly ip: string;
  /** Whether somebody is there who can choose a new password when one is due. */
  readonly canChoosePassword: boolean;
};

/** Where the sign-in stands after the password. `attempt` is the token of the next step. */
export type PasswordAnswer =
  | { readonly at: 'refused' }
  | { readonly at: 'second-factor'; readonly attempt: string; readonly person: Person }
  | { readonly at: 'new-password'; readonly attempt: string; readonly person: Person }
  | { readonly at: 'proved'; readonly proof: Proof; readonly counted: CountedTry };

/** Offers a name and a password. Throws `too-many`, or `unavailable` when too many hashes wait already. */
export async function offerPassword(ctx: Context, offer: PasswordOffer): Promise<PasswordAnswer> {
  const holder = await findHolder(ctx, offer.side, offer.name);
  const counted = await countTry(ctx, offer.side, offer.name, offer.source, holder);
  const check = await ctx.passwords.check(offer.password, holder?.hash).catch(async (error: unknown) => {
    await counted.notLookedAt();
    throw error;
  });
  if (!holder?.hash || !check.matches || holder.disabled) return refuse(ctx, offer, holder);
  const hash = check.outdated ? await renewHash(ctx, holder, holder.hash, offer.password) : holder.hash;
  const proved = { ...holder, hash };
  const next = await nextStep(ctx, proved, offer.canChoosePassword);
  if (!next) return { at: 'proved', proof: makeProof(holder.person, ['password'], hash), counted };
  const begun = await ctx.transaction(async (tx) => {
    const attempt = await beginAttempt(tx, proved, next, ['password'], offer.ip);
    if (attempt) await counted.right(tx);
    return attempt;
  });
  return begun ?? refuse(ctx, offer, holder);
}

/** What is due before a session may be opened. */
async function nextStep(
  ctx: Context,
  holder: Holder,
  canChoosePassword: boolean,
): Promise<'second-factor' | 'new-password' | undefined> {
  if (await secondFactorIsDue(ctx, holder)) return 'second-factor';
  return holder.mustChangePassword && canChoosePassword ? 'new-password' : undefined;
}

/** Whether this person has a second factor set up, whatever it is. */
export async function secondFactorIsDue(ctx: Context, holder: Holder): Promise<boolean> {
  for (const factor of ctx.factors) {
    if (await factor.isSetUp(ctx, holder.factor)) return true;
  }
  return false;
}

/**
 * Keeps where the sign-in stands; no session exists yet. Undefined when the person was deactivated, or their password
 * changed, since `holder` was read: what that ends must not begin afterwards. Call it in a transaction.
 */
export async function beginAttempt<At extends AttemptStep>(
  tx: Context,
  holder: Holder,
  at: At,
  methods: readonly string[],
  ip: string,
): Promise<{ at: At; attempt: string; person: Person } | undefined> {
  const now = await holdHolder(tx, holder.person);
  if (!now || now.disabled || now.hash !== holder.hash) return undefined;
  const attempt = randomToken();
  await insertAttempt(tx, {
    token_hash: fingerprint(`${at}:${attempt}`), // a token of one step opens no other
    user_id: holder.person.kind === 'user' ? holder.person.userId : null,
    administrator_id: holder.person.kind === 'administrator' ? holder.person.administratorId : null,
    methods: methods.join(','),
    tries: 0,
    ip,
    created_at: tx.now(),
    expires_at: tx.now() + ATTEMPT_MS,
  });
  return { at, attempt, person: holder.person };
}

async function refuse(ctx: Context, offer: PasswordOffer, holder: Holder | undefined): Promise<{ at: 'refused' }> {
  await audit(ctx, strangerActor(offer.ip), {
    event: offer.side === 'user' ? 'user.login.failed' : 'admin.login.failed',
    description: holder ? `A sign-in as ${holder.label} failed` : 'A sign-in under an unknown name failed',
    ...(holder ? { userId: idOf(holder, 'user'), administratorId: idOf(holder, 'administrator') } : {}),
    details: {
      reason: !holder ? 'unknown' : holder.disabled ? 'deactivated' : holder.hash ? 'password' : 'no-password',
    },
  });
  return { at: 'refused' };
}

function idOf(holder: Holder, side: Side): number | undefined {
  return holder.factor.kind === side ? holder.factor.id : undefined;
}

/** Brings the stored password to the format of today. Answers the one that is stored now and that `password` matches. */
async function renewHash(ctx: Context, holder: Holder, before: string, password: string): Promise<string> {
  const after = await ctx.passwords.seal(password).catch((error: unknown) => {
    ctx.log.warn({ err: error }, 'a password could not be sealed anew; the old form stays until the next sign-in');
    return undefined;
  });
  if (after === undefined) return before;
  const replaced = await ctx.transaction(async (tx) => {
    if (!(await upgradeHolder(tx, holder.person, before, after))) return false;
    await audit(tx, holderActor(holder, ''), {
      event: 'password.format_upgraded',
      description: 'A stored password was brought to the format of today',
    });
    return true;
  });
  return replaced ? after : storedNow(ctx, holder, before, password);
}

/** Somebody was quicker: another sign-in with the same password, which is as good, or a change of it, which is not. */
async function storedNow(ctx: Context, holder: Holder, before: string, password: string): Promise<string> {
  const now = await ctx.transaction(async (tx) => (await holdHolder(tx, holder.person))?.hash);
  return now !== undefined && (await ctx.passwords.check(password, now)).matches ? now : before;
}

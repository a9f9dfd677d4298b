// The first step of every sign-in by password: the pages and ValidateLogin alike. All refusals are one answer, and cost
// the same work, whether the person exists, has a password, or is deactivated (ASVS 5.0 V6.3.8).

import { strangerActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { insertAttempt } from '#domain/login/attempts.table.ts';
import type { Holder, Side } from '#domain/login/holder.ts';
import { findHolder, holderActor, upgradeHolder } from '#domain/login/holder.ts';
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
  const check = await ctx.passwords.check(offer.password, holder?.hash);
  if (!holder || !check.matches || holder.disabled) {
    await refuse(ctx, offer, holder, counted);
    return { at: 'refused' };
  }
  if (check.outdated && holder.hash) await renewHash(ctx, holder, holder.hash, offer.password);
  if (await secondFactorIsDue(ctx, holder)) return beginAttempt(ctx, holder, 'second-factor', ['password'], offer.ip);
  if (holder.mustChangePassword && offer.canChoosePassword)
    return beginAttempt(ctx, holder, 'new-password', ['password'], offer.ip);
  return { at: 'proved', proof: makeProof(holder.person, ['password']), counted };
}

/** Whether this person has a second factor set up, whatever it is. */
export async function secondFactorIsDue(ctx: Context, holder: Holder): Promise<boolean> {
  for (const factor of ctx.factors) {
    if (await factor.isSetUp(ctx, holder.factor)) return true;
  }
  return false;
}

/** Keeps where the sign-in stands; no session exists yet. */
export async function beginAttempt<At extends 'second-factor' | 'new-password'>(
  ctx: Context,
  holder: Holder,
  at: At,
  methods: readonly string[],
  ip: string,
): Promise<{ at: At; attempt: string; person: Person }> {
  const attempt = randomToken();
  await insertAttempt(ctx, {
    token_hash: fingerprint(`${at}:${attempt}`), // a token of one step opens no other
    user_id: holder.person.kind === 'user' ? holder.person.userId : null,
    administrator_id: holder.person.kind === 'administrator' ? holder.person.administratorId : null,
    methods: methods.join(','),
    tries: 0,
    ip,
    created_at: ctx.now(),
    expires_at: ctx.now() + ATTEMPT_MS,
  });
  return { at, attempt, person: holder.person };
}

async function refuse(
  ctx: Context,
  offer: PasswordOffer,
  holder: Holder | undefined,
  counted: CountedTry,
): Promise<void> {
  await counted.failed();
  await audit(ctx, strangerActor(offer.ip), {
    event: offer.side === 'user' ? 'user.login.failed' : 'admin.login.failed',
    description: holder ? `A sign-in as ${holder.label} failed` : 'A sign-in under an unknown name failed',
    ...(holder ? { userId: idOf(holder, 'user'), administratorId: idOf(holder, 'administrator') } : {}),
    details: {
      reason: !holder ? 'unknown' : holder.disabled ? 'deactivated' : holder.hash ? 'password' : 'no-password',
    },
  });
}

function idOf(holder: Holder, side: Side): number | undefined {
  return holder.factor.kind === side ? holder.factor.id : undefined;
}

async function renewHash(ctx: Context, holder: Holder, before: string, password: string): Promise<void> {
  const after = await ctx.passwords.seal(password).catch((error: unknown) => {
    ctx.log.warn({ err: error }, 'a password could not be sealed anew; the old form stays until the next sign-in');
    return undefined;
  });
  if (after === undefined) return;
  await upgradeHolder(ctx, holder.person, before, after);
  await audit(ctx, holderActor(holder, ''), {
    event: 'password.format_upgraded',
    description: 'A stored password was brought to the format of today',
  });
}

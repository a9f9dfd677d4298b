// The first step of every sign-in by password: the pages and ValidateLogin alike. All refusals are one answer, and cost
// the same work, whether the person exists, has a password, or is deactivated (ASVS 5.0 V6.3.8).

import { strangerActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { knownDevice } from '#domain/devices/devices.ts';
import { afterFailedTry } from '#domain/login/failed-tries.ts';
import type { Holder, Side } from '#domain/login/holder.ts';
import { findHolder, holderActor, holdHolder, upgradeHolder } from '#domain/login/holder.ts';
import type { StepAnswer } from '#domain/login/steps.ts';
import { goOn } from '#domain/login/steps.ts';
import type { CountedTry, Source } from '#domain/login/tries.ts';
import { countTry, deviceName } from '#domain/login/tries.ts';
import { takeIn, voucherFor } from '#domain/login/vouched-user.ts';
import type { Context } from '#src/context.ts';

/** What is offered. */
export type PasswordOffer = {
  readonly side: Side;
  readonly name: string;
  readonly password: string;
  readonly source: Source;
  /** The visitor's address for the log, or the program's. */
  readonly ip: string;
  /** Whether somebody is there who can choose a new password, or set up a second factor, when that is due. */
  readonly isPersonThere: boolean;
  /** Whether they ticked "remember me". */
  readonly remember?: boolean;
  /** The cookie that the browser is known by, if it has one (topic devices). */
  readonly device?: string | undefined;
};

/** Where the sign-in stands after the password. `attempt` is the token of the next step. */
export type PasswordAnswer =
  | { readonly at: 'refused' }
  | Exclude<StepAnswer, { at: 'proved' | 'over' }>
  | (Extract<StepAnswer, { at: 'proved' }> & { readonly counted: CountedTry });

/** Offers a name and a password. Throws `too-many`, or `unavailable` when too many hashes wait already. */
export async function offerPassword(ctx: Context, offer: PasswordOffer): Promise<PasswordAnswer> {
  const holder = await findHolder(ctx, offer.side, offer.name);
  // Looked for also where nobody has the name: the same work whoever is asked for.
  const known = await knownDevice(ctx, holder?.factor, offer.device);
  const counted = await countTry(
    ctx,
    offer.side,
    offer.name,
    offer.source,
    holder,
    known && deviceName(known.deviceId),
  );
  const voucher = await voucherFor(ctx, offer);
  const stored = holder ? holder.hash : voucher?.vouched.passwordHash;
  const check = await ctx.passwords.check(offer.password, stored, laneOf(offer.side)).catch(async (error: unknown) => {
    await counted.notLookedAt();
    throw error;
  });
  if (!check.matches) return refuse(ctx, offer, holder);
  const who = holder ?? (voucher && (await takeIn(ctx, offer, voucher)));
  if (!who?.hash || who.disabled) return refuse(ctx, offer, holder);
  const hash = holder && check.outdated ? await renewHash(ctx, who, who.hash, offer.password) : who.hash;
  const { ip, device, remember = false } = offer;
  const shown = { methods: ['password'], ip, remember, device };
  const next = await goOn(ctx, { ...who, hash }, shown, {
    isPersonThere: offer.isPersonThere,
    begun: (tx) => counted.right(tx),
    ...(holder ? { known: { device: known } } : {}),
  });
  if (next.at === 'over') return refuse(ctx, offer, who);
  return next.at === 'proved' ? { ...next, counted } : next;
}

/** A flood at the customers' door does not keep staff out. */
function laneOf(side: Side): 'usual' | 'staff' {
  return side === 'administrator' ? 'staff' : 'usual';
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
  await afterFailedTry(ctx, offer, holder);
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

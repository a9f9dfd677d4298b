// Signing in by a passkey alone: something one has and something one is or knows, checked by the authenticator. Who it is of
// tells the passkey, so there is no name to count tries under; there is nothing to guess either. What is counted is a network.

import { strangerActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import { checkAnswer, doPasskeysSignIn, PASSKEY } from '#domain/credentials/passkeys.ts';
import type { Limit } from '#domain/guard/limits.ts';
import { giveBack, spendLimits } from '#domain/guard/limits.ts';
import type { Holder, Side } from '#domain/login/holder.ts';
import { holdHolder, personOfHolder } from '#domain/login/holder.ts';
import type { StepAnswer } from '#domain/login/steps.ts';
import { goOn } from '#domain/login/steps.ts';
import { networkName } from '#kit/address.ts';
import { minutes } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';

/** What is offered at which door. `token` and `response`: what the form of `askForAnswer` sent. */
export type PasskeyOffer = {
  readonly side: Side;
  readonly token: string;
  readonly response: string;
  readonly browser: string;
  readonly ip: string;
  /** Whether they ticked "remember me". */
  readonly remember: boolean;
};

/**
 * Where the sign-in stands. All refusals are one (ASVS 5.0 V6.3.8), but that the page was open too long: that depends on
 * nobody.
 */
export type PasskeyAnswer = { readonly at: 'refused'; readonly why: 'expired' | 'wrong' } | StepAnswer;

/** For a whole network, which may be a company or town; what succeeded is not counted (ASVS 5.0 V6.3.1). */
const NETWORK_TRIES: Limit = { name: 'login-passkey', most: 100, withinMs: minutes(15) };

/** Offers a passkey as the first and only factor. Throws `too-many`. */
export async function offerPasskey(ctx: Context, offer: PasskeyOffer): Promise<PasskeyAnswer> {
  const uses = await spendLimits(ctx, [{ limit: NETWORK_TRIES, whom: networkName(offer.ip) }]);
  if (!(await doPasskeysSignIn(ctx, offer.side))) return refuse(ctx, offer, 'not-offered', undefined);
  const asking = { purpose: 'sign-in', side: offer.side, whose: undefined, browser: offer.browser } as const;
  const checked = await checkAnswer(ctx, asking, offer.token, offer.response);
  if (checked.is === 'wrong') return refuse(ctx, offer, checked.why, undefined);
  const holder = await ctx.transaction(async (tx): Promise<Holder | 'deactivated' | 'spent'> => {
    const held = await holdHolder(tx, personOfHolder(checked.holder));
    if (!held || held.disabled) return 'deactivated';
    if (!(await checked.spend(tx))) return 'spent';
    await giveBack(tx, uses);
    return held;
  });
  if (typeof holder === 'string') return refuse(ctx, offer, holder, checked.holder);
  const shown = { methods: [PASSKEY], ip: offer.ip, remember: offer.remember };
  return goOn(ctx, holder, shown, { isPersonThere: true });
}

async function refuse(
  ctx: Context,
  { side, ip }: PasskeyOffer,
  reason: string,
  holder: FactorHolder | undefined,
): Promise<PasskeyAnswer> {
  await audit(ctx, strangerActor(ip), {
    event: side === 'user' ? 'user.login.failed' : 'admin.login.failed',
    description: 'A sign-in by a passkey failed',
    ...(holder && (holder.kind === 'user' ? { userId: holder.id } : { administratorId: holder.id })),
    details: { reason, method: PASSKEY },
  });
  return { at: 'refused', why: reason === 'expired' ? 'expired' : 'wrong' };
}

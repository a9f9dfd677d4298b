// Signing somebody in again by the cookie of "remember me", when their session ran out. It proves nothing anew: what asks for
// a fresh proof asks again, and a second factor counts as shown only where the sign-in that asked for it showed one.

import { strangerActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { ofHolder } from '#domain/credentials/factor.ts';
import { TRUSTED_DEVICE } from '#domain/credentials/factors.ts';
import { followingSecret } from '#domain/devices/device-cookie.ts';
import { isTrustedOn } from '#domain/devices/devices.ts';
import type { RememberCookie, Remembered } from '#domain/devices/remembered.ts';
import { findRemembered, forgetRemembered, REMEMBERED, turnRemembered } from '#domain/devices/remembered.ts';
import type { Sitting } from '#domain/login/browser-letters.ts';
import { sittingOf, tellCopied } from '#domain/login/browser-letters.ts';
import type { Holder, Side } from '#domain/login/holder.ts';
import { holdHolder, personOfHolder } from '#domain/login/holder.ts';
import { signInHeld } from '#domain/login/sign-in.ts';
import { stepDue } from '#domain/login/steps.ts';
import { endStolenSessions } from '#domain/sessions/browsers.ts';
import { makeProof } from '#domain/sessions/proof.ts';
import { mayBeUsedFrom } from '#domain/sessions/signed-in.ts';
import { Problem } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/**
 * What presenting the cookie comes to.
 * - `restored`: a session, and the cookie that takes the place of this one. Requests that presented the same at once get the
 *   same of both
 * - `stolen`: somebody else has a copy; nobody is signed in by it any more, and the person was told
 * - `elsewhere`: the operator holds sessions to the address they were opened at, and this is another
 * - `over`: it opens nothing
 */
export type Restored =
  | { readonly at: 'restored'; readonly token: string; readonly cookie: RememberCookie }
  | { readonly at: 'stolen' | 'elsewhere' | 'over' };

/** Where the request comes from. */
export type From = { readonly ip: string; readonly userAgent: string };

/** Restores a session by the cookie of one side. */
export async function restoreRemembered(ctx: Context, side: Side, cookie: string, from: From): Promise<Restored> {
  const found = await findRemembered(ctx, cookie);
  if (found?.holder.kind !== side) return { at: 'over' };
  if (!(await mayBeUsedFrom(ctx, side, found.ip, from.ip))) return { at: 'elsewhere' };
  const sitting = await sittingOf(ctx, from); // for the letter, should it be stolen
  try {
    return await ctx.transaction(async (tx) => restoreHeld(tx, found, cookie, from, sitting));
  } catch (error) {
    if (error instanceof Problem) return { at: 'over' }; // such as an address that has to be confirmed first
    throw error;
  }
}

async function restoreHeld(
  tx: Context,
  { holder: of }: Remembered,
  cookie: string,
  from: From,
  sitting: Sitting,
): Promise<Restored> {
  const holder = await holdHolder(tx, personOfHolder(of));
  if (!holder) return { at: 'over' };
  const turned = await turnRemembered(tx, cookie, from.ip);
  // Of requests that come at once the first opens the session; the others are given its token, which follows from the cookie.
  const token = followingSecret(tx, 'remembered-session', cookie);
  switch (turned.at) {
    case 'over':
      return { at: 'over' };
    case 'stolen':
      await endCopied(tx, holder, turned.is, from, sitting);
      return { at: 'stolen' };
    case 'just-turned':
      return { at: 'restored', token, cookie: turned.next };
    case 'turned':
      return (await openAgain(tx, holder, turned.is, from, token))
        ? { at: 'restored', token, cookie: turned.next }
        : { at: 'over' };
  }
}

/** Opens the session; false, and forgets the browser, where the person may not sign in, or something is due before. */
async function openAgain(
  tx: Context,
  holder: Holder,
  is: Remembered,
  { ip, userAgent }: From,
  token: string,
): Promise<boolean> {
  // Where the factor was shown before that sign-in, and only the browser was trusted, it has to be trusted still.
  const isTrusted = is.methods.includes(TRUSTED_DEVICE) && (await isTrustedOn(tx, is.holder, is.deviceId));
  const methods = [REMEMBERED, ...is.methods.filter((method) => method !== TRUSTED_DEVICE || isTrusted)];
  if (holder.disabled || (await stepDue(tx, holder, { methods, ip, remember: true }, true))) {
    await forgetRemembered(tx, is.id, 'over');
    return false;
  }
  const proof = makeProof(holder.person, methods, holder.hash);
  const opening = { ip, userAgent, origin: 'remembered', deviceId: is.deviceId, rememberedId: is.id, token } as const;
  await signInHeld(tx, holder, proof, opening);
  return true;
}

async function endCopied(tx: Context, holder: Holder, is: Remembered, { ip }: From, sitting: Sitting): Promise<void> {
  const ended = await endStolenSessions(tx, is.id);
  await audit(tx, strangerActor(ip), {
    event: holder.factor.kind === 'user' ? 'user.remembered.copied' : 'admin.remembered.copied',
    description: `A cookie by which ${holder.label} was remembered had been used before; it and ${ended} sessions ended`,
    ...ofHolder(holder.factor),
    details: { deviceId: is.deviceId ?? null, ended },
  });
  await tellCopied(tx, holder, sitting);
}

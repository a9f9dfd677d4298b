// What goes along with a visit to a provider and comes back as `state`: sealed, tied to this browser, to the provider, the
// side and the purpose, good for ten minutes and once (RFC 6749, 10.12; RFC 9700, 4.7). Nothing is stored when a visit
// begins, so that whoever begins thousands fills no table.

import type { FactorHolder } from '#domain/credentials/factor.ts';
import { spendOnce } from '#domain/guard/spent-once.ts';
import { minutes } from '#kit/duration.ts';
import { constantTimeEqual, fingerprint, randomToken } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

/** How long somebody may take at the provider, and afterwards until they link. */
export const FLOW_MS = minutes(10);

/** A visit to a provider. `sessionId`: the session that links, for `link`. */
export type Flow = {
  readonly providerId: number;
  readonly side: FactorHolder['kind'];
  readonly purpose: 'sign-in' | 'link';
  readonly sessionId: number | undefined;
  readonly goto: string;
  readonly expiresAt: number;
};

const PURPOSE = 'federation-state';

/** The state of a new visit from this browser. */
export function newState(ctx: Context, browser: string, flow: Omit<Flow, 'expiresAt'>): string {
  const goto = flow.goto.length > 300 ? '' : flow.goto;
  const whole: Flow = { ...flow, goto, expiresAt: ctx.now() + FLOW_MS };
  return ctx.seal.seal(PURPOSE, JSON.stringify({ ...whole, salt: randomToken(16) }), browser);
}

/** What a state says; undefined when it is none of ours, of another browser, or too old. */
export function readState(ctx: Context, browser: string, state: string): Flow | undefined {
  if (state === '' || state.length > 2000) return undefined;
  const text = ctx.seal.open(PURPOSE, state, browser);
  if (text === undefined) return undefined;
  const flow = JSON.parse(text) as Flow; // sealed by newState
  return flow.expiresAt > ctx.now() ? flow : undefined;
}

/** Spends a state; true for exactly one caller. */
export async function spendState(ctx: Context, state: string, flow: Flow): Promise<boolean> {
  return spendOnce(ctx, `${PURPOSE} ${state}`, flow.expiresAt);
}

/** The PKCE verifier of a visit (RFC 7636): only we can make it out of its state. */
export function verifierOf(ctx: Context, state: string): string {
  return ctx.seal.sign('federation-verifier', state);
}

/** The S256 challenge of a verifier. */
export function challengeOf(verifier: string): string {
  return fingerprint(verifier);
}

/** The nonce of a visit, which the ID token has to repeat. */
export function nonceOf(ctx: Context, state: string): string {
  return ctx.seal.sign('federation-nonce', state);
}

/**
 * What the links that begin a visit carry, so that only a page of ours in this very browser can begin one: another site
 * that sends somebody there gets a page with a link instead. `sessionId`: whoever links.
 */
export function startKey(ctx: Context, browser: string, providerId: number, sessionId: number | undefined): string {
  return ctx.seal.sign('federation-start', `${browser}|${providerId}|${sessionId ?? ''}`);
}

/** Whether a link carries the right key. */
export function isStartKey(
  ctx: Context,
  key: string,
  browser: string,
  providerId: number,
  sessionId: number | undefined,
): boolean {
  return constantTimeEqual(key, startKey(ctx, browser, providerId, sessionId));
}

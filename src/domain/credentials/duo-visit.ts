// A visit to Duo: what goes along with it as `state` and has to come back. Nothing is stored when a visit begins, so looking at
// a page leaves no row behind: the state is sealed by the installation's key for what it is good for, this purpose, this
// person, this browser, until its end, and once it came back it is spent by name (ASVS 5.0 V6.5.1, V6.5.5, V6.6.2, V10.2.1).

import type { FactorHolder } from '#domain/credentials/factor.ts';
import { spendOnce } from '#domain/guard/spent-once.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { minutes } from '#kit/duration.ts';
import { randomToken } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

/** For what Duo is asked: on one's own pages, on the way in without a second factor, on the way in, to be asked again. */
export type DuoPurpose = 'enrol' | 'set-up' | 'second-factor' | 'step-up';

/** What a visit is good for; one for another purpose, person or browser is none. */
export type DuoVisit = {
  readonly purpose: DuoPurpose;
  readonly holder: FactorHolder;
  /** A value that only this browser's own pages know. */
  readonly browser: string;
};

/** What a visit takes along for the way back. */
export type Carried = { readonly goto: string; readonly trust: boolean };

/** So long the link to Duo holds, by Duo's own rule, and the visit with it. */
export const VISIT_MS = minutes(5);

const STATE = 'duo-state';

/** The state of a new visit. */
export function newDuoState(ctx: Context, visit: DuoVisit, { goto, trust }: Carried): string {
  const kept = { goto: goto.length > 300 ? '' : goto, trust, until: ctx.now() + VISIT_MS, salt: randomToken(16) };
  return ctx.seal.seal(STATE, JSON.stringify(kept), boundTo(visit));
}

/** What a state that came back says; undefined when it is none of ours, for something else, or too old. */
export function readDuoState(
  ctx: Context,
  visit: DuoVisit,
  state: string,
): (Carried & { readonly until: number }) | undefined {
  if (state === '' || state.length > MOST_IN_STATE) return undefined;
  const text = ctx.seal.open(STATE, state, boundTo(visit));
  if (text === undefined) return undefined;
  const kept: Carried & { readonly until: number } = JSON.parse(text); // sealed by newDuoState
  return kept.until > ctx.now() ? kept : undefined;
}

/** Duo takes no longer one. */
const MOST_IN_STATE = 1024;

/** Spends a state; true for exactly one caller. */
export async function spendDuoState(tx: Context, state: string, until: number): Promise<boolean> {
  return spendOnce(tx, `${STATE} ${state}`, until);
}

/** What Duo repeats in its signed answer, so that the answer to one visit is none to another (OpenID Connect, 3.1.2.1). */
export function nonceOfDuoState(ctx: Context, state: string): string {
  return ctx.seal.sign('duo-nonce', state);
}

/** Where Duo sends the browser back: by the public address alone, and nothing that a request says. */
export async function duoCallback(ctx: Context, { purpose, holder }: Omit<DuoVisit, 'browser'>): Promise<string> {
  return publicLink(ctx, `${BACK[holder.kind][purpose]}/callback`);
}

const BACK = {
  user: {
    enrol: '/user/security/duo',
    'set-up': '/login/set-up/duo',
    'second-factor': '/login/duo',
    'step-up': '/user/confirm-identity/duo',
  },
  administrator: {
    enrol: '/admin/account/security/duo',
    'set-up': '/admin/login/set-up/duo',
    'second-factor': '/admin/login/duo',
    'step-up': '/admin/confirm-identity/duo',
  },
} as const;

function boundTo({ purpose, holder, browser }: DuoVisit): string {
  return JSON.stringify([purpose, holder.kind, holder.id, browser]);
}

// Signing in with others, from the visit that begins to who it is. What a provider says opens no session: it is a first
// factor like a password, and the account's own second one is still due unless the provider vouches for one.

import { strangerActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import { VOUCHED_FACTOR } from '#domain/credentials/factors.ts';
import type { Limit } from '#domain/guard/limits.ts';
import { spendLimit } from '#domain/guard/limits.ts';
import { findIdentityRow, touchIdentity } from '#domain/login/federation/identities.table.ts';
import { keepPending } from '#domain/login/federation/pending.ts';
import type { Provider } from '#domain/login/federation/providers.ts';
import { findOffered } from '#domain/login/federation/providers.ts';
import type { CallbackParameters } from '#domain/login/federation/relying-party.ts';
import { askWhoItIs, authorizationAddress, troubleOf } from '#domain/login/federation/relying-party.ts';
import type { Flow } from '#domain/login/federation/start-state.ts';
import { newState, readState, spendState } from '#domain/login/federation/start-state.ts';
import type { ToldIdentity } from '#domain/login/federation/told-identity.ts';
import { findHolderById, personOfHolder } from '#domain/login/holder.ts';
import type { StepAnswer } from '#domain/login/steps.ts';
import { FEDERATED, goOn } from '#domain/login/steps.ts';
import { networkName } from '#kit/address.ts';
import { minutes } from '#kit/duration.ts';
import { notAllowed } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** Where to send a browser; undefined when the provider cannot be asked now: the log has the cause. */
export async function beginVisit(
  ctx: Context,
  provider: Provider,
  browser: string,
  flow: Omit<Flow, 'expiresAt' | 'providerId'>,
): Promise<string | undefined> {
  const state = newState(ctx, browser, { ...flow, providerId: provider.id });
  return authorizationAddress(ctx, provider, flow.side, state).catch((error: unknown) => {
    ctx.log.warn({ trouble: troubleOf(error), provider: provider.slug }, 'a sign-in provider cannot be asked');
    return undefined;
  });
}

/** Where a browser came back to, and who sits there. */
export type Return = {
  readonly side: FactorHolder['kind'];
  readonly slug: string;
  readonly browser: string;
  readonly given: CallbackParameters;
  readonly ip: string;
  /** The session of this side in this browser. */
  readonly sessionId: number | undefined;
};

/**
 * What came of a visit. `over`: it was not begun here, was for another provider, took too long, or was answered already.
 * `cancelled`: they said no at the provider. `failed`: it cannot be believed; the log has the cause.
 */
export type VisitAnswer =
  | { readonly at: 'over' }
  | { readonly at: 'cancelled' | 'failed'; readonly flow: Flow; readonly provider: Provider }
  | { readonly at: 'told'; readonly flow: Flow; readonly provider: Provider; readonly identity: ToldIdentity };

/** Each answer makes us ask the provider: nobody shall use us to knock at its door. A whole office comes from one network. */
export const ANSWERS: Limit = { name: 'federation-answers', most: 300, withinMs: minutes(10) };

/** Takes what a browser came back with. Its state is spent first, so that an answer counts once. Throws `too-many`. */
export async function endVisit(ctx: Context, back: Return): Promise<VisitAnswer> {
  const { side, slug, browser, given, ip } = back;
  const state = given['state'] ?? '';
  const flow = readState(ctx, browser, state);
  const provider = flow && (await findOffered(ctx, side, slug));
  if (!flow || !provider || provider.id !== flow.providerId || flow.side !== side) return { at: 'over' };
  if (flow.purpose === 'link' && flow.sessionId !== back.sessionId) return { at: 'over' };
  await spendLimit(ctx, ANSWERS, networkName(ip));
  if (!(await spendState(ctx, state, flow))) return { at: 'over' };
  try {
    return { at: 'told', flow, provider, identity: await askWhoItIs(ctx, provider, side, given) };
  } catch (error) {
    if (given['error'] === 'access_denied' || given['error'] === 'user_cancelled_authorize')
      return { at: 'cancelled', flow, provider };
    ctx.log.warn({ trouble: troubleOf(error), provider: slug }, 'a sign-in provider did not tell who somebody is');
    await noteFailed(ctx, side, provider, ip, 'provider');
    return { at: 'failed', flow, provider };
  }
}

/** Where the sign-in of a told identity stands. `unknown`: nobody here is linked with it; it waits in this browser. */
export type FederatedAnswer = { readonly at: 'unknown' } | StepAnswer;

/**
 * Signs in whoever is linked with an identity, by issuer and subject alone. Throws not-allowed `federation-refused` where
 * they may sign in no more.
 */
export async function signInAs(
  ctx: Context,
  side: FactorHolder['kind'],
  told: { readonly provider: Provider; readonly identity: ToldIdentity; readonly goto: string },
  at: { readonly browser: string; readonly ip: string; readonly device: string | undefined },
): Promise<FederatedAnswer> {
  const { provider, identity } = told;
  const row = await findIdentityRow(ctx, side, identity.issuer, identity.subject);
  if (!row) {
    await keepPending(ctx, at.browser, side, { identity, sessionId: undefined, goto: told.goto });
    return { at: 'unknown' };
  }
  const id = (side === 'user' ? row.user_id : row.administrator_id) ?? 0;
  const holder = await findHolderById(ctx, personOfHolder({ kind: side, id }));
  if (!holder || holder.disabled) {
    await noteFailed(ctx, side, provider, at.ip, 'deactivated', id);
    throw notAllowed('federation-refused');
  }
  await touchIdentity(ctx, row.id, identity.email);
  const methods = [`${FEDERATED}${provider.slug}`, ...(identity.vouchesFactor ? [VOUCHED_FACTOR] : [])];
  const shown = { methods, ip: at.ip, remember: false, device: at.device };
  return goOn(ctx, holder, shown, { isPersonThere: true });
}

async function noteFailed(
  ctx: Context,
  side: FactorHolder['kind'],
  { name, slug }: Provider,
  ip: string,
  reason: string,
  id?: number,
): Promise<void> {
  await audit(ctx, strangerActor(ip), {
    event: side === 'user' ? 'user.login.failed' : 'admin.login.failed',
    description: `A sign-in with ${name} failed`,
    ...(id === undefined ? {} : side === 'user' ? { userId: id } : { administratorId: id }),
    details: { reason, provider: slug },
  });
}

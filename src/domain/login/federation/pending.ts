// Somebody whom a provider told us of and whom we do not know yet: kept sealed and tied to their browser for ten minutes,
// until they have signed in here in full and say that it is them. An e-mail address links nobody (behaviours.md 3.11).

import type { FactorHolder } from '#domain/credentials/factor.ts';
import { findPending, putPending, takePending } from '#domain/login/federation/pending.table.ts';
import { FLOW_MS } from '#domain/login/federation/start-state.ts';
import type { ToldIdentity } from '#domain/login/federation/told-identity.ts';
import { fingerprint } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

/**
 * An identity that waits. `sessionId`: the session that began to link it; undefined after a sign-in, and then `goto` is where
 * that was to lead.
 */
export type PendingIdentity = {
  readonly identity: ToldIdentity;
  readonly sessionId: number | undefined;
  readonly goto: string;
};

const PURPOSE = 'pending-identity';

/** Keeps an identity for this browser, in place of any other. */
export async function keepPending(
  ctx: Context,
  browser: string,
  side: FactorHolder['kind'],
  pending: PendingIdentity,
): Promise<void> {
  await putPending(ctx, {
    browser_hash: fingerprint(browser),
    side,
    sealed: ctx.seal.seal(PURPOSE, JSON.stringify(pending), `${side} ${browser}`),
    expires_at: ctx.now() + FLOW_MS,
  });
}

/** The identity that waits in this browser, for drawing a page. */
export async function pendingIn(
  ctx: Context,
  browser: string,
  side: FactorHolder['kind'],
): Promise<PendingIdentity | undefined> {
  const row = await findPending(ctx, fingerprint(browser), side);
  return row && opened(ctx, browser, side, row.sealed);
}

/** Spends it; for exactly one caller. */
export async function takePendingIn(
  tx: Context,
  browser: string,
  side: FactorHolder['kind'],
): Promise<PendingIdentity | undefined> {
  const row = await takePending(tx, fingerprint(browser), side);
  return row && opened(tx, browser, side, row.sealed);
}

function opened(
  ctx: Context,
  browser: string,
  side: FactorHolder['kind'],
  sealed: string,
): PendingIdentity | undefined {
  const text = ctx.seal.open(PURPOSE, sealed, `${side} ${browser}`);
  return text === undefined ? undefined : (JSON.parse(text) as PendingIdentity); // sealed by keepPending
}

// What staff see by the button "test": whether the provider can be found, believed, and takes our client ID and secret. Nobody
// is signed in by it, and nothing is kept.

import type { Provider } from '#domain/login/federation/providers.ts';
import { tryProvider } from '#domain/login/federation/relying-party.ts';
import type { Context } from '#src/context.ts';

/** One thing that was looked at. `said`: the provider's or the network's own words, for staff. */
export type ProviderCheck = {
  readonly what: 'discovery' | 'keys' | 'pkce' | 'credentials';
  readonly outcome: 'yes' | 'no' | 'unclear';
  readonly count?: number;
  readonly said?: string;
};

/** Looks at a provider now. Never throws for what is wrong with it. */
export async function testProvider(ctx: Context, provider: Provider): Promise<ProviderCheck[]> {
  const found = await tryProvider(ctx, provider);
  if ('failure' in found) return [{ what: 'discovery', outcome: 'no', said: found.failure }];
  const { keys, pkce, credentials } = found;
  const isOpenId = provider.kind !== 'github';
  return [
    ...(isOpenId ? [{ what: 'discovery', outcome: 'yes', said: found.issuer } as const] : []),
    ...(isOpenId ? [keysCheck(keys)] : []),
    ...(isOpenId ? [{ what: 'pkce', outcome: pkce ? 'yes' : 'unclear' } as const] : []),
    { what: 'credentials', outcome: credentials.outcome, ...(credentials.said ? { said: credentials.said } : {}) },
  ];
}

function keysCheck(keys: number | string): ProviderCheck {
  if (typeof keys === 'string') return { what: 'keys', outcome: 'no', said: keys };
  return { what: 'keys', outcome: keys > 0 ? 'yes' : 'no', count: keys };
}

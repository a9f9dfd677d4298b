// Whose address a request has. A header is believed only when a trusted proxy sent it, and only as far as trusted
// proxies wrote it: X-Forwarded-For is read from its end (ASVS 5.0 V4.1.3; Authentik CVE-2023-36456).

import { proxyHeader, trustedProxies } from '#domain/guard/guard.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { isWithin, plainAddress } from '#kit/address.ts';
import type { Context } from '#src/context.ts';

/** The visitor's address: the socket's, or what a trusted proxy says. An unreadable socket address is `unknown`. */
export async function visitorAddress(
  ctx: Context,
  socketAddress: string | undefined,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Promise<string> {
  const peer = plainAddress(socketAddress ?? '') ?? 'unknown';
  const trusted = await trustedRanges(ctx);
  if (trusted.length === 0 || !trusts(trusted, peer)) return peer;
  const given = headers[await settingOf(ctx, proxyHeader)];
  const hops = (Array.isArray(given) ? given.join(',') : (given ?? ''))
    .split(',')
    .map((hop) => hop.trim())
    .reverse();
  let visitor = peer;
  for (const hop of hops) {
    const address = plainAddress(withoutPort(hop));
    if (!address) return visitor; // nonsense from here on: nobody we trust wrote it
    visitor = address;
    if (!trusts(trusted, address)) return visitor;
  }
  return visitor;
}

/** Every proxy whose header is believed, by the setting and by the environment. */
export async function trustedRanges(ctx: Context): Promise<readonly string[]> {
  const set = await settingOf(ctx, trustedProxies);
  return set.length === 0 ? ctx.config.trustedProxies : [...ctx.config.trustedProxies, ...set.map((one) => one.range)];
}

function trusts(trusted: readonly string[], address: string): boolean {
  return trusted.some((range) => isWithin(address, range));
}

function withoutPort(hop: string): string {
  return hop.replace(/^\[(.*)\](?::\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
}

// For which site passkeys are made. By the public address alone, and nothing that a request says: an answer that was given
// to another page than ours, however it calls itself, is none (WebAuthn level 3, 13.4.9).

import { isIP } from 'node:net';
import { isLoopbackOrigin, publicOrigin } from '#domain/settings/public-url.ts';
import type { Context } from '#src/context.ts';

/** Our origin, and the host that passkeys are tied to (the "relying party id"). */
export type Site = { readonly origin: string; readonly host: string };

/** The site. */
export async function passkeySite(ctx: Context): Promise<Site> {
  const { origin, hostname } = new URL(await publicOrigin(ctx));
  return { origin, host: hostname };
}

/** Whether browsers make passkeys for it at all: a name, not a number, by https (or this very machine). */
export async function canHavePasskeys(ctx: Context): Promise<boolean> {
  const { origin, host } = await passkeySite(ctx);
  const isNumber = isIP(host.replace(/^\[|\]$/g, '')) !== 0;
  return !isNumber && (origin.startsWith('https:') || isLoopbackOrigin(origin));
}

// What the cookies of browsers have in common: how the next one follows from the one that was presented.

import { seconds } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';

/** For so long the cookie before the present one is taken too: two tabs may have sent it at once. */
export const OVERLAP_MS = seconds(30);

/** Whether a text may be a secret of ours at all: 256 bits in base64url. */
export function isSecret(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}

/**
 * The secret that follows this one: of 256 bits, by the installation's key, so that nobody makes it from the old one, and
 * requests that presented the old one at once are all given the same without its being kept anywhere. `purpose` keeps one
 * kind of them from being another.
 */
export function followingSecret(ctx: Context, purpose: 'device' | 'remember' | 'remembered-session', secret: string) {
  return ctx.seal.sign(`following:${purpose}`, secret);
}

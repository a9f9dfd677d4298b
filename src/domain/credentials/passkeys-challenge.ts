// The challenge that a passkey signs. None is stored while it waits: it is a keyed hash over what it is good for and when it
// ends, so looking at a page leaves no row behind. Once answered it is spent, by name (ASVS 5.0 V6.5.1, V6.5.5, V6.7.2). Without
// the installation's key nobody can make one, or turn one into another.

import type { FactorHolder } from '#domain/credentials/factor.ts';
import { spendOnce } from '#domain/guard/spent-once.ts';
import { minutes } from '#kit/duration.ts';
import { randomToken } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

/** What passkeys are asked for. A challenge for one is none for another. */
export type Purpose = 'enrol' | 'sign-in' | 'second-factor' | 'step-up';

/** What a challenge is good for: for this, on this side, in this browser, of this person (nobody yet at the front door). */
export type Asking = {
  readonly purpose: Purpose;
  readonly side: FactorHolder['kind'];
  readonly whose: FactorHolder | undefined;
  /** A value that only this browser's own pages know. */
  readonly browser: string;
};

/** How long one may be answered. */
export const CHALLENGE_MS = minutes(5);

/** A challenge that was handed out. `token` travels with the form; it opens nothing by itself. */
export type Challenge = {
  readonly token: string;
  /** What the authenticator signs, base64url. */
  readonly challenge: string;
  readonly expiresAt: number;
  /** At enrolment: the name by which the authenticator is to know the person. */
  readonly handle: string;
};

/** Makes a challenge. `handle`: at enrolment alone. */
export function newChallenge(ctx: Context, asking: Asking, handle = ''): Challenge {
  return challengeOf(ctx, asking, { nonce: randomToken(16), expiresAt: ctx.now() + CHALLENGE_MS, handle });
}

/** The challenge of a token that came back; undefined when it is none, or too old. Whether it was handed out, its signature tells. */
export function challengeFrom(ctx: Context, asking: Asking, token: string): Challenge | undefined {
  const [, nonce = '', end = '', handle = ''] = /^([\w-]{22})\.(\d{13})\.([\w-]{43})?$/.exec(token) ?? [];
  if (nonce === '' || ctx.now() >= Number(end)) return undefined;
  return challengeOf(ctx, asking, { nonce, expiresAt: Number(end), handle });
}

/** Spends a challenge; true for exactly one caller. */
export async function spendChallenge(tx: Context, { challenge, expiresAt }: Challenge): Promise<boolean> {
  return spendOnce(tx, `passkey ${challenge}`, expiresAt);
}

function challengeOf(
  ctx: Context,
  { purpose, side, whose, browser }: Asking,
  { nonce, expiresAt, handle }: { nonce: string; expiresAt: number; handle: string },
): Challenge {
  const about = [purpose, side, whose?.kind ?? '', whose?.id ?? '', browser, nonce, expiresAt, handle];
  return {
    token: `${nonce}.${expiresAt}.${handle}`,
    challenge: ctx.seal.sign('passkey-challenge', JSON.stringify(about)),
    expiresAt,
    handle,
  };
}

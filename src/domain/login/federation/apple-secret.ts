// Apple's client secret: a token that we sign with a key of ours, anew for each use, so that none can be kept or stolen for
// long ("Creating a client secret", Sign in with Apple REST API).

import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { minutes } from '#kit/duration.ts';

/** What it is made of. `key`: the downloaded .p8 file's text. */
export type AppleKey = {
  readonly teamId: string;
  readonly keyId: string;
  readonly clientId: string;
  readonly key: string;
};

/** The secret, for five minutes from `now` (milliseconds since 1970). Throws when the key is none of Apple's kind. */
export function appleSecret({ teamId, keyId, clientId, key }: AppleKey, now: number): string {
  const signer = appleKey(key);
  if (!signer) throw new Error('the signing key for Apple cannot be read');
  const at = Math.floor(now / 1000);
  const claims = {
    iss: teamId,
    iat: at,
    exp: at + minutes(5) / 1000,
    aud: 'https://appleid.apple.com',
    sub: clientId,
  };
  const text = `${part({ alg: 'ES256', kid: keyId, typ: 'JWT' })}.${part(claims)}`;
  const signature = sign('sha256', Buffer.from(text), { key: signer, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

/** Whether a text is a private key on the curve P-256, as Apple hands them out. */
export function isAppleKey(text: string): boolean {
  return appleKey(text) !== undefined;
}

function appleKey(text: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(text);
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
  } catch {
    return undefined;
  }
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

// The arithmetic of one-time codes (RFC 6238 over RFC 4226): SHA-1, six digits, thirty seconds, as every authenticator app
// knows them. Which codes were spent is not known here.

import { seconds } from '#kit/duration.ts';
import { constantTimeEqual, randomHex } from '#kit/secret.ts';

const PERIOD_MS = seconds(30);
const DIGITS = 6;
/** 160 random bits, as RFC 4226 section 4 (R6) advises; drawn by the system's own generator (ASVS 5.0 V6.5.3). */
const SECRET_BYTES = 20;

/** A fresh seed, as apps want it typed: base32. */
export async function freshSeed(): Promise<string> {
  const { Secret } = await arithmetic();
  return Secret.fromHex(randomHex(SECRET_BYTES)).base32;
}

/** The address that an app reads from the QR code: who it is for and by whom (the Key Uri Format that all apps follow). */
export async function seedAddress(
  seed: string,
  about: { readonly issuer: string; readonly label: string },
): Promise<string> {
  const { TOTP } = await arithmetic();
  return new TOTP({ ...about, secret: seed, algorithm: 'SHA1', digits: DIGITS, period: PERIOD_MS / 1000 }).toString();
}

/** The code of a seed at an instant. */
export async function codeAt(seed: string, at: number): Promise<string> {
  return codeOfStep(seed, stepAt(at));
}

/** The step of time that an instant lies in. */
export function stepAt(at: number): number {
  return Math.floor(at / PERIOD_MS);
}

/**
 * The newest step after `lastStep` whose code this is: of now, of the one before (somebody typed slowly) or after (their
 * clock is ahead); undefined when it is none of them. One step each way and no more (behaviours.md, section 15, number 7).
 */
export async function stepOfCode(
  seed: string,
  code: string,
  now: number,
  lastStep: number,
): Promise<number | undefined> {
  let found: number | undefined;
  for (const step of [stepAt(now) - 1, stepAt(now), stepAt(now) + 1]) {
    if (constantTimeEqual(await codeOfStep(seed, step), code) && step > lastStep) found = step;
  }
  return found;
}

async function codeOfStep(seed: string, step: number): Promise<string> {
  const { HOTP, Secret } = await arithmetic();
  return HOTP.generate({ secret: Secret.fromBase32(seed), algorithm: 'SHA1', digits: DIGITS, counter: step });
}

/** Loaded when the first code is looked at: most installations at rest never need it. */
async function arithmetic() {
  return import('otpauth');
}

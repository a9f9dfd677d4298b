// Reads what stands in the password column: which format it is, and whether we are willing to compute it.

import { randomToken } from '#kit/secret.ts';

/** The cost of one Argon2id computation: memory in KiB, passes over it, and lanes. Written m, t and p in a stored password. */
export type Argon2Cost = { readonly memoryKiB: number; readonly passes: number; readonly lanes: number };

/** A stored password, read. `unusable` is a format that we do not know, or one that would cost more than we are willing to pay. */
export type StoredForm =
  | { readonly format: 'argon2id'; readonly stored: string; readonly cost: Argon2Cost; readonly fullLength: boolean }
  | { readonly format: 'bcrypt'; readonly stored: string; readonly rounds: number }
  | { readonly format: 'md5'; readonly digest: string; readonly salt: string }
  | { readonly format: 'unusable' };

// A stored password may come from an import, so its numbers are not ours: one row must not take the machine's memory or minutes.
const MOST_MEMORY_KIB = 256 * 1024;
const MOST_PASSES = 20;
const MOST_LANES = 16;
const LEAST_ROUNDS = 4;
const MOST_ROUNDS = 15;

const ARGON2ID =
  /^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;
const MD5 = /^([0-9a-f]{32})(?::([^\n]{0,255}))?$/i;

/**
 * Reads a stored password. Known are
 * - ours, `$argon2id$v=19$m=…,t=…,p=…$salt$hash`;
 * - `$2y$`, `$2b$` and `$2a$`, the bcrypt of PHP's `password_hash`, 4 to 15 rounds;
 * - what old WHMCS installations left: 32 hex digits, `md5(password)`, or `md5(salt . password):salt` with a salt of any
 *   characters, a colon among them (the format is described in the public wikis and forums of integrators).
 */
export function readStored(stored: string): StoredForm {
  return readArgon2id(stored) ?? readBcrypt(stored) ?? readMd5(stored) ?? { format: 'unusable' };
}

/** Whether this cost is one that we are willing to compute: at most 256 MiB, 20 passes and 16 lanes. */
export function isBearable(cost: Argon2Cost): boolean {
  return (
    isWithin(cost.lanes, 1, MOST_LANES) &&
    isWithin(cost.passes, 1, MOST_PASSES) &&
    isWithin(cost.memoryKiB, 8 * cost.lanes, MOST_MEMORY_KIB) // RFC 9106, 3.1: at least eight blocks for each lane
  );
}

/** A cost as it is written in a stored password; two costs are the same when their texts are. */
export function costText({ memoryKiB, passes, lanes }: Argon2Cost): string {
  return `m=${memoryKiB},t=${passes},p=${lanes}`;
}

/** The stored password of nobody: well-formed, of this cost, and matched by no password, as salt and hash are drawn at random. */
export function nobodysHash(cost: Argon2Cost): string {
  return `$argon2id$v=19$${costText(cost)}$${randomBase64(16)}$${randomBase64(32)}`;
}

function randomBase64(bytes: number): string {
  return Buffer.from(randomToken(bytes), 'base64url').toString('base64').replaceAll('=', '');
}

function readArgon2id(stored: string): StoredForm | undefined {
  const [, memoryKiB, passes, lanes, salt = '', hash = ''] = ARGON2ID.exec(stored) ?? [];
  if (memoryKiB === undefined) return undefined;
  const cost = { memoryKiB: Number(memoryKiB), passes: Number(passes), lanes: Number(lanes) };
  if (!isBearable(cost)) return undefined;
  // 16 bytes of salt and 32 of hash, in base64: what we write ourselves.
  return { format: 'argon2id', stored, cost, fullLength: salt.length >= 22 && hash.length >= 43 };
}

function readBcrypt(stored: string): StoredForm | undefined {
  const rounds = Number(BCRYPT.exec(stored)?.[1]);
  return isWithin(rounds, LEAST_ROUNDS, MOST_ROUNDS) ? { format: 'bcrypt', stored, rounds } : undefined;
}

function readMd5(stored: string): StoredForm | undefined {
  const [, digest, salt = ''] = MD5.exec(stored) ?? [];
  return digest === undefined ? undefined : { format: 'md5', digest: digest.toLowerCase(), salt };
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

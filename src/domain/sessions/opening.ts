// Opening a session by a Proof, giving it a new token, moving it into a browser. Tokens are 256 random bits, hashed at rest
// (ASVS 5.0 V7.2.2 to V7.2.4).

import { isFactorName, TRUSTED_DEVICE } from '#domain/credentials/factors.ts';
import type { RememberCookie } from '#domain/devices/remembered.ts';
import { REMEMBERED } from '#domain/devices/remembered.ts';
import { forgetWith } from '#domain/sessions/ending.ts';
import type { Person, Proof } from '#domain/sessions/proof.ts';
import { isProof } from '#domain/sessions/proof.ts';
import { adminAbsoluteHours, userAbsoluteHours } from '#domain/sessions/sessions.settings.ts';
import {
  endSessionRow,
  findHandover,
  insertSession,
  noteProven,
  replaceSessionToken,
  spendHandover,
} from '#domain/sessions/sessions.table.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { hours } from '#kit/duration.ts';
import { fingerprint, randomToken } from '#kit/secret.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/**
 * Where a session is opened from. `handoverMs`: for how long a program may move it into a browser, once. `replaces`: the
 * session of the same side that this browser held until now; it ends (ASVS 5.0 V7.2.4).
 */
export type Opening = {
  readonly ip: string;
  readonly userAgent: string;
  readonly origin: 'login' | 'remembered' | 'sso' | 'api' | 'handover' | 'setup' | 'acting';
  readonly handoverMs?: number;
  /** The token of the link in a letter that is answered by signing in. */
  readonly answers?: string | undefined;
  readonly replaces?: number | undefined;
  /**
   * The browser in which somebody signs in by a page: the cookie that it is known by, whether it is to be remembered, and
   * whether it is trusted from now on with the second factor that was shown. Without it no browser is met (domain/login).
   */
  readonly browser?: { readonly device: string | undefined; readonly remember: boolean; readonly trust: boolean };
  /** The browser, where it is known (topic devices). */
  readonly deviceId?: number | undefined;
  /** The "remember me" that it goes back to. */
  readonly rememberedId?: number | undefined;
  /** A token of 256 bits that nobody knows, where several requests are to be given the same; else one is drawn. */
  readonly token?: string | undefined;
  /** Staff open it in the place of the user. */
  readonly acting?: ActingOpening | undefined;
};

/** Who of staff, by which session of theirs, whether they may change anything, and when it is over. */
export type ActingOpening = {
  readonly administratorId: number;
  readonly sessionId: number;
  readonly mayWrite: boolean;
  readonly until: number;
};

/** A session just opened. The token is known to its holder alone. */
export type OpenedSession = {
  readonly id: number;
  readonly token: string;
  readonly person: Person;
  readonly expiresAt: number;
  /** What the browser keeps beyond the session: the cookie that it is known by, and the one that it is remembered by. */
  readonly device?: string | undefined;
  readonly remembered?: RememberCookie | undefined;
};

/** Opens a session for whoever the Proof is of. Call it in the transaction of the sign-in. */
export async function openSession(tx: Context, proof: Proof, opening: Opening): Promise<OpenedSession> {
  if (!isProof(proof)) throw new Error('a session is opened by a Proof');
  const { person } = proof;
  const limit = person.kind === 'user' ? userAbsoluteHours : adminAbsoluteHours;
  if (opening.replaces !== undefined) {
    await endSessionRow(tx, opening.replaces, 'replaced');
    await forgetWith(tx, opening.replaces, 'replaced');
  }
  const token = opening.token ?? randomToken();
  const { acting } = opening;
  const expiresAt = acting?.until ?? tx.now() + hours(await settingOf(tx, limit));
  const id = await insertSession(tx, {
    token_hash: fingerprint(token),
    kind: person.kind,
    user_id: person.kind === 'user' ? person.userId : null,
    administrator_id: person.kind === 'administrator' ? person.administratorId : null,
    methods: proof.methods.join(','),
    origin: opening.origin,
    ip: opening.ip,
    user_agent: oneLine(opening.userAgent).slice(0, 300),
    created_at: tx.now(),
    last_seen_at: tx.now(),
    expires_at: expiresAt,
    handover_until: opening.handoverMs === undefined ? null : tx.now() + opening.handoverMs,
    ended_at: null,
    ended_reason: null,
    // Staff proved who they are, not the user: nothing that asks for a fresh proof opens to them.
    ...(acting ? NO_PROOF : firstProof(tx, proof)),
    acting_administrator_id: acting?.administratorId ?? null,
    acting_may_write: Number(acting?.mayWrite ?? false),
    acting_session_id: acting?.sessionId ?? null,
    asked_until: 0,
    device_id: opening.deviceId ?? null,
    remembered_id: opening.rememberedId ?? null,
  });
  return { id, token, person, expiresAt };
}

const NO_PROOF = { proven_at: 0, proven_by: '' };

/** What a sign-in proved of the person: nothing, where a program vouched for them or the browser was enough. */
function firstProof(ctx: Context, { methods }: Proof): { proven_at: number; proven_by: string } {
  const by = methods.findLast((method) => method === 'password' || isFactorName(ctx, method));
  const elsewhere = ['sso', TRUSTED_DEVICE, REMEMBERED].some((one) => methods.includes(one));
  const onlyVouched = by === undefined || elsewhere;
  return onlyVouched ? NO_PROOF : { proven_at: ctx.now(), proven_by: by };
}

/** Gives a session a new token and kills the old one, which is shown here. Answers undefined when it holds no more. */
export async function renewToken(ctx: Context, token: string): Promise<string | undefined> {
  const fresh = randomToken();
  return (await replaceSessionToken(ctx, fingerprint(token), fingerprint(fresh))) ? fresh : undefined;
}

/** Notes that a session's person proved again who they are, and by what; false when the session is over. */
export async function noteProof(tx: Context, sessionId: number, by: string): Promise<boolean> {
  return noteProven(tx, sessionId, by);
}

/** Whose session a program may still hand over by this token, as far as a look tells: `takeHandover` decides. */
export async function handoverUserId(tx: Context, token: string): Promise<number | undefined> {
  return (await findHandover(tx, fingerprint(token)))?.user_id ?? undefined;
}

/** A session handed over by a program: the old token is dead from here on, for exactly one caller. */
export async function takeHandover(
  tx: Context,
  token: string,
): Promise<{ userId: number; methods: string[] } | undefined> {
  const row = await spendHandover(tx, fingerprint(token));
  return row?.user_id ? { userId: row.user_id, methods: row.methods.split(',') } : undefined;
}

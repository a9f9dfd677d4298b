// "Remember me": a browser is signed in again after its session ran out (behaviours.md, section 15, number 3). Its cookie is
// a selector, which names the row, and a secret, of which a hash is kept. Each use puts the next secret in the place of the
// one presented, in one statement. A secret that was replaced more than a moment ago is in two hands: then nobody's opens
// anything any more. It ends by age in any case (ASVS 5.0 V7.3.2); its tokens are of 256 bits (V7.2.3). Who is signed in by it, and whether at all, is decided by login/remembered.ts.

import type { FactorHolder } from '#domain/credentials/factor.ts';
import { followingSecret, isSecret, OVERLAP_MS } from '#domain/devices/device-cookie.ts';
import { adminRememberDays, rememberDays } from '#domain/devices/devices.settings.ts';
import type { ForgottenReason, RememberedRow } from '#domain/devices/remembered.table.ts';
import {
  endRememberedRow,
  endRememberedRowsOf,
  insertRemembered,
  liveRememberedRows,
  rememberedBySelector,
  turnSecret,
} from '#domain/devices/remembered.table.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { days } from '#kit/duration.ts';
import { fingerprint, randomToken } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

/** The method of a session that was opened by it, before those of the sign-in that asked for it. */
export const REMEMBERED = 'remembered';

/** What a remembered browser keeps: the cookie's text, and when it ends in any case. */
export type RememberCookie = { readonly value: string; readonly expiresAt: number };

/** For how many days people of this kind are remembered; 0: it is not offered. */
export async function rememberedDays(ctx: Context, kind: FactorHolder['kind']): Promise<number> {
  return settingOf(ctx, kind === 'user' ? rememberDays : adminRememberDays);
}

/** Remembers a browser from this sign-in on; undefined where the operator does not want it. In the transaction of the sign-in. */
export async function remember(
  tx: Context,
  of: FactorHolder,
  about: { readonly deviceId: number; readonly methods: readonly string[]; readonly ip: string },
): Promise<{ readonly id: number; readonly cookie: RememberCookie } | undefined> {
  const most = await rememberedDays(tx, of.kind);
  if (most === 0) return undefined;
  const [selector, secret, expiresAt] = [randomToken(16), randomToken(), tx.now() + days(most)];
  const id = await insertRemembered(tx, {
    selector,
    secret_hash: fingerprint(secret),
    previous_hash: null,
    rotated_at: tx.now(),
    user_id: of.kind === 'user' ? of.id : null,
    administrator_id: of.kind === 'administrator' ? of.id : null,
    device_id: about.deviceId,
    methods: about.methods.join(','),
    ip: about.ip,
    created_at: tx.now(),
    expires_at: expiresAt,
    ended_at: null,
    ended_reason: null,
  });
  return { id, cookie: { value: `${selector}.${secret}`, expiresAt } };
}

/** Who a remembered browser is remembered for. */
export type Remembered = {
  readonly id: number;
  readonly holder: FactorHolder;
  /** How the sign-in went that asked for it. */
  readonly methods: readonly string[];
  readonly deviceId: number | undefined;
  /** From where it was used last. */
  readonly ip: string;
};

/** Whose a cookie says it is, as long as that holds; nothing is proved by it yet. One read. */
export async function findRemembered(ctx: Context, cookie: string): Promise<Remembered | undefined> {
  const parts = partsOf(cookie);
  const row = parts && (await rememberedBySelector(ctx, parts.selector));
  return row && (await holds(ctx, row)) ? rememberedIn(row) : undefined;
}

/**
 * What presenting a cookie comes to.
 * - `turned`: it was the present one; it is worth nothing now, `next` is
 * - `just-turned`: another request presented it a moment ago, and was given the same `next`
 * - `stolen`: it was replaced before, so somebody else has a copy of it. All of it is over, and this caller alone hears
 * - `over`: it opens nothing
 */
export type Turned =
  | { readonly at: 'turned' | 'just-turned'; readonly is: Remembered; readonly next: RememberCookie }
  | { readonly at: 'stolen'; readonly is: Remembered }
  | { readonly at: 'over' };

/** Spends a cookie for the one that follows it. In the transaction that rests on it. */
export async function turnRemembered(tx: Context, cookie: string, ip: string): Promise<Turned> {
  const parts = partsOf(cookie);
  if (!parts) return { at: 'over' };
  const [hash, following] = [fingerprint(parts.secret), followingSecret(tx, 'remember', parts.secret)];
  const isTurned = await turnSecret(tx, parts.selector, hash, fingerprint(following), ip);
  const row = await rememberedBySelector(tx, parts.selector);
  if (!row || !(await holds(tx, row))) return { at: 'over' };
  const next = { value: `${parts.selector}.${following}`, expiresAt: row.expires_at };
  if (isTurned) return { at: 'turned', is: rememberedIn(row), next };
  if (row.previous_hash === hash && tx.now() < row.rotated_at + OVERLAP_MS)
    return { at: 'just-turned', is: rememberedIn(row), next };
  return (await endRememberedRow(tx, row.id, 'stolen')) ? { at: 'stolen', is: rememberedIn(row) } : { at: 'over' };
}

/** Forgets the browser that holds this cookie: somebody signed out there, or signed in anew. Only whoever holds it can. */
export async function forgetByCookie(ctx: Context, cookie: string, reason: ForgottenReason): Promise<void> {
  const parts = partsOf(cookie);
  const row = parts && (await rememberedBySelector(ctx, parts.selector));
  if (row?.secret_hash === fingerprint(parts?.secret ?? '')) await endRememberedRow(ctx, row.id, reason);
}

/** Ends one remembering, by its id. */
export async function forgetRemembered(tx: Context, id: number, reason: ForgottenReason): Promise<void> {
  await endRememberedRow(tx, id, reason);
}

/** Ends those of a person, but for one where told. */
export async function forgetAllRemembered(
  tx: Context,
  of: FactorHolder,
  reason: ForgottenReason,
  exceptId?: number,
): Promise<void> {
  await endRememberedRowsOf(tx, of, reason, { exceptId });
}

/** The rememberings of a person that hold, by id: on which browser, and until when. At most a hundred. */
export async function rememberedOf(
  ctx: Context,
  of: FactorHolder,
): Promise<ReadonlyMap<number, { readonly deviceId: number | undefined; readonly until: number }>> {
  const most = days(await rememberedDays(ctx, of.kind));
  const rows = (await liveRememberedRows(ctx, of, 100)).filter((row) => row.created_at + most > ctx.now());
  return new Map(
    rows.map((row) => [
      row.id,
      { deviceId: row.device_id ?? undefined, until: Math.min(row.expires_at, row.created_at + most) },
    ]),
  );
}

/** Whether one holds still, by what the operator allows now. */
async function holds(ctx: Context, row: RememberedRow): Promise<boolean> {
  if (row.ended_at !== null || row.expires_at <= ctx.now()) return false;
  const most = await rememberedDays(ctx, row.user_id === null ? 'administrator' : 'user');
  return ctx.now() < row.created_at + days(most);
}

function partsOf(cookie: string): { selector: string; secret: string } | undefined {
  const [, selector = '', secret = ''] = /^([\w-]{22})\.([\w-]{43})$/.exec(cookie) ?? [];
  return isSecret(secret) ? { selector, secret } : undefined;
}

function rememberedIn(row: RememberedRow): Remembered {
  return {
    id: row.id,
    holder: holderIn(row),
    methods: row.methods.split(','),
    deviceId: row.device_id ?? undefined,
    ip: row.ip,
  };
}

function holderIn(row: RememberedRow): FactorHolder {
  if (row.user_id !== null) return { kind: 'user', id: row.user_id };
  if (row.administrator_id !== null) return { kind: 'administrator', id: row.administrator_id };
  throw new Error('nobody is remembered');
}

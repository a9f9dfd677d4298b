// The browsers that people use. A browser is known by a cookie that it gets at a sign-in, and at each later one a new one
// takes its place. That a browser is known signs nobody in: what strangers get wrong elsewhere is not held against it
// (login/tries.ts), and where its person said so, no second factor is asked on it for a while.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import { ofHolder } from '#domain/credentials/factor.ts';
import { followingSecret, isSecret, OVERLAP_MS } from '#domain/devices/device-cookie.ts';
import { adminTrustedDeviceDays, trustedDeviceDays } from '#domain/devices/devices.settings.ts';
import { insertDevice, replaceCookie, rotateDevice, spendPrevious } from '#domain/devices/devices.table.ts';
import type { Seen } from '#domain/devices/known-devices.table.ts';
import {
  deleteKnown,
  deleteKnownOn,
  endTrustIn,
  isKnownAnywhere,
  knownDeviceRows,
  noteKnown,
  trustKnown,
} from '#domain/devices/known-devices.table.ts';
import { knownByCookie } from '#domain/devices/known-devices.view.ts';
import { endRememberedRowsOf } from '#domain/devices/remembered.table.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { days } from '#kit/duration.ts';
import { notFound } from '#kit/problem.ts';
import { fingerprint, randomToken } from '#kit/secret.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/**
 * The browser of a sign-in: which it is, the cookie that it has from now on, and whether it is new to this person. `copied`:
 * the browser whose cookie turned out to be in two hands; nobody is known there any more.
 */
export type MetDevice = {
  readonly deviceId: number;
  readonly token: string;
  readonly before: 'known' | 'new' | 'first';
  readonly copied: number | undefined;
};

/** A browser that this person signed in on before. `trustedUntil`: no second factor is asked there until then. */
export type KnownDevice = { readonly deviceId: number; readonly trustedUntil: number | undefined };

/**
 * The browser of a cookie, if this very person signed in on it before. One read, whoever it is asked for and whether anybody
 * is: `of` undefined is nobody. A cookie that is none of ours is no browser's.
 */
export async function knownDevice(
  ctx: Context,
  of: FactorHolder | undefined,
  token: string | undefined,
): Promise<KnownDevice | undefined> {
  if (token === undefined || !isSecret(token)) return undefined;
  const found = await knownByCookie(ctx, fingerprint(token), ctx.now() - OVERLAP_MS, of ?? { kind: 'user', id: 0 });
  if (!found) return undefined;
  return { deviceId: found.deviceId, trustedUntil: await trustEnd(ctx, of?.kind ?? 'user', found) };
}

/** Whether a browser is trusted by this person now. */
export async function isTrustedOn(ctx: Context, of: FactorHolder, deviceId: number | undefined): Promise<boolean> {
  const row = (await knownDeviceRows(ctx, of, MOST_LISTED)).find((one) => one.device_id === deviceId);
  if (!row) return false;
  return (await trustEnd(ctx, of.kind, { trustedAt: row.trusted_at, trustedUntil: row.trusted_until })) !== undefined;
}

/** When the trust in a browser ends, by what the operator allows now; undefined where there is none, or no longer. */
async function trustEnd(
  ctx: Context,
  kind: FactorHolder['kind'],
  row: { readonly trustedAt: number | null; readonly trustedUntil: number | null },
): Promise<number | undefined> {
  if (row.trustedAt === null || row.trustedUntil === null) return undefined;
  const until = Math.min(row.trustedUntil, row.trustedAt + days(await trustDays(ctx, kind)));
  return until > ctx.now() ? until : undefined;
}

/** For how many days people of this kind may have a browser trusted; 0: not at all. */
export async function trustDays(ctx: Context, kind: FactorHolder['kind']): Promise<number> {
  return settingOf(ctx, kind === 'user' ? trustedDeviceDays : adminTrustedDeviceDays);
}

/**
 * Meets the browser of a sign-in, in its transaction, with the person held: notes them on it and gives it a new cookie. A
 * cookie that is none of ours counts as none; so does one that was replaced, and whoever has the one that took its place is
 * known and trusted no more: two have held the same.
 */
export async function meetDevice(
  tx: Context,
  of: FactorHolder,
  token: string | undefined,
  given: Seen,
): Promise<MetDevice> {
  const found = await deviceOfCookie(tx, of, token);
  const copied = found === undefined ? await forgetCopied(tx, token) : undefined;
  const device = found ?? (await freshDevice(tx));
  const wasAnywhere = device.isFresh && (await isKnownAnywhere(tx, of));
  const seen = { ip: given.ip, userAgent: oneLine(given.userAgent).slice(0, 300) };
  if (await noteKnown(tx, of, device.deviceId, seen)) return { ...device, before: 'known', copied };
  if (device.isFresh) return { ...device, before: wasAnywhere ? 'new' : 'first', copied };
  return { ...device, token: await ownCookie(tx, device.deviceId), before: 'new', copied };
}

type Device = { readonly deviceId: number; readonly token: string; readonly isFresh: boolean };

/** The browser of a cookie; by the one just replaced only for whom it is known already, who sent it twice at once. */
async function deviceOfCookie(tx: Context, of: FactorHolder, token: string | undefined): Promise<Device | undefined> {
  if (token === undefined || !isSecret(token)) return undefined;
  const [hash, next] = [fingerprint(token), followingSecret(tx, 'device', token)];
  const deviceId =
    (await rotateDevice(tx, hash, fingerprint(next))) ??
    (await knownByCookie(tx, hash, tx.now() - OVERLAP_MS, of))?.deviceId;
  return deviceId === undefined ? undefined : { deviceId, token: next, isFresh: false };
}

/** A cookie that follows from none before: whoever used this browser earlier, and kept its cookie, has no share in this one. */
async function ownCookie(tx: Context, deviceId: number): Promise<string> {
  const token = randomToken();
  await replaceCookie(tx, deviceId, fingerprint(token));
  return token;
}

/** Forgets everybody on the browser whose cookie this was before the present one; answers which. */
async function forgetCopied(tx: Context, token: string | undefined): Promise<number | undefined> {
  if (token === undefined || !isSecret(token)) return undefined;
  const deviceId = await spendPrevious(tx, fingerprint(token), tx.now() - OVERLAP_MS);
  if (deviceId !== undefined) await deleteKnownOn(tx, deviceId);
  return deviceId;
}

async function freshDevice(tx: Context): Promise<Device> {
  const token = randomToken();
  const row = { token_hash: fingerprint(token), previous_hash: null, rotated_at: tx.now() };
  return { deviceId: await insertDevice(tx, row), token, isFresh: true };
}

/** Trusts a browser with the second factor that this person just showed on it, where the operator allows that. */
export async function trustDevice(tx: Context, actor: Actor, of: FactorHolder, deviceId: number): Promise<void> {
  const most = await trustDays(tx, of.kind);
  if (most === 0) return;
  const until = tx.now() + days(most);
  await trustKnown(tx, of, deviceId, until);
  await audit(tx, actor, {
    event: eventOf(of, 'trusted'),
    description: `${actor.name} trusted a browser with their second factor`,
    ...ofHolder(of),
    details: { deviceId, until: new Date(until).toISOString() },
  });
}

/** Ends every trust of a person, and every remembering; in the transaction of what made it necessary. */
export async function distrustAll(tx: Context, of: FactorHolder, reason: string): Promise<void> {
  await endTrustIn(tx, of);
  await endRememberedRowsOf(tx, of, reason);
}

/** From now on the second factor is asked again on this browser. Throws not-found `device-not-found`. */
export async function endTrust(ctx: Context, actor: Actor, of: FactorHolder, deviceId: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    if ((await endTrustIn(tx, of, deviceId)) === 0) throw notFound('device-not-found');
    await audit(tx, actor, {
      event: eventOf(of, 'distrusted'),
      description: `${actor.name} ended the trust in a browser`,
      ...ofHolder(of),
      details: { deviceId },
    });
  });
}

/** Forgets a person on a browser: known, trusted, remembered. Call it in the transaction that ends their sessions there. */
export async function forgetDevice(tx: Context, actor: Actor, of: FactorHolder, deviceId: number): Promise<void> {
  if (!(await deleteKnown(tx, of, deviceId))) throw notFound('device-not-found');
  await endRememberedRowsOf(tx, of, 'forgotten', { deviceId });
  await audit(tx, actor, {
    event: eventOf(of, 'forgotten'),
    description: `${actor.name} had a browser forgotten`,
    ...ofHolder(of),
    details: { deviceId },
  });
}

/** A browser as its person sees it in the list. */
export type ListedDevice = {
  readonly deviceId: number;
  readonly userAgent: string;
  readonly ip: string;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly trustedUntil: number | undefined;
};

const MOST_LISTED = 100;

/** The browsers that a person signed in on, the one used last first; at most a hundred. */
export async function devicesOf(ctx: Context, of: FactorHolder): Promise<ListedDevice[]> {
  const rows = await knownDeviceRows(ctx, of, MOST_LISTED);
  return Promise.all(
    rows.map(async (row) => ({
      deviceId: row.device_id,
      userAgent: row.user_agent,
      ip: row.ip,
      firstSeenAt: row.first_seen_at,
      lastSeenAt: row.last_seen_at,
      trustedUntil: await trustEnd(ctx, of.kind, { trustedAt: row.trusted_at, trustedUntil: row.trusted_until }),
    })),
  );
}

function eventOf(of: FactorHolder, what: string): string {
  return `${of.kind === 'user' ? 'user' : 'admin'}.device.${what}`;
}

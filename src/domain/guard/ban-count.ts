// What counts towards the ban of an address: failed sign-ins to the admin area, for each address and name
// (behaviours.md, section 15, number 6). Names that nobody has count alike, so that a ban tells nothing.

import { failedAdminLoginBanMinutes, neverBanned } from '#domain/guard/guard.settings.ts';
import type { Limit } from '#domain/guard/limits.ts';
import { countUse, forgetUses } from '#domain/guard/limits.ts';
import { trustedRanges } from '#domain/guard/visitor.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { isLoopback, isWithin, networkName, plainAddress } from '#kit/address.ts';
import { minutes } from '#kit/duration.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** So many failures, in a quarter of an hour, shut out. */
export const FAILURES_TO_BAN = 3;
const FAILURES: Limit = { name: 'admin-login-failed', most: FAILURES_TO_BAN, withinMs: minutes(15) };

/**
 * Counts one failure; true for the one that makes it too many, after which the count begins anew. By then the name may be
 * shut out: `banFor` says whether.
 */
export async function countTowardsBan(ctx: Context, ip: string, name: string): Promise<boolean> {
  if ((await countUse(ctx, FAILURES, counted(ip, name))) < FAILURES_TO_BAN) return false;
  await forgetBanCount(ctx, ip, name);
  return true;
}

/** Forgets the failures of a name from an address: a success. */
export async function forgetBanCount(tx: Context, ip: string, name: string): Promise<void> {
  await forgetUses(tx, [{ limit: FAILURES, whom: counted(ip, name) }]);
}

/** What a ban for failed sign-ins from an address is to be. */
export type BanFor =
  | { readonly is: 'due'; readonly range: string; readonly minutes: number }
  /** `off`: by the setting. `listed`: on the operator's list. `ours`: a proxy, or this machine, behind which many may be. */
  | { readonly is: 'spared'; readonly why: 'off' | 'listed' | 'ours' };

/** Whether an address is shut out after too many failures, with what else, and for how long. */
export async function banFor(ctx: Context, ip: string): Promise<BanFor> {
  const [lasts, listed, proxies] = await Promise.all([
    settingOf(ctx, failedAdminLoginBanMinutes),
    settingOf(ctx, neverBanned),
    trustedRanges(ctx),
  ]);
  const never = listed.map((one) => one.range);
  if (never.some((range) => isWithin(ip, range))) return { is: 'spared', why: 'listed' };
  // A proxy that nobody told us of often sits on this machine: a ban would shut out everybody behind it.
  if (plainAddress(ip) === undefined || isLoopback(ip) || proxies.some((range) => isWithin(ip, range)))
    return { is: 'spared', why: 'ours' };
  if (lasts === 0) return { is: 'spared', why: 'off' };
  return { is: 'due', range: rangeToBan(ip, [...never, ...proxies]), minutes: lasts };
}

/** Of IPv6 the whole /64, which is one connection's own to choose addresses from; unless somebody is in it who is spared. */
function rangeToBan(ip: string, spared: readonly string[]): string {
  if (!ip.includes(':')) return ip;
  const whole = networkName(ip);
  return spared.some((range) => isWithin(addressOf(range), whole) || isWithin(addressOf(whole), range)) ? ip : whole;
}

function addressOf(range: string): string {
  return range.split('/')[0] ?? '';
}

function counted(ip: string, name: string): string {
  const from = ip.includes(':') ? networkName(ip) : ip;
  return `${from}|${comparable(name).slice(0, 300)}`;
}

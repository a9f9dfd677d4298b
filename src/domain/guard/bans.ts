// Banned addresses: shut out of the whole system, client and admin area (behaviours.md 5.2).

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { bansInForce, deleteBan, putBan, putBanUnlessLonger } from '#domain/guard/bans.table.ts';
import type { RangeIndex } from '#kit/address.ts';
import { isWithin, plainAddress, plainRange, rangeIndex } from '#kit/address.ts';
import { seconds } from '#kit/duration.ts';
import { invalid, notFound } from '#kit/problem.ts';
import { comparable, oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

const SNAPSHOT = 'bans';
const AGE = seconds(1);

/** A ban that holds. */
export type Ban = {
  readonly id: number;
  readonly range: string;
  readonly reason: string;
  readonly source: string;
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
  /** Whether whoever is shut out may read the reason. */
  readonly reasonShown: boolean;
};

/**
 * The ban that holds for an address, if any; of several the one that ends last. Another process's new ban is seen within a
 * second, our own at once.
 */
export async function banOf(ctx: Context, address: string): Promise<Ban | undefined> {
  const now = ctx.now();
  const bans =
    ctx.snapshots.known<RangeIndex<Ban>>(SNAPSHOT, now, AGE) ??
    (await ctx.snapshots.get(SNAPSHOT, now, AGE, () => indexOfBans(ctx)));
  const holding = bans.holding(address);
  if (holding.length === 0) return undefined;
  const inForce = holding.filter((ban) => endOf(ban) > now);
  return inForce.sort((a, b) => (endOf(b) > endOf(a) ? 1 : -1))[0];
}

async function indexOfBans(ctx: Context): Promise<RangeIndex<Ban>> {
  return rangeIndex((await listBans(ctx)).map((ban) => [ban.range, ban] as const));
}

function endOf(ban: Ban): number {
  return ban.expiresAt ?? Number.POSITIVE_INFINITY;
}

/** The bans that hold now, newest first. */
export async function listBans(ctx: Context): Promise<Ban[]> {
  return (await bansInForce(ctx)).map((row) => ({
    id: row.id,
    range: row.range,
    reason: row.reason,
    source: row.source,
    createdAt: row.created_at,
    expiresAt: row.expires_at ?? undefined,
    reasonShown: row.reason_shown === 1,
  }));
}

/** The bans that hold now and fit the words: a part of the range or the reason, or an address that the range holds. */
export async function findBans(ctx: Context, words: string): Promise<Ban[]> {
  const bans = await listBans(ctx);
  const wanted = comparable(words);
  if (wanted === '') return bans;
  const address = plainAddress(wanted);
  return bans.filter(
    (ban) =>
      ban.range.includes(wanted) ||
      comparable(ban.reason).includes(wanted) ||
      (address !== undefined && isWithin(address, ban.range)),
  );
}

/**
 * Bans an address or range (`1.2.3.*` becomes a /24). Refuses what is no range, what holds a good part of the internet (also
 * that half of it which the actor does not come from), and the actor's own address, since nobody means to lock everybody or
 * themselves out. Answers the ban's id.
 */
export async function banAddress(
  ctx: Context,
  actor: Actor,
  given: {
    readonly range: string;
    readonly reason: string;
    readonly expiresAt: number | undefined;
    readonly source: string;
    readonly reasonShown?: boolean;
  },
): Promise<number> {
  const range = plainRange(given.range);
  if (!range) throw invalid({ range: 'address-range-invalid' });
  if (isTooWide(range)) throw invalid({ range: 'ban-too-wide' });
  if (actor.ip !== '' && isWithin(actor.ip, range)) throw invalid({ range: 'ban-own-address' });
  if (given.expiresAt !== undefined && given.expiresAt <= ctx.now()) throw invalid({ expires: 'ban-in-the-past' });
  return ctx.transaction(async (tx) => {
    const id = await putBan(tx, {
      range,
      reason: oneLine(given.reason).slice(0, 500),
      source: given.source,
      created_at: tx.now(),
      expires_at: given.expiresAt ?? null,
      reason_shown: given.reasonShown ? 1 : 0,
    });
    await audit(tx, actor, {
      event: 'ban.ip.added',
      description: `The address ${range} was banned`,
      details: { range },
    });
    forgetKept(tx);
    return id;
  });
}

/** The widest range that may be banned, in bits of its network: what one company or one country may hold, and no more. */
const WIDEST = { v4: 8, v6: 16 };

function isTooWide(range: string): boolean {
  const bits = range.split('/')[1];
  return bits !== undefined && Number(bits) < (range.includes(':') ? WIDEST.v6 : WIDEST.v4);
}

/**
 * Bans for a while by a rule of Doorward's own. Answers the range; undefined where a ban of it holds as long already. `range`
 * as `plainRange` gives it; whoever calls has made sure that nobody is in it who must not be shut out.
 */
export async function banByRule(
  tx: Context,
  actor: Actor,
  given: { readonly range: string; readonly reason: string; readonly expiresAt: number; readonly source: string },
): Promise<string | undefined> {
  const { range, source, reason } = given;
  const row = { range, reason, source, created_at: tx.now(), expires_at: given.expiresAt, reason_shown: 0 };
  if ((await putBanUnlessLonger(tx, row)) === undefined) return undefined;
  await audit(tx, actor, {
    event: 'ban.ip.added',
    description: `The address ${range} was banned: ${reason}`,
    details: { range, source, until: given.expiresAt },
  });
  forgetKept(tx);
  return range;
}

/** Lifts a ban. Throws not-found. */
export async function liftBan(ctx: Context, actor: Actor, id: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const range = await deleteBan(tx, id);
    if (range === undefined) throw notFound('ban-not-found');
    await audit(tx, actor, {
      event: 'ban.ip.removed',
      description: `The ban of ${range} was lifted`,
      details: { range },
    });
    forgetKept(tx);
  });
}

/** At once for this transaction; for everybody once it is durable. */
function forgetKept(tx: Context): void {
  tx.snapshots.forget(SNAPSHOT);
  tx.afterCommit(() => tx.snapshots.forget(SNAPSHOT));
}

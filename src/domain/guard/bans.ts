// Banned addresses: shut out of the whole system, client and admin area (behaviours.md 5.2).

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { bansInForce, deleteBan, putBan } from '#domain/guard/bans.table.ts';
import { isWithin, plainRange } from '#kit/address.ts';
import { seconds } from '#kit/duration.ts';
import { invalid, notFound } from '#kit/problem.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

const SNAPSHOT = 'bans';

/** A ban that holds. */
export type Ban = {
  readonly id: number;
  readonly range: string;
  readonly reason: string;
  readonly source: string;
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
};

/** The ban that holds for an address, if any. Another process's new ban is seen within a second, our own at once. */
export async function banOf(ctx: Context, address: string): Promise<Ban | undefined> {
  const now = ctx.now();
  const bans = await ctx.snapshots.get(SNAPSHOT, now, seconds(1), () => listBans(ctx));
  return bans.find((ban) => (ban.expiresAt === undefined || ban.expiresAt > now) && isWithin(address, ban.range));
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
  }));
}

/**
 * Bans an address or range (`1.2.3.*` becomes a /24). Refuses what is no range, and the actor's own address,
 * since nobody means to lock themselves out. Answers the ban's id.
 */
export async function banAddress(
  ctx: Context,
  actor: Actor,
  given: {
    readonly range: string;
    readonly reason: string;
    readonly expiresAt: number | undefined;
    readonly source: string;
  },
): Promise<number> {
  const range = plainRange(given.range);
  if (!range) throw invalid({ range: 'address-range-invalid' });
  if (actor.ip !== '' && isWithin(actor.ip, range)) throw invalid({ range: 'ban-own-address' });
  if (given.expiresAt !== undefined && given.expiresAt <= ctx.now()) throw invalid({ expires: 'ban-in-the-past' });
  return ctx.transaction(async (tx) => {
    const id = await putBan(tx, {
      range,
      reason: oneLine(given.reason).slice(0, 500),
      source: given.source,
      created_at: tx.now(),
      expires_at: given.expiresAt ?? null,
    });
    await audit(tx, actor, {
      event: 'ban.ip.added',
      description: `The address ${range} was banned`,
      details: { range },
    });
    tx.afterCommit(() => ctx.snapshots.forget(SNAPSHOT));
    return id;
  });
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
    tx.afterCommit(() => ctx.snapshots.forget(SNAPSHOT));
  });
}

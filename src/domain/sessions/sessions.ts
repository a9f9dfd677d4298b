// The sessions of a person that hold now: their list, and the question that support puts to them.

import { adminIdleMinutes, userIdleMinutes } from '#domain/sessions/sessions.settings.ts';
import type { SessionRow } from '#domain/sessions/sessions.table.ts';
import { markAsked, openSessionRows, unmarkAsked } from '#domain/sessions/sessions.table.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { minutes } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';

/** A session as its owner sees it in the list. */
export type ListedSession = {
  readonly id: number;
  readonly origin: string;
  readonly ip: string;
  readonly userAgent: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly deviceId: number | undefined;
  readonly rememberedId: number | undefined;
};

/** The sessions of a person that hold now, newest first. */
export async function sessionsOf(
  ctx: Context,
  of: { userId: number } | { administratorId: number },
): Promise<ListedSession[]> {
  const idle = minutes(await settingOf(ctx, 'userId' in of ? userIdleMinutes : adminIdleMinutes));
  return (await openSessionRows(ctx, of)).filter((row) => row.last_seen_at + idle > ctx.now()).map(listed);
}

/**
 * Asks a user, on the pages of every browser that they are signed in with now, until `until`; later sign-ins are not asked.
 * Answers in how many. It takes the place of an earlier question.
 */
export async function askWhereSignedIn(tx: Context, userId: number, until: number): Promise<number> {
  await unmarkAsked(tx, userId);
  return markAsked(tx, userId, until, tx.now() - minutes(await settingOf(tx, userIdleMinutes)));
}

/** Asks them no more. */
export async function stopAsking(tx: Context, userId: number): Promise<void> {
  await unmarkAsked(tx, userId);
}

function listed(row: SessionRow): ListedSession {
  return {
    id: row.id,
    origin: row.origin,
    // Where staff sit is not the customer's to know.
    ip: row.origin === 'acting' ? '' : row.ip,
    userAgent: row.origin === 'acting' ? '' : row.user_agent,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    deviceId: row.device_id ?? undefined,
    rememberedId: row.remembered_id ?? undefined,
  };
}

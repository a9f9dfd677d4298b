// Who of the staff was signed in, from when to when and from where (behaviours.md 12, the admin log): an address that jumps
// shows here. It reaches back as far as sessions are kept, a month after they could last have held.

import { adminIdleMinutes } from '#domain/sessions/sessions.settings.ts';
import type { StaffSessionRow } from '#domain/sessions/staff-log.view.ts';
import { staffSessionRows } from '#domain/sessions/staff-log.view.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { minutes } from '#kit/duration.ts';
import type { KeysetPage, KeysetPlace } from '#kit/keyset.ts';
import { keysetPage } from '#kit/keyset.ts';
import type { Context } from '#src/context.ts';

/** How a session stands: it holds, its person signed out, it was ended for another reason, or nobody came back in time. */
export type StaffSessionState =
  | { readonly is: 'open' }
  | { readonly is: 'signed-out' | 'ended' | 'ran-out'; readonly at: number };

/** A session of an administrator. */
export type StaffSession = {
  readonly id: number;
  readonly administratorId: number;
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly ip: string;
  readonly userAgent: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly state: StaffSessionState;
};

/** A page of them, the newest first; of one administrator, or of all. */
export async function pageOfStaffSessions(
  ctx: Context,
  administratorId: number | undefined,
  place: KeysetPlace,
  size: number,
): Promise<KeysetPage<StaffSession>> {
  const idle = minutes(await settingOf(ctx, adminIdleMinutes));
  const page = { limit: size + 1, olderThan: place.after, newerThan: place.before };
  const read = (await staffSessionRows(ctx, administratorId, page)).map((row) => sessionFrom(ctx, row, idle));
  return keysetPage(place.before === undefined ? read : read.reverse(), size, place);
}

function sessionFrom(ctx: Context, row: StaffSessionRow, idle: number): StaffSession {
  return {
    id: row.id,
    administratorId: row.administrator_id,
    username: row.username,
    firstName: row.first_name,
    lastName: row.last_name,
    ip: row.ip,
    userAgent: row.user_agent,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    state: stateOf(ctx, row, idle),
  };
}

function stateOf(ctx: Context, row: StaffSessionRow, idle: number): StaffSessionState {
  if (row.ended_at !== null)
    return { is: row.ended_reason === 'signed-out' ? 'signed-out' : 'ended', at: row.ended_at };
  const end = Math.min(row.expires_at, row.last_seen_at + idle);
  return end > ctx.now() ? { is: 'open' } : { is: 'ran-out', at: end };
}

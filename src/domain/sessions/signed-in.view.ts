// The session check: one keyed read that says who a token belongs to. The hottest query of all, so its text is made once.

import type { EndReason } from '#domain/sessions/sessions.table.ts';
import { hotQuery } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

const USER =
  hotQuery<UserSessionRow>(`select s.id, s.user_id as "userId", s.methods, s.origin, s.ip, s.created_at as "createdAt",
 s.last_seen_at as "lastSeenAt", s.expires_at as "expiresAt", s.ended_at as "endedAt", s.ended_reason as "endedReason",
 s.proven_at as "provenAt", s.proven_by as "provenBy", s.acting_administrator_id as "actingId", s.acting_may_write as "actingMayWrite",
 s.device_id as "deviceId", s.asked_until as "askedUntil",
 u.first_name as "firstName", u.last_name as "lastName", u.email, u.language, u.disabled_at as "disabledAt",
 u.password_must_change as "mustChange", u.email_verified_at as "emailVerifiedAt"
 from sessions s join users u on u.id = s.user_id where s.token_hash = ?`);

// What an acting session hangs on: its administrator as they are now, and the session by which they are signed in.
const BEHIND =
  hotQuery<BehindActingRow>(`select a.username, a.disabled_at as "disabledAt", r.name as "roleName", r.permissions,
 h.id as "staffSessionId", h.expires_at as "expiresAt", h.ended_at as "endedAt", h.ended_reason as "endedReason", h.last_seen_at as "lastSeenAt"
 from sessions s join administrators a on a.id = s.acting_administrator_id join admin_roles r on r.id = a.role_id
 join sessions h on h.id = s.acting_session_id and h.administrator_id = s.acting_administrator_id where s.id = ?`);

const ADMINISTRATOR =
  hotQuery<AdministratorSessionRow>(`select s.id, s.administrator_id as "administratorId", s.methods, s.ip, s.created_at as "createdAt",
 s.last_seen_at as "lastSeenAt", s.expires_at as "expiresAt", s.ended_at as "endedAt", s.ended_reason as "endedReason",
 s.proven_at as "provenAt", s.proven_by as "provenBy", s.device_id as "deviceId",
 a.username, a.first_name as "firstName", a.last_name as "lastName", a.email, a.language, a.disabled_at as "disabledAt",
 a.role_id as "roleId", r.name as "roleName", r.permissions
 from sessions s join administrators a on a.id = s.administrator_id join admin_roles r on r.id = a.role_id where s.token_hash = ?`);

/** A customer's session as read. */
export type UserSessionRow = {
  id: number;
  userId: number;
  methods: string;
  origin: string;
  ip: string;
  createdAt: number;
  lastSeenAt: number;
  expiresAt: number;
  endedAt: number | null;
  endedReason: EndReason | null;
  provenAt: number;
  provenBy: string;
  actingId: number | null;
  actingMayWrite: number;
  askedUntil: number;
  deviceId: number | null;
  firstName: string;
  lastName: string;
  email: string;
  language: string;
  disabledAt: number | null;
  mustChange: number;
  emailVerifiedAt: number | null;
};

/** What an acting session hangs on, as read. */
export type BehindActingRow = {
  username: string;
  disabledAt: number | null;
  roleName: string;
  permissions: string;
  staffSessionId: number;
  expiresAt: number;
  endedAt: number | null;
  endedReason: EndReason | null;
  lastSeenAt: number;
};

/** An administrator's session as read, with the role. */
export type AdministratorSessionRow = {
  id: number;
  administratorId: number;
  methods: string;
  ip: string;
  createdAt: number;
  lastSeenAt: number;
  expiresAt: number;
  endedAt: number | null;
  endedReason: EndReason | null;
  provenAt: number;
  provenBy: string;
  deviceId: number | null;
  username: string;
  firstName: string;
  lastName: string;
  email: string;
  language: string;
  disabledAt: number | null;
  roleId: number;
  roleName: string;
  permissions: string;
};

/** The customer's session of a token hash, whatever its state. */
export async function userSessionRow(ctx: Context, tokenHash: string): Promise<UserSessionRow | undefined> {
  return (await USER(ctx, tokenHash))[0];
}

/** What an acting session hangs on; undefined when there is none of it any more. */
export async function behindActingRow(ctx: Context, sessionId: number): Promise<BehindActingRow | undefined> {
  return (await BEHIND(ctx, sessionId))[0];
}

/** The administrator's session of a token hash, whatever its state. */
export async function administratorSessionRow(
  ctx: Context,
  tokenHash: string,
): Promise<AdministratorSessionRow | undefined> {
  return (await ADMINISTRATOR(ctx, tokenHash))[0];
}

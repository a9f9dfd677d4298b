// The session check: one keyed read that says who a token belongs to. The hottest query of all, so its text is made once.

import type { EndReason } from '#domain/sessions/sessions.table.ts';
import { hotQuery } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

const USER =
  hotQuery<UserSessionRow>(`select s.id, s.user_id as "userId", s.methods, s.origin, s.ip, s.created_at as "createdAt",
 s.last_seen_at as "lastSeenAt", s.expires_at as "expiresAt", s.ended_at as "endedAt", s.ended_reason as "endedReason",
 u.first_name as "firstName", u.last_name as "lastName", u.email, u.language, u.disabled_at as "disabledAt",
 u.password_must_change as "mustChange", u.email_verified_at as "emailVerifiedAt"
 from sessions s join users u on u.id = s.user_id where s.token_hash = ?`);

const ADMINISTRATOR =
  hotQuery<AdministratorSessionRow>(`select s.id, s.administrator_id as "administratorId", s.methods, s.ip, s.created_at as "createdAt",
 s.last_seen_at as "lastSeenAt", s.expires_at as "expiresAt", s.ended_at as "endedAt", s.ended_reason as "endedReason",
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
  firstName: string;
  lastName: string;
  email: string;
  language: string;
  disabledAt: number | null;
  mustChange: number;
  emailVerifiedAt: number | null;
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

/** The administrator's session of a token hash, whatever its state. */
export async function administratorSessionRow(
  ctx: Context,
  tokenHash: string,
): Promise<AdministratorSessionRow | undefined> {
  return (await ADMINISTRATOR(ctx, tokenHash))[0];
}

// Who a token belongs to, asked at each request: one keyed read. A session ends by idleness and by age whether or not a
// cleaner runs (ASVS 5.0 V7.3).

import type { Permission } from '#domain/administrators/permissions.ts';
import { FULL_ADMINISTRATOR, isPermission, PERMISSIONS } from '#domain/administrators/permissions.ts';
import { strangerActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { sessionEnded } from '#domain/sessions/ending.ts';
import type { Person } from '#domain/sessions/proof.ts';
import {
  adminIdleMinutes,
  adminSessionAddressCheck,
  sessionAddressCheck,
  userIdleMinutes,
} from '#domain/sessions/sessions.settings.ts';
import type { EndReason } from '#domain/sessions/sessions.table.ts';
import { endSessionRow, touchSession } from '#domain/sessions/sessions.table.ts';
import type { UserSessionRow } from '#domain/sessions/signed-in.view.ts';
import { administratorSessionRow, behindActingRow, userSessionRow } from '#domain/sessions/signed-in.view.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { networkName } from '#kit/address.ts';
import { minutes } from '#kit/duration.ts';
import { fingerprint } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

/** When the person of a session last proved who they are, and by what; 0 where a program vouched for them. */
export type LastProof = { readonly provenAt: number; readonly provenBy: string };

/**
 * The administrator who acts in the place of the session's user, whether they may change anything, and until when. Whatever a
 * session leads on to (a token for another site, say) carries it: the actor is never lost (attacks.md, authorization).
 */
export type Acting = {
  readonly administratorId: number;
  readonly name: string;
  readonly mayWrite: boolean;
  readonly until: number;
};

/** A customer who is signed in. */
export type SignedInUser = {
  readonly sessionId: number;
  readonly userId: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly language: string;
  readonly mustChangePassword: boolean;
  /** Whether they have shown that they read letters to their address. */
  readonly addressProven: boolean;
  readonly methods: readonly string[];
  readonly signedInAt: number;
  readonly lastProof: LastProof;
  /** Somebody of staff sits here instead of the user. */
  readonly acting: Acting | undefined;
  /** Support asks whether it is they who speak to it. */
  readonly isAsked: boolean;
  readonly deviceId: number | undefined;
};

/** A member of staff who is signed in. */
export type SignedInAdministrator = {
  readonly sessionId: number;
  readonly administratorId: number;
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly language: string;
  readonly roleName: string;
  readonly permissions: readonly Permission[];
  readonly methods: readonly string[];
  readonly signedInAt: number;
  readonly lastProof: LastProof;
  readonly deviceId: number | undefined;
};

/** What a token is worth: somebody, or nothing, with the reason where there is one to tell. */
export type Checked<Who> = { readonly who: Who } | { readonly ended: EndReason | 'idle' | 'too-old' | 'unknown' };

/**
 * Who a customer's token belongs to. One keyed read; a write at most once a minute. The token of staff in a user's place is
 * worth nothing here: it opens what asks for it by name, and no other door. `from`: the address of whoever presents it, which
 * the operator may hold to where it was opened.
 */
export async function checkUserSession(ctx: Context, token: string, from?: string): Promise<Checked<SignedInUser>> {
  const row = await userSessionRow(ctx, fingerprint(token));
  if (!row || row.actingId !== null) return { ended: 'unknown' };
  const over = overBecause(ctx, row, await settingOf(ctx, userIdleMinutes));
  if (over) return { ended: over };
  if (!(await mayBeUsedFrom(ctx, 'user', row.ip, from))) return endMoved(ctx, { userId: row.userId }, row, from);
  if (ctx.now() - row.lastSeenAt >= minutes(1)) await touchSession(ctx, row.id);
  return { who: signedInUser(ctx, row, undefined) };
}

/** What a token of staff in a user's place is worth. `sessionId`: the session that is over. */
export type CheckedActing =
  | { readonly who: SignedInUser }
  | { readonly ended: EndReason | 'idle' | 'too-old' | 'unknown'; readonly sessionId: number | undefined };

/**
 * In whose place an acting token puts staff. Asked at each request, of the rows themselves: the administrator and what their
 * role allows now, and the session by which they are signed in. What is missing ends it, for good (attacks.md: ends when
 * the staff right is revoked). A right to change that was taken leaves the looking.
 */
export async function checkActingSession(ctx: Context, token: string, from?: string): Promise<CheckedActing> {
  const row = await userSessionRow(ctx, fingerprint(token));
  if (!row || row.actingId === null) return { ended: 'unknown', sessionId: undefined };
  const over = overBecause(ctx, row, await settingOf(ctx, userIdleMinutes));
  if (over) return { ended: over, sessionId: row.id };
  const staff = await staffBehind(ctx, row.id);
  if (!staff || !(await mayBeUsedFrom(ctx, 'administrator', row.ip, from))) {
    await endSessionRow(ctx, row.id, 'acting-over');
    return { ended: 'acting-over', sessionId: row.id };
  }
  if (ctx.now() - row.lastSeenAt >= minutes(1)) {
    await touchSession(ctx, row.id);
    await touchSession(ctx, staff.sessionId); // who clicks here is at the staff's browser
  }
  return {
    who: signedInUser(ctx, row, {
      administratorId: row.actingId,
      name: staff.username,
      mayWrite: row.actingMayWrite === 1 && staff.held.includes(ACTING_WRITES),
      until: row.expiresAt,
    }),
  };
}

/** The administrator behind an acting session, as long as they are signed in and may be there. */
async function staffBehind(
  ctx: Context,
  sessionId: number,
): Promise<{ sessionId: number; username: string; held: readonly Permission[] } | undefined> {
  const row = await behindActingRow(ctx, sessionId);
  if (!row || overBecause(ctx, row, await settingOf(ctx, adminIdleMinutes))) return undefined;
  const held = permissionsOfRole(row.roleName, row.permissions);
  return held.includes(ACTING_LOOKS) ? { sessionId: row.staffSessionId, username: row.username, held } : undefined;
}

/** Whether an acting session still has its administrator behind it; for a look without its token. */
export async function hasStaffBehind(ctx: Context, sessionId: number): Promise<boolean> {
  return (await staffBehind(ctx, sessionId)) !== undefined;
}

/** What it takes to look in the place of a user, and to change something there beside it. */
export const ACTING_LOOKS: Permission = 'Allow Login as Owner';
export const ACTING_WRITES: Permission = 'Impersonate (write)';

function signedInUser(ctx: Context, row: UserSessionRow, acting: Acting | undefined): SignedInUser {
  return {
    sessionId: row.id,
    userId: row.userId,
    firstName: row.firstName,
    lastName: row.lastName,
    email: row.email,
    language: row.language,
    mustChangePassword: row.mustChange === 1,
    addressProven: row.emailVerifiedAt !== null,
    methods: row.methods.split(','),
    signedInAt: row.createdAt,
    lastProof: { provenAt: row.provenAt, provenBy: row.provenBy },
    acting,
    isAsked: row.askedUntil > ctx.now(),
    deviceId: row.deviceId ?? undefined,
  };
}

/** Who an administrator's token belongs to, with what their role allows now. `from` as for a customer's. */
export async function checkAdministratorSession(
  ctx: Context,
  token: string,
  from?: string,
): Promise<Checked<SignedInAdministrator>> {
  const row = await administratorSessionRow(ctx, fingerprint(token));
  if (!row) return { ended: 'unknown' };
  const over = overBecause(ctx, row, await settingOf(ctx, adminIdleMinutes));
  if (over) return { ended: over };
  if (!(await mayBeUsedFrom(ctx, 'administrator', row.ip, from)))
    return endMoved(ctx, { administratorId: row.administratorId }, row, from);
  if (ctx.now() - row.lastSeenAt >= minutes(1)) await touchSession(ctx, row.id);
  return {
    who: {
      sessionId: row.id,
      administratorId: row.administratorId,
      username: row.username,
      firstName: row.firstName,
      lastName: row.lastName,
      email: row.email,
      language: row.language,
      roleName: row.roleName,
      permissions: permissionsOfRole(row.roleName, row.permissions),
      methods: row.methods.split(','),
      signedInAt: row.createdAt,
      lastProof: { provenAt: row.provenAt, provenBy: row.provenBy },
      deviceId: row.deviceId ?? undefined,
    },
  };
}

/**
 * Whether what was opened at one address may be used from another, by the operator's setting (WHMCS: "Disable Session IP
 * Check"; behaviours.md 3.2). Without `from` nobody presents it.
 */
export async function mayBeUsedFrom(
  ctx: Context,
  kind: Person['kind'],
  opened: string,
  from: string | undefined,
): Promise<boolean> {
  if (from === undefined || from === opened) return true;
  const check = await settingOf(ctx, kind === 'user' ? sessionAddressCheck : adminSessionAddressCheck);
  return check === 'off' || (check === 'network' && networkName(from) === networkName(opened));
}

/** Ends a session that was used from elsewhere, for its person too: its token is in other hands, or they will sign in again. */
async function endMoved(
  ctx: Context,
  of: { userId: number } | { administratorId: number },
  session: { readonly id: number; readonly ip: string },
  from: string | undefined,
): Promise<{ ended: EndReason }> {
  await ctx.transaction(async (tx) => {
    if (!(await endSessionRow(tx, session.id, 'address-moved'))) return;
    await audit(tx, strangerActor(from ?? ''), {
      event: sessionEnded(of),
      description: `A session that was opened at ${session.ip} was used from elsewhere, and ended`,
      ...of,
      details: { sessionId: session.id, reason: 'address-moved', openedAt: session.ip },
    });
  });
  return { ended: 'address-moved' };
}

type Timed = {
  lastSeenAt: number;
  expiresAt: number;
  endedAt: number | null;
  endedReason: EndReason | null;
  disabledAt: number | null;
};

function overBecause(ctx: Context, row: Timed, idleMinutes: number): EndReason | 'idle' | 'too-old' | undefined {
  if (row.endedAt !== null) return row.endedReason ?? 'signed-out';
  if (row.disabledAt !== null) return 'deactivated';
  if (row.expiresAt <= ctx.now()) return 'too-old';
  if (row.lastSeenAt + minutes(idleMinutes) <= ctx.now()) return 'idle';
  return undefined;
}

const readPermissions = new Map<string, readonly Permission[]>();

function permissionsOfRole(name: string, stored: string): readonly Permission[] {
  if (name === FULL_ADMINISTRATOR) return PERMISSIONS;
  const known = readPermissions.get(stored);
  if (known) return known;
  const read = (JSON.parse(stored) as string[]).filter(isPermission); // written by roles.ts
  if (readPermissions.size > 100) readPermissions.clear();
  readPermissions.set(stored, read);
  return read;
}

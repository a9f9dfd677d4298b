// Being signed in: opening a session by a Proof, checking a token, ending. Tokens are 256 random bits, hashed at rest
// (ASVS 5.0 V7.2.2 to V7.2.4); a session ends by idleness and by age whether or not a cleaner runs (V7.3).

import { administratorOf, mayTouchRole } from '#domain/administrators/administrators.ts';
import type { Permission } from '#domain/administrators/permissions.ts';
import { FULL_ADMINISTRATOR, isPermission, PERMISSIONS } from '#domain/administrators/permissions.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { Person, Proof } from '#domain/sessions/proof.ts';
import { isProof } from '#domain/sessions/proof.ts';
import {
  adminAbsoluteHours,
  adminIdleMinutes,
  userAbsoluteHours,
  userIdleMinutes,
} from '#domain/sessions/sessions.settings.ts';
import type { EndReason, SessionRow } from '#domain/sessions/sessions.table.ts';
import {
  endSessionRow,
  endSessionRowsOf,
  findHandover,
  insertSession,
  openSessionRows,
  replaceSessionToken,
  spendHandover,
  touchSession,
} from '#domain/sessions/sessions.table.ts';
import { administratorSessionRow, userSessionRow } from '#domain/sessions/signed-in.view.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { hours, minutes } from '#kit/duration.ts';
import { notFound } from '#kit/problem.ts';
import { fingerprint, randomToken } from '#kit/secret.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

export type { EndReason } from '#domain/sessions/sessions.table.ts';

/**
 * Where a session is opened from. `handoverMs`: for how long a program may move it into a browser, once. `replaces`: the
 * session of the same side that this browser held until now; it ends (ASVS 5.0 V7.2.4).
 */
export type Opening = {
  readonly ip: string;
  readonly userAgent: string;
  readonly origin: 'login' | 'sso' | 'api' | 'handover' | 'setup';
  readonly handoverMs?: number;
  /** The token of the link in a letter that is answered by signing in. */
  readonly answers?: string | undefined;
  readonly replaces?: number | undefined;
};

/** A session just opened. The token is known to its holder alone. */
export type OpenedSession = {
  readonly id: number;
  readonly token: string;
  readonly person: Person;
  readonly expiresAt: number;
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
  readonly signedInAt: number;
};

/** What a token is worth: somebody, or nothing, with the reason where there is one to tell. */
export type Checked<Who> = { readonly who: Who } | { readonly ended: EndReason | 'idle' | 'too-old' | 'unknown' };

/** Opens a session for whoever the Proof is of. Call it in the transaction of the sign-in. */
export async function openSession(tx: Context, proof: Proof, opening: Opening): Promise<OpenedSession> {
  if (!isProof(proof)) throw new Error('a session is opened by a Proof');
  const { person } = proof;
  const limit = person.kind === 'user' ? userAbsoluteHours : adminAbsoluteHours;
  if (opening.replaces !== undefined) await endSessionRow(tx, opening.replaces, 'replaced');
  const token = randomToken();
  const expiresAt = tx.now() + hours(await settingOf(tx, limit));
  const id = await insertSession(tx, {
    token_hash: fingerprint(token),
    kind: person.kind,
    user_id: person.kind === 'user' ? person.userId : null,
    administrator_id: person.kind === 'administrator' ? person.administratorId : null,
    methods: proof.methods.join(','),
    origin: opening.origin,
    ip: opening.ip,
    user_agent: oneLine(opening.userAgent).slice(0, 300),
    created_at: tx.now(),
    last_seen_at: tx.now(),
    expires_at: expiresAt,
    handover_until: opening.handoverMs === undefined ? null : tx.now() + opening.handoverMs,
    ended_at: null,
    ended_reason: null,
  });
  return { id, token, person, expiresAt };
}

/** Who a customer's token belongs to. One keyed read; a write at most once a minute. */
export async function checkUserSession(ctx: Context, token: string): Promise<Checked<SignedInUser>> {
  const row = await userSessionRow(ctx, fingerprint(token));
  if (!row) return { ended: 'unknown' };
  const over = overBecause(ctx, row, await settingOf(ctx, userIdleMinutes));
  if (over) return { ended: over };
  if (ctx.now() - row.lastSeenAt >= minutes(1)) await touchSession(ctx, row.id);
  return {
    who: {
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
    },
  };
}

/** Who an administrator's token belongs to, with what their role allows now. */
export async function checkAdministratorSession(ctx: Context, token: string): Promise<Checked<SignedInAdministrator>> {
  const row = await administratorSessionRow(ctx, fingerprint(token));
  if (!row) return { ended: 'unknown' };
  const over = overBecause(ctx, row, await settingOf(ctx, adminIdleMinutes));
  if (over) return { ended: over };
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
      signedInAt: row.createdAt,
    },
  };
}

/** A session as its owner sees it in the list. */
export type ListedSession = {
  readonly id: number;
  readonly origin: string;
  readonly ip: string;
  readonly userAgent: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
};

/** The sessions of a person that hold now, newest first. */
export async function sessionsOf(
  ctx: Context,
  of: { userId: number } | { administratorId: number },
): Promise<ListedSession[]> {
  const idle = minutes(await settingOf(ctx, 'userId' in of ? userIdleMinutes : adminIdleMinutes));
  return (await openSessionRows(ctx, of)).filter((row) => row.last_seen_at + idle > ctx.now()).map(listed);
}

/** Gives a session a new token and kills the old one, which is shown here. Answers undefined when it holds no more. */
export async function renewToken(ctx: Context, token: string): Promise<string | undefined> {
  const fresh = randomToken();
  return (await replaceSessionToken(ctx, fingerprint(token), fingerprint(fresh))) ? fresh : undefined;
}

/** Signs out: ends the session a person holds. */
export async function signOut(ctx: Context, actor: Actor, sessionId: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    if (!(await endSessionRow(tx, sessionId, 'signed-out'))) return;
    await audit(tx, actor, {
      event: actor.kind === 'administrator' ? 'admin.logout' : 'user.logout',
      description: `${actor.name} signed out`,
    });
  });
}

/** Ends one of a person's own sessions. Another's id is not found, like one that does not exist. */
export async function endOwnSession(
  ctx: Context,
  actor: Actor,
  of: { userId: number } | { administratorId: number },
  sessionId: number,
): Promise<void> {
  await ctx.transaction(async (tx) => {
    if (!(await endSessionRow(tx, sessionId, 'ended-elsewhere', of))) throw notFound('session-not-found');
    await audit(tx, actor, {
      event: sessionEnded(of),
      description: `${actor.name} ended a session`,
      details: { sessionId },
    });
  });
}

/** Ends every session of a person but for one. Answers how many ended. */
export async function endOtherSessions(
  ctx: Context,
  actor: Actor,
  of: { userId: number } | { administratorId: number },
  exceptId: number | undefined,
  reason: EndReason = 'ended-elsewhere',
): Promise<number> {
  return ctx.transaction(async (tx) => {
    const ended = await endSessionRowsOf(tx, of, reason, exceptId);
    await audit(tx, actor, {
      event: sessionEnded(of),
      description: `${ended} other sessions were ended`,
      ...('userId' in of ? { userId: of.userId } : {}),
      details: { reason, ended },
    });
    return ended;
  });
}

/**
 * Ends every session of a member of staff, the one of whoever does it excepted. Answers how many ended. Nobody ends those
 * of staff whose role holds more than their own.
 */
export async function endStaffSessions(
  ctx: Context,
  actor: Actor,
  administratorId: number,
  keepSessionId: number,
): Promise<number> {
  return ctx.transaction(async (tx) => {
    const administrator = await administratorOf(tx, administratorId);
    await mayTouchRole(tx, actor, administrator.role);
    const ended = await endSessionRowsOf(tx, { administratorId }, 'ended-by-staff', keepSessionId);
    await audit(tx, actor, {
      event: 'admin.session.ended',
      description: `${ended} sessions of ${administrator.username} were ended`,
      details: { administratorId, ended },
    });
    return ended;
  });
}

/** Ends every session of a person, inside the transaction of what made it necessary. */
export async function endAllSessions(
  tx: Context,
  of: { userId: number } | { administratorId: number },
  reason: EndReason,
  exceptId?: number,
): Promise<void> {
  await endSessionRowsOf(tx, of, reason, exceptId);
}

/** Whose session a program may still hand over by this token, as far as a look tells: `takeHandover` decides. */
export async function handoverUserId(tx: Context, token: string): Promise<number | undefined> {
  return (await findHandover(tx, fingerprint(token)))?.user_id ?? undefined;
}

/** A session handed over by a program: the old token is dead from here on, for exactly one caller. */
export async function takeHandover(
  tx: Context,
  token: string,
): Promise<{ userId: number; methods: string[] } | undefined> {
  const row = await spendHandover(tx, fingerprint(token));
  return row?.user_id ? { userId: row.user_id, methods: row.methods.split(',') } : undefined;
}

function sessionEnded(of: { userId: number } | { administratorId: number }): string {
  return 'userId' in of ? 'user.session.ended' : 'admin.session.ended';
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

function listed(row: SessionRow): ListedSession {
  return {
    id: row.id,
    origin: row.origin,
    ip: row.ip,
    userAgent: row.user_agent,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
  };
}

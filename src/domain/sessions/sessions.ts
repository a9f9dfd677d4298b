// Being signed in: opening a session by a Proof, checking a token, ending. Tokens are 256 random bits, hashed at rest
// (ASVS 5.0 V7.2.2 to V7.2.4); a session ends by idleness and by age whether or not a cleaner runs (V7.3).

import { administratorOf, mayTouchRole } from '#domain/administrators/administrators.ts';
import type { Permission } from '#domain/administrators/permissions.ts';
import { FULL_ADMINISTRATOR, isPermission, PERMISSIONS } from '#domain/administrators/permissions.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { strangerActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import { isFactorName, TRUSTED_DEVICE } from '#domain/credentials/factors.ts';
import { distrustAll } from '#domain/devices/devices.ts';
import type { RememberCookie } from '#domain/devices/remembered.ts';
import { forgetAllRemembered, forgetRemembered, REMEMBERED } from '#domain/devices/remembered.ts';
import type { Person, Proof } from '#domain/sessions/proof.ts';
import { isProof } from '#domain/sessions/proof.ts';
import { administratorSignedOut, userSignedOut } from '#domain/sessions/sessions.events.ts';
import {
  adminAbsoluteHours,
  adminIdleMinutes,
  adminSessionAddressCheck,
  sessionAddressCheck,
  userAbsoluteHours,
  userIdleMinutes,
} from '#domain/sessions/sessions.settings.ts';
import type { EndReason, SessionRow } from '#domain/sessions/sessions.table.ts';
import {
  endActingRowsOf,
  endSessionRow,
  endSessionRowsOf,
  findHandover,
  insertSession,
  markAsked,
  noteProven,
  openSessionRows,
  rememberedIdOf,
  replaceSessionToken,
  spendHandover,
  touchSession,
  unmarkAsked,
} from '#domain/sessions/sessions.table.ts';
import type { UserSessionRow } from '#domain/sessions/signed-in.view.ts';
import { administratorSessionRow, behindActingRow, userSessionRow } from '#domain/sessions/signed-in.view.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { networkName } from '#kit/address.ts';
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
  readonly origin: 'login' | 'remembered' | 'sso' | 'api' | 'handover' | 'setup' | 'acting';
  readonly handoverMs?: number;
  /** The token of the link in a letter that is answered by signing in. */
  readonly answers?: string | undefined;
  readonly replaces?: number | undefined;
  /**
   * The browser in which somebody signs in by a page: the cookie that it is known by, whether it is to be remembered, and
   * whether it is trusted from now on with the second factor that was shown. Without it no browser is met (domain/login).
   */
  readonly browser?: { readonly device: string | undefined; readonly remember: boolean; readonly trust: boolean };
  /** The browser, where it is known (topic devices). */
  readonly deviceId?: number | undefined;
  /** The "remember me" that it goes back to. */
  readonly rememberedId?: number | undefined;
  /** A token of 256 bits that nobody knows, where several requests are to be given the same; else one is drawn. */
  readonly token?: string | undefined;
  /** Staff open it in the place of the user. */
  readonly acting?: ActingOpening | undefined;
};

/** Who of staff, by which session of theirs, whether they may change anything, and when it is over. */
export type ActingOpening = {
  readonly administratorId: number;
  readonly sessionId: number;
  readonly mayWrite: boolean;
  readonly until: number;
};

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

/** A session just opened. The token is known to its holder alone. */
export type OpenedSession = {
  readonly id: number;
  readonly token: string;
  readonly person: Person;
  readonly expiresAt: number;
  /** What the browser keeps beyond the session: the cookie that it is known by, and the one that it is remembered by. */
  readonly device?: string | undefined;
  readonly remembered?: RememberCookie | undefined;
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

/** Opens a session for whoever the Proof is of. Call it in the transaction of the sign-in. */
export async function openSession(tx: Context, proof: Proof, opening: Opening): Promise<OpenedSession> {
  if (!isProof(proof)) throw new Error('a session is opened by a Proof');
  const { person } = proof;
  const limit = person.kind === 'user' ? userAbsoluteHours : adminAbsoluteHours;
  if (opening.replaces !== undefined) {
    await endSessionRow(tx, opening.replaces, 'replaced');
    await forgetWith(tx, opening.replaces, 'replaced');
  }
  const token = opening.token ?? randomToken();
  const { acting } = opening;
  const expiresAt = acting?.until ?? tx.now() + hours(await settingOf(tx, limit));
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
    // Staff proved who they are, not the user: nothing that asks for a fresh proof opens to them.
    ...(acting ? NO_PROOF : firstProof(tx, proof)),
    acting_administrator_id: acting?.administratorId ?? null,
    acting_may_write: Number(acting?.mayWrite ?? false),
    acting_session_id: acting?.sessionId ?? null,
    asked_until: 0,
    device_id: opening.deviceId ?? null,
    remembered_id: opening.rememberedId ?? null,
  });
  return { id, token, person, expiresAt };
}

const NO_PROOF = { proven_at: 0, proven_by: '' };

/** What a sign-in proved of the person: nothing, where a program vouched for them or the browser was enough. */
function firstProof(ctx: Context, { methods }: Proof): { proven_at: number; proven_by: string } {
  const by = methods.findLast((method) => method === 'password' || isFactorName(ctx, method));
  const elsewhere = ['sso', TRUSTED_DEVICE, REMEMBERED].some((one) => methods.includes(one));
  const onlyVouched = by === undefined || elsewhere;
  return onlyVouched ? NO_PROOF : { proven_at: ctx.now(), proven_by: by };
}

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

/** Gives a session a new token and kills the old one, which is shown here. Answers undefined when it holds no more. */
export async function renewToken(ctx: Context, token: string): Promise<string | undefined> {
  const fresh = randomToken();
  return (await replaceSessionToken(ctx, fingerprint(token), fingerprint(fresh))) ? fresh : undefined;
}

/** Notes that a session's person proved again who they are, and by what; false when the session is over. */
export async function noteProof(tx: Context, sessionId: number, by: string): Promise<boolean> {
  return noteProven(tx, sessionId, by);
}

/** Signs out: ends the session a person holds, and that they are remembered by it. */
export async function signOut(ctx: Context, actor: Actor, sessionId: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    if (!(await endSessionRow(tx, sessionId, 'signed-out'))) return;
    await forgetWith(tx, sessionId, 'signed-out');
    await audit(tx, actor, {
      event: actor.kind === 'administrator' ? 'admin.logout' : 'user.logout',
      description: `${actor.name} signed out`,
    });
    await announceSignOut(tx, actor, sessionId);
  });
}

/** Tells that somebody signed out, for whoever hears. */
export async function announceSignOut(tx: Context, actor: Actor, sessionId: number): Promise<void> {
  if (actor.kind === 'user') await tx.bus.announce(tx, userSignedOut, { userId: actor.userId, sessionId });
  if (actor.kind === 'administrator')
    await tx.bus.announce(tx, administratorSignedOut, { administratorId: actor.administratorId, sessionId });
}

async function forgetWith(tx: Context, sessionId: number, reason: EndReason): Promise<void> {
  const remembered = await rememberedIdOf(tx, sessionId);
  if (remembered !== undefined) await forgetRemembered(tx, remembered, reason);
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
    await forgetWith(tx, sessionId, 'ended-elsewhere');
    await audit(tx, actor, {
      event: sessionEnded(of),
      description: `${actor.name} ended a session`,
      details: { sessionId },
    });
  });
}

/**
 * Ends every session of a person but for one, and with them that other browsers are remembered; without one to keep, no
 * browser is trusted any more either. Answers how many ended.
 */
export async function endOtherSessions(
  ctx: Context,
  actor: Actor,
  of: { userId: number } | { administratorId: number },
  exceptId: number | undefined,
  reason: EndReason = 'ended-elsewhere',
): Promise<number> {
  return ctx.transaction(async (tx) => {
    const ended = await endSessionRowsOf(tx, of, reason, exceptId);
    await forgetOthers(tx, of, reason, exceptId);
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
    const kept =
      actor.kind === 'administrator' && actor.administratorId === administratorId ? keepSessionId : undefined;
    const ended = await endSessionRowsOf(tx, { administratorId }, 'ended-by-staff', kept);
    await forgetOthers(tx, { administratorId }, 'ended-by-staff', kept); // of a colleague no browser stays trusted either
    await audit(tx, actor, {
      event: 'admin.session.ended',
      description: `${ended} sessions of ${administrator.username} were ended`,
      details: { administratorId, ended },
    });
    return ended;
  });
}

async function forgetOthers(
  tx: Context,
  of: { userId: number } | { administratorId: number },
  reason: EndReason,
  exceptId: number | undefined,
): Promise<void> {
  if (exceptId === undefined) return distrustAll(tx, holderIn(of), reason);
  await forgetAllRemembered(tx, holderIn(of), reason, await rememberedIdOf(tx, exceptId));
}

function holderIn(of: { userId: number } | { administratorId: number }): FactorHolder {
  return 'userId' in of ? { kind: 'user', id: of.userId } : { kind: 'administrator', id: of.administratorId };
}

/**
 * Ends every session of a person, inside the transaction of what made it necessary; no browser stays remembered or trusted,
 * whichever session goes on.
 */
export async function endAllSessions(
  tx: Context,
  of: { userId: number } | { administratorId: number },
  reason: EndReason,
  exceptId?: number,
): Promise<void> {
  await endSessionRowsOf(tx, of, reason, exceptId);
  await distrustAll(tx, holderIn(of), reason);
}

/** Ends every session of an administrator in the place of a user. Answers the ids of those that ended. */
export async function endActingSessions(tx: Context, administratorId: number, reason: EndReason): Promise<number[]> {
  return endActingRowsOf(tx, administratorId, reason);
}

/** Ends one session of staff in the place of a user; true for exactly one caller. */
export async function endActingSession(tx: Context, sessionId: number, reason: EndReason): Promise<boolean> {
  return endSessionRow(tx, sessionId, reason);
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
    // Where staff sit is not the customer's to know.
    ip: row.origin === 'acting' ? '' : row.ip,
    userAgent: row.origin === 'acting' ? '' : row.user_agent,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    deviceId: row.device_id ?? undefined,
    rememberedId: row.remembered_id ?? undefined,
  };
}

// Ending sessions: by who holds them, by staff, by whatever makes it necessary; and what goes with them.

import { administratorOf, mayTouchRole } from '#domain/administrators/administrators.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import { distrustAll } from '#domain/devices/devices.ts';
import { forgetAllRemembered, forgetRemembered } from '#domain/devices/remembered.ts';
import { administratorSignedOut, userSignedOut } from '#domain/sessions/sessions.events.ts';
import type { EndReason } from '#domain/sessions/sessions.table.ts';
import { endActingRowsOf, endSessionRow, endSessionRowsOf, rememberedIdOf } from '#domain/sessions/sessions.table.ts';
import { notFound } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

export type { EndReason } from '#domain/sessions/sessions.table.ts';

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

/** Whoever goes back to this session is remembered by it no more. */
export async function forgetWith(tx: Context, sessionId: number, reason: EndReason): Promise<void> {
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

/** What the log calls the end of a session of theirs. */
export function sessionEnded(of: { userId: number } | { administratorId: number }): string {
  return 'userId' in of ? 'user.session.ended' : 'admin.session.ended';
}

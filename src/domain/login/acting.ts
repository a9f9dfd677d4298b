// Staff in the place of a user (behaviours.md 3.13): they see what the user sees, and with a permission of its own change
// what the account holds. A session apart, for half an hour, with a reason; both names in the log, the user's own log too.
//
// What keeps it from being a way in for more than that:
// - it hangs on the session of the administrator, who is looked at anew at each request (sessions.ts, checkActingSession)
// - its token is in a cookie of its own and opens the client area alone; what is the person's own is closed to it (front.ts)
// - it is opened by staff only, who proved lately who they are: no session in a user's place can open another
// - whoever is staff is nobody's to be

import { findMember } from '#domain/access/members.ts';
import type { Administrator } from '#domain/administrators/administrators.ts';
import { findAdministrator, holdAdministrator, listAdministrators } from '#domain/administrators/administrators.ts';
import type { Actor, StaffActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { findClient } from '#domain/clients/clients.ts';
import type { ActingEnd } from '#domain/login/acting.events.ts';
import { actingEnded, actingStarted } from '#domain/login/acting.events.ts';
import { actingLetterTo } from '#domain/login/acting.mail.ts';
import { actingLetter, actingMinutes, staffShownAs } from '#domain/login/acting.settings.ts';
import type { ActingVisitRow } from '#domain/login/acting.table.ts';
import { endActingVisit, findActingVisit, insertActingVisit, openActingVisits } from '#domain/login/acting.table.ts';
import { sessionEndOf } from '#domain/login/acting.view.ts';
import { holdHolder } from '#domain/login/holder.ts';
import { queueLetter } from '#domain/mail/outbox.ts';
import { endActingSession, endActingSessions } from '#domain/sessions/ending.ts';
import type { OpenedSession } from '#domain/sessions/opening.ts';
import { openSession } from '#domain/sessions/opening.ts';
import { makeProof } from '#domain/sessions/proof.ts';
import { ACTING_LOOKS, ACTING_WRITES, hasStaffBehind } from '#domain/sessions/signed-in.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { languageFor } from '#domain/settings/language-for.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { findUser, nameOf } from '#domain/users/users.ts';
import { days, minutes } from '#kit/duration.ts';
import { conflict, invalid, notAllowed, notFound } from '#kit/problem.ts';
import { comparable, oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** The most characters of a reason. */
export const LONGEST_REASON = 300;

/** Who of staff wants to be where. `clientId`: the account that it is about, which the user must belong to. */
export type ActingRequest = {
  readonly staff: { readonly sessionId: number; readonly methods: readonly string[] };
  readonly userId: number;
  readonly clientId: number | undefined;
  readonly reason: string;
  readonly mayWrite: boolean;
  readonly userAgent: string;
};

/**
 * Opens a session in the place of a user, whether or not they have a password. An earlier one of the same administrator ends:
 * nobody is in two places. Throws invalid (`reason`, `write`), not-found, conflict `acting-deactivated`, or not-allowed:
 * `permission-missing`, `acting-staff-target`.
 */
export async function actInPlace(ctx: Context, actor: StaffActor, request: ActingRequest): Promise<OpenedSession> {
  const reason = checkedReason(request.reason);
  const { userId, clientId, mayWrite } = request;
  return ctx.transaction(async (tx) => {
    const staff = await heldStaff(tx, actor, mayWrite);
    const holder = await holdHolder(tx, { kind: 'user', userId });
    if (!holder) throw notFound('user-not-found');
    // A deactivated person has no session of anybody's making; staff see all there is of them in the admin area.
    if (holder.disabled) throw conflict('acting-deactivated');
    if (await isStaffAddress(tx, holder.label)) throw notAllowed('acting-staff-target');
    if (clientId !== undefined) await requirePlace(tx, userId, clientId, mayWrite);
    await endEarlier(tx, actor, staff);
    const until = tx.now() + minutes(await settingOf(tx, actingMinutes));
    const session = await openSession(tx, makeProof(holder.person, ['acting', ...request.staff.methods]), {
      ip: actor.ip,
      userAgent: request.userAgent,
      origin: 'acting',
      acting: { administratorId: staff.id, sessionId: request.staff.sessionId, mayWrite, until },
    });
    await insertActingVisit(tx, {
      session_id: session.id,
      administrator_id: staff.id,
      user_id: userId,
      client_id: clientId ?? null,
      reason,
      may_write: Number(mayWrite),
      started_at: tx.now(),
      ends_at: until,
      ended_at: null,
      ended_why: null,
    });
    await audit(tx, actor, {
      event: 'admin.impersonation.started',
      description: `${staff.username} entered the client area in the place of ${holder.label} (${mayWrite ? 'may change' : 'read-only'}): ${reason}`,
      userId,
      clientId,
      details: { reason, mayWrite, sessionId: session.id },
    });
    await tx.bus.announce(tx, actingStarted, {
      administratorId: staff.id,
      userId,
      clientId,
      sessionId: session.id,
      mayWrite,
    });
    return session;
  });
}

/** Where staff were: the account that it was about, and the user. */
export type LeftPlace = { readonly userId: number; readonly clientId: number | undefined };

/** Leaves the place of a user, once; answers where that was, also to whoever comes late. */
export async function leavePlace(ctx: Context, actor: Actor, sessionId: number): Promise<LeftPlace | undefined> {
  return ctx.transaction(async (tx) => {
    const visit = await findActingVisit(tx, sessionId);
    if (!visit) return undefined;
    await endActingSession(tx, sessionId, 'signed-out');
    await noteEnd(tx, actor, visit, 'left', tx.now());
    return placeOf(visit);
  });
}

/** Where the staff of an acting session were, for the way back. */
export async function placeActedIn(ctx: Context, sessionId: number): Promise<LeftPlace | undefined> {
  const visit = await findActingVisit(ctx, sessionId);
  return visit && placeOf(visit);
}

/** Ends what an administrator has open in the place of a user, in the transaction of what made it necessary. */
export async function endActingOf(tx: Context, actor: Actor, administratorId: number): Promise<void> {
  await endOpen(tx, actor, administratorId, 'ended');
}

/**
 * Notes the end of every time that is over and was not left: its time ran out, or what it hung on ended. The sessions
 * themselves open nothing any more whether or not this was done.
 */
export async function noteOverActing(ctx: Context, actor: Actor): Promise<void> {
  for (const visit of await openActingVisits(ctx)) {
    const over = await overBy(ctx, visit);
    if (!over) continue;
    await ctx.transaction(async (tx) => {
      await endActingSession(tx, visit.session_id, 'acting-over');
      await noteEnd(tx, actor, visit, over.why, over.at);
    });
  }
}

/** How customers are told who of staff it was: the role or the name, as the setting says; undefined when they are gone. */
export async function shownStaff(ctx: Context, administratorId: number): Promise<string | undefined> {
  const staff = await findAdministrator(ctx, administratorId);
  if (!staff) return undefined;
  return (await settingOf(ctx, staffShownAs)) === 'name' ? nameOf(staff) : staff.role.name;
}

/** Whether an address is that of somebody of staff who may sign in: they are nobody's to be (attacks.md, authorization). */
export async function isStaffAddress(ctx: Context, email: string): Promise<boolean> {
  const key = comparable(email);
  return (await listAdministrators(ctx, false)).some((one) => comparable(one.email) === key);
}

function checkedReason(given: string): string {
  const reason = oneLine(given);
  if (reason === '') throw invalid({ reason: 'acting-reason-missing' });
  if ([...reason].length > LONGEST_REASON) throw invalid({ reason: 'too-long' });
  return reason;
}

/** The administrator, held: of two who start at once one waits, and finds the other's to end. */
async function heldStaff(tx: Context, actor: StaffActor, mayWrite: boolean): Promise<Administrator> {
  const staff = (await holdAdministrator(tx, actor.administratorId))?.administrator;
  if (!staff || staff.disabledAt !== undefined) throw notAllowed('login-refused');
  const needed = mayWrite ? [ACTING_LOOKS, ACTING_WRITES] : [ACTING_LOOKS];
  const missing = needed.find((one) => !staff.role.permissions.includes(one));
  if (missing) throw notAllowed('permission-missing', { permission: missing, role: staff.role.name });
  return staff;
}

/** The account that it is about: one of the user's, and what is closed is for looking only. */
async function requirePlace(tx: Context, userId: number, clientId: number, mayWrite: boolean): Promise<void> {
  const client = await findClient(tx, clientId);
  if (!client || !(await findMember(tx, userId, clientId))) throw notFound('client-not-found');
  if (client.status === 'Closed' && mayWrite) throw invalid({ write: 'acting-closed' });
}

async function endEarlier(tx: Context, actor: Actor, staff: Administrator): Promise<void> {
  await endOpen(tx, actor, staff.id, 'replaced');
}

async function endOpen(tx: Context, actor: Actor, administratorId: number, why: ActingEnd): Promise<void> {
  await endActingSessions(tx, administratorId, why === 'replaced' ? 'replaced' : 'acting-over');
  for (const visit of await openActingVisits(tx, administratorId)) {
    const over = visit.ends_at <= tx.now() ? { why: 'time' as const, at: visit.ends_at } : { why, at: tx.now() };
    await noteEnd(tx, actor, visit, over.why, over.at);
  }
}

/** Why and when one was over, if it is. */
async function overBy(ctx: Context, visit: ActingVisitRow): Promise<{ why: ActingEnd; at: number } | undefined> {
  const endedAt = await sessionEndOf(ctx, visit.session_id);
  if (endedAt !== undefined && endedAt < visit.ends_at) return { why: 'ended', at: endedAt };
  if (visit.ends_at <= ctx.now()) return { why: 'time', at: visit.ends_at };
  return (await hasStaffBehind(ctx, visit.session_id)) ? undefined : { why: 'ended', at: ctx.now() };
}

async function noteEnd(
  tx: Context,
  actor: Actor,
  visit: ActingVisitRow,
  why: ActingEnd,
  endedAt: number,
): Promise<void> {
  if (!(await endActingVisit(tx, visit.id, endedAt, why))) return;
  const user = await findUser(tx, visit.user_id);
  const staff = await findAdministrator(tx, visit.administrator_id);
  const { userId, clientId } = placeOf(visit);
  const facts = { administratorId: visit.administrator_id, userId, clientId, sessionId: visit.session_id };
  await audit(tx, actor, {
    event: 'admin.impersonation.ended',
    description: `${staff?.username ?? ''} is no longer in the place of ${user?.email ?? ''} (${ENDED[why]})`,
    userId,
    clientId,
    administratorId: visit.administrator_id,
    details: { why, sessionId: visit.session_id, minutes: Math.ceil((endedAt - visit.started_at) / minutes(1)) },
  });
  await tx.bus.announce(tx, actingEnded, { ...facts, mayWrite: visit.may_write === 1, why });
  if (await settingOf(tx, actingLetter)) await tellUser(tx, visit, endedAt);
}

const ENDED: Readonly<Record<ActingEnd, string>> = {
  left: 'left',
  time: 'the time ran out',
  replaced: 'went on to another',
  ended: 'ended',
};

async function tellUser(tx: Context, visit: ActingVisitRow, endedAt: number): Promise<void> {
  const user = await findUser(tx, visit.user_id);
  if (!user) return;
  const company = await settingOf(tx, companyName);
  const { code } = await languageFor(tx, user.language);
  await queueLetter(
    tx,
    actingLetterTo({
      to: { address: user.email, name: nameOf(user), language: code },
      company,
      staff: (await shownStaff(tx, visit.administrator_id)) ?? company,
      from: instantIn(code, visit.started_at),
      until: instantIn(code, endedAt),
      reason: visit.reason,
      mayWrite: visit.may_write === 1,
      url: await publicLink(tx, '/user/activity'),
      expiresAt: tx.now() + days(7),
      userId: user.id,
    }),
  );
}

function instantIn(language: string, at: number): string {
  return `${new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(at)} UTC`;
}

function placeOf(visit: ActingVisitRow): LeftPlace {
  return { userId: visit.user_id, clientId: visit.client_id ?? undefined };
}

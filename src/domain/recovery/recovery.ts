// The way back for somebody who lost every second factor and has no backup code left: they ask at the second step of signing
// in (so the password is known already), somebody vouches for them, everybody concerned has time to say no, and then their
// factors are taken away. No weaker than the front (ASVS 5.0 V6.4.3, V6.4.4): it never replaces the password, it takes two
// people and the mailbox that the person signs in with, it is told to every address that we know, and any of them ends it
// with one click.

import type { Actor } from '#domain/audit/actor.ts';
import { strangerActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { factorsOf } from '#domain/credentials/factors.ts';
import type { Limit } from '#domain/guard/limits.ts';
import { spendLimit } from '#domain/guard/limits.ts';
import { takeFactorsAway } from '#domain/login/factor-reset.ts';
import { passSecondFactor, waitingFor } from '#domain/login/next-step.ts';
import type { StepAnswer } from '#domain/login/steps.ts';
import { soleOwnerOver } from '#domain/recovery/approvers.ts';
import type { EndedWhy, RecoveryRow } from '#domain/recovery/recoveries.table.ts';
import {
  approveRow,
  dropExpiredRecoveries,
  endRow,
  endRowsOf,
  findRecoveryByCancel,
  findRecoveryByKey,
  findRecoveryRow,
  insertRecovery,
  openRecoveryRow,
  openRecoveryRows,
  spendRow,
} from '#domain/recovery/recoveries.table.ts';
import { recoveryApproved, recoveryAsked, recoveryEnded } from '#domain/recovery/recovery.events.ts';
import { recoveryWaitingHours } from '#domain/recovery/recovery.settings.ts';
import { sendRecoveryKey, tellRecovery } from '#domain/recovery/recovery-letters.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { User } from '#domain/users/users.ts';
import { holdUser, nameOf, userOf, usersOf } from '#domain/users/users.ts';
import { days, hours } from '#kit/duration.ts';
import { conflict, invalid, notAllowed, notFound } from '#kit/problem.ts';
import { constantTimeEqual, fingerprint, randomToken } from '#kit/secret.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** For how long a request waits for somebody to vouch, and an approved one for its person. */
const OPEN_MS = days(7);
const ASKED: Limit = { name: 'recovery', most: 3, withinMs: days(1) };
const MOST_WORDS = 500;

/** A recovery under way. `readyAt`: from when on it may be used, once somebody has vouched. */
export type Recovery = {
  readonly id: number;
  readonly user: User;
  readonly reason: string;
  readonly ip: string;
  readonly askedAt: number;
  readonly expiresAt: number;
  readonly approvedBy: string | undefined;
  readonly note: string;
  readonly readyAt: number | undefined;
};

/** The recovery of a person that is under way, if any. */
export async function recoveryOf(ctx: Context, userId: number): Promise<Recovery | undefined> {
  const row = await openRecoveryRow(ctx, userId);
  return row && recoveryFrom(row, await userOf(ctx, userId));
}

/** A recovery under way by its id. Throws not-found when it is over. */
export async function recoveryById(ctx: Context, id: number): Promise<Recovery> {
  const row = await findRecoveryRow(ctx, id);
  if (!row || isOver(ctx, row)) throw notFound('recovery-not-found');
  return recoveryFrom(row, await userOf(ctx, row.user_id));
}

/** Those under way, the oldest first; at most a hundred. */
export async function openRecoveries(ctx: Context): Promise<Recovery[]> {
  const rows = await openRecoveryRows(ctx, 100);
  const users = await usersOf(
    ctx,
    rows.map((row) => row.user_id),
  );
  return rows.flatMap((row) => {
    const user = users.get(row.user_id);
    return user ? [recoveryFrom(row, user)] : [];
  });
}

/** The user whose sign-in waits for a second factor in this attempt; undefined when none does, or for staff. */
export async function whoLostTheirFactor(ctx: Context, attempt: string): Promise<number | undefined> {
  const waiting = await waitingFor(ctx, 'second-factor', attempt);
  return waiting?.person.kind === 'user' ? waiting.person.userId : undefined;
}

/**
 * Asks for it, in a sign-in that waits for the second factor. Every address that we know of is told, with a link that ends
 * it. Throws invalid with the field `reason`, conflict `recovery-under-way`, not-allowed `attempt-over`, or `too-many`.
 */
export async function askRecovery(ctx: Context, attempt: string, given: { reason: string }, ip: string): Promise<void> {
  const reason = wordsOf(given.reason, 'reason');
  const userId = await whoLostTheirFactor(ctx, attempt);
  if (userId === undefined) throw notAllowed('attempt-over');
  await spendLimit(ctx, ASKED, `user ${userId}`);
  const token = randomToken();
  await ctx.transaction(async (tx) => {
    const user = (await holdUser(tx, userId))?.user;
    if (!user || user.disabledAt !== undefined) throw notAllowed('attempt-over');
    await dropExpiredRecoveries(tx, userId);
    const id = await insertRecovery(tx, {
      user_id: userId,
      reason,
      ip,
      cancel_hash: fingerprint(token),
      asked_at: tx.now(),
      expires_at: tx.now() + OPEN_MS,
      approved_at: null,
      approved_by: null,
      approver_user_id: null,
      note: '',
      ready_at: null,
      key_hash: null,
      used_at: null,
      ended_at: null,
      ended_why: null,
    });
    if (id === undefined) throw conflict('recovery-under-way');
    await audit(tx, strangerActor(ip), {
      event: 'user.2fa.recovery_asked',
      description: `Somebody who knows the password of ${user.email} asked to sign in without the second factor`,
      userId,
      details: { recoveryId: id },
    });
    await tellRecovery(tx, user, { news: 'asked', token, ip, expiresAt: tx.now() + OPEN_MS });
    await tx.bus.announce(tx, recoveryAsked, { userId, recoveryId: id });
  });
}

/**
 * Vouches for somebody: staff, or the owner of every account that they may enter (approvers.ts). `note` says how it was
 * made sure. The waiting time begins, and the key that finishes it goes to the address that the person signs in with: a thief
 * who knows the password has no use of what was vouched for somebody else. Throws invalid with the field `note`, not-allowed, or not-found when it is over.
 */
export async function approveRecovery(ctx: Context, actor: Actor, id: number, given: { note: string }): Promise<void> {
  const note = wordsOf(given.note, 'note');
  const waiting = hours(await settingOf(ctx, recoveryWaitingHours));
  await ctx.transaction(async (tx) => {
    const { user } = await recoveryById(tx, id);
    await holdUser(tx, user.id);
    await requireApprover(tx, actor, user.id);
    const readyAt = tx.now() + waiting;
    const key = randomToken();
    const approved = await approveRow(tx, id, {
      key_hash: fingerprint(key),
      approved_by: actor.name,
      approver_user_id: actor.kind === 'user' ? actor.userId : null,
      note,
      ready_at: readyAt,
      expires_at: readyAt + OPEN_MS,
    });
    if (!approved) throw notFound('recovery-not-found');
    await audit(tx, actor, {
      event: 'user.2fa.recovery_approved',
      description: `${actor.name} vouched for ${user.email}, who lost the second factor`,
      userId: user.id,
      details: { recoveryId: id, note, readyAt },
    });
    const token = await laterToken(tx, id);
    await sendRecoveryKey(tx, user, { key, readyAt, expiresAt: readyAt + OPEN_MS });
    await tellRecovery(tx, user, { news: 'approved', token, by: actor.name, readyAt, expiresAt: readyAt + OPEN_MS });
    await tx.bus.announce(tx, recoveryApproved, { userId: user.id, recoveryId: id });
  });
}

/** Says no, before or after somebody vouched. Who may say yes may say no. Throws not-allowed, or not-found when it is over. */
export async function declineRecovery(ctx: Context, actor: Actor, id: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const { user } = await recoveryById(tx, id);
    await requireApprover(tx, actor, user.id);
    if (!(await endRow(tx, id, 'declined'))) throw notFound('recovery-not-found');
    await noteEnd(tx, actor, user, id, 'declined');
  });
}

/** What the link in a letter is worth now. */
export async function cancelLinkState(ctx: Context, token: string): Promise<'open' | 'over' | 'unknown'> {
  const row = await findByLink(ctx, token);
  if (!row) return 'unknown';
  return isOver(ctx, row) ? 'over' : 'open';
}

/** Ends a recovery by the link in a letter: whoever holds it was told of it. Throws not-found when it is over. */
export async function cancelRecovery(ctx: Context, token: string, ip: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    const row = await findByLink(tx, token);
    if (!row || isOver(tx, row) || !(await endRow(tx, row.id, 'cancelled'))) throw notFound('recovery-not-found');
    await noteEnd(tx, strangerActor(ip), await userOf(tx, row.user_id), row.id, 'cancelled');
  });
}

/** Ends whatever of a person is under way: they have their factor after all, or their sign-in changed meanwhile. */
export async function endRecoveriesOf(tx: Context, userId: number, why: EndedWhy): Promise<void> {
  await endRowsOf(tx, userId, why);
}

/**
 * Takes the lost factors away and goes on with the sign-in that waits for one: by the key from the person's mailbox, once
 * somebody vouched, the waiting time is over, and nobody said no. One caller of any number. Throws not-allowed
 * `recovery-not-ready` or `attempt-over`.
 */
export async function finishRecovery(ctx: Context, attempt: string, key: string, ip: string): Promise<StepAnswer> {
  const userId = await whoLostTheirFactor(ctx, attempt);
  const row = await findRecoveryByKey(ctx, fingerprint(key));
  if (userId === undefined || row?.user_id !== userId) throw notAllowed('recovery-not-ready');
  return passSecondFactor(ctx, attempt, ip, async (tx, holder) => {
    // Whoever vouched as the owner of all their accounts still is.
    if (row.approver_user_id !== null && (await soleOwnerOver(tx, userId)) !== row.approver_user_id)
      throw notAllowed('recovery-not-ready');
    if ((await factorsOf(tx, holder.factor)).length === 0) throw notAllowed('attempt-over');
    if (!(await spendRow(tx, row.id, fingerprint(key)))) throw notAllowed('recovery-not-ready');
    const actor: Actor = { kind: 'user', userId, name: holder.label, ip };
    await takeFactorsAway(tx, actor, holder.factor, { by: 'recovery', reason: row.note });
  });
}

/** Of the letter that is written once somebody vouched. The link before it stops the same: whichever letter is read first. */
async function laterToken(ctx: Context, id: number): Promise<string> {
  const row = await findRecoveryRow(ctx, id);
  return `${id}-${ctx.seal.sign('recovery-cancel', `${id}|${row?.cancel_hash}`)}`;
}

async function findByLink(ctx: Context, token: string): Promise<RecoveryRow | undefined> {
  const row = await findRecoveryByCancel(ctx, fingerprint(token));
  const id = /^(\d{1,15})-/.exec(token)?.[1];
  if (row || id === undefined) return row;
  return constantTimeEqual(await laterToken(ctx, Number(id)), token) ? findRecoveryRow(ctx, Number(id)) : undefined;
}

async function requireApprover(ctx: Context, actor: Actor, userId: number): Promise<void> {
  if (actor.kind === 'administrator') return; // whose page asked for the permission
  const isOwner = actor.kind === 'user' && (await soleOwnerOver(ctx, userId)) === actor.userId;
  if (!isOwner) throw notAllowed('recovery-not-yours');
}

async function noteEnd(tx: Context, actor: Actor, user: User, id: number, why: EndedWhy): Promise<void> {
  await audit(tx, actor, {
    event: 'user.2fa.recovery_ended',
    description: `The recovery of ${user.email} was ended: ${why}`,
    userId: user.id,
    details: { recoveryId: id, why },
  });
  await tellRecovery(tx, user, { news: why === 'declined' ? 'declined' : 'cancelled' });
  await tx.bus.announce(tx, recoveryEnded, { userId: user.id, recoveryId: id });
}

const MISSING = { reason: 'recovery-reason-missing', note: 'recovery-note-missing' } as const;

function wordsOf(given: string, field: 'reason' | 'note'): string {
  const words = oneLine(given).trim();
  if (words === '') throw invalid({ [field]: MISSING[field] });
  if (words.length > MOST_WORDS) throw invalid({ [field]: 'too-long' });
  return words;
}

/** Whether nothing can come of it any more. */
export function isOver(ctx: Context, row: RecoveryRow): boolean {
  return row.ended_at !== null || row.used_at !== null || row.expires_at <= ctx.now();
}

function recoveryFrom(row: RecoveryRow, user: User): Recovery {
  return {
    id: row.id,
    user,
    reason: row.reason,
    ip: row.ip,
    askedAt: row.asked_at,
    expiresAt: row.expires_at,
    approvedBy: row.approved_by ?? undefined,
    note: row.note,
    readyAt: row.ready_at ?? undefined,
  };
}

/** How a recovery's person is called. */
export function recoveryName(recovery: Recovery): string {
  return nameOf(recovery.user);
}

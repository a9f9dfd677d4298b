// Who gets access to an account, what of it changes, and how it ends: a step each, which holds from their next click on.

import { accessAdded, accessPermissionsChanged, accessRemoved } from '#domain/access/access.events.ts';
import type { Access, AccessLimits } from '#domain/access/access.ts';
import { accessFaults, accessOf, columnsOf, wholeAccess } from '#domain/access/access.ts';
import type { EndedBy } from '#domain/access/former-members.table.ts';
import { dropFormerMember, putFormerMember } from '#domain/access/former-members.table.ts';
import type { AccessColumns, MemberRow } from '#domain/access/members.table.ts';
import {
  deleteEndedMembers,
  deleteMember,
  insertMember,
  lockMemberRow,
  updateMemberAccess,
} from '#domain/access/members.table.ts';
import type { Member } from '#domain/access/members.ts';
import { memberFrom, ownerIdOf } from '#domain/access/members.ts';
import type { AccessPermission } from '#domain/access/permissions.ts';
import { isAccessPermission } from '#domain/access/permissions.ts';
import type { Term } from '#domain/access/terms.ts';
import { isOver } from '#domain/access/terms.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { holdClient } from '#domain/clients/clients.ts';
import { keepUser } from '#domain/users/users.ts';
import { conflict, invalid, notAllowed, notFound } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/**
 * Makes a user the owner of a client that has none yet. Of any number at once one becomes it. Throws not-found, or conflict
 * `client-has-owner` or `already-member`.
 */
export async function addOwner(ctx: Context, actor: Actor, userId: number, clientId: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    await keepUser(tx, userId);
    await holdClient(tx, clientId, 'change');
    if ((await ownerIdOf(tx, clientId)) !== undefined) throw conflict('client-has-owner');
    if (!(await linkAnew(tx, memberRow(tx, userId, clientId, true, columnsOf(EVERYTHING)))))
      throw conflict('already-member');
    await audit(tx, actor, {
      event: 'access.owner_set',
      description: `User ${userId} became the owner`,
      clientId,
      userId,
    });
  });
}

/** Links a user to a client with permissions. Throws not-found, invalid, or conflict when they are linked already. */
export async function addMember(
  ctx: Context,
  actor: Actor,
  userId: number,
  clientId: number,
  permissions: readonly AccessPermission[],
  limits: AccessLimits = {},
): Promise<void> {
  const access = wholeAccess(permissions, limits);
  await ctx.transaction(async (tx) => {
    await keepUser(tx, userId);
    await holdClient(tx, clientId, 'keep');
    await linkMember(tx, userId, clientId, access);
    await audit(tx, actor, {
      event: 'access.added',
      description: `User ${userId} was given access`,
      clientId,
      userId,
      details: access,
    });
    await tx.bus.announce(tx, accessAdded, { clientId, userId });
  });
}

/**
 * Links a user to a client in the transaction of what gave them the access; for this topic's own files, which have both
 * held and write the audit line. Throws invalid, or conflict `already-member`.
 */
export async function linkMember(tx: Context, userId: number, clientId: number, access: Access): Promise<void> {
  const faults = accessFaults(access, tx.now());
  if (Object.keys(faults).length > 0) throw invalid(faults);
  if (!(await linkAnew(tx, memberRow(tx, userId, clientId, false, columnsOf(access)))))
    throw conflict('already-member');
}

/** What may be changed of a membership. Absent stays; the two ends of a term are given together. */
export type AccessChange = {
  readonly permissions?: readonly string[];
  readonly serviceIds?: readonly number[];
  readonly mayInvite?: boolean;
  readonly term?: Term;
};

/** Changes what a member may do. Throws not-found (no such membership), invalid, or not-allowed (an owner). */
export async function changePermissions(
  ctx: Context,
  actor: Actor,
  userId: number,
  clientId: number,
  permissions: readonly string[],
): Promise<void> {
  await changeAccess(ctx, actor, userId, clientId, { permissions });
}

/**
 * Changes what a member may do, for how long, and whether they may invite. It holds from their next click on. Throws
 * not-found (no such membership), invalid, or not-allowed (an owner).
 */
export async function changeAccess(
  ctx: Context,
  actor: Actor,
  userId: number,
  clientId: number,
  change: AccessChange,
): Promise<void> {
  if (change.permissions?.some((one) => !isAccessPermission(one)))
    throw invalid({ permissions: 'permissions-missing' });
  await ctx.transaction(async (tx) => {
    const before = await heldMember(tx, userId, clientId);
    if (before.isOwner) throw notAllowed('owner-permissions-fixed');
    const after = changedAccess(before, change);
    const faults = accessFaults(after, tx.now());
    if (Object.keys(faults).length > 0) throw invalid(faults);
    if (!(await updateMemberAccess(tx, userId, clientId, columnsOf(after))))
      throw notAllowed('owner-permissions-fixed');
    await audit(tx, actor, {
      event: 'access.permissions_changed',
      description: `What user ${userId} may do was changed`,
      clientId,
      userId,
      details: { before: accessOf(before), after },
    });
    await tx.bus.announce(tx, accessPermissionsChanged, { clientId, userId, fields: changedFields(before, after) });
  });
}

/** Takes a member's access away. Their next click is refused. Throws not-found, or not-allowed for an owner. */
export async function removeMember(ctx: Context, actor: Actor, userId: number, clientId: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const before = await heldMember(tx, userId, clientId);
    if (before.isOwner || !(await deleteMember(tx, userId, clientId))) throw notAllowed('owner-not-removable');
    await noteEnd(tx, actor, before, 'removed', `The access of user ${userId} was removed`);
  });
}

/** Gives up one's own access. Throws not-found, or not-allowed `owner-cannot-leave`: an account always has its owner. */
export async function leaveAccount(ctx: Context, actor: Actor, userId: number, clientId: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const before = await heldMember(tx, userId, clientId);
    if (before.isOwner || !(await deleteMember(tx, userId, clientId))) throw notAllowed('owner-cannot-leave');
    await noteEnd(tx, actor, before, 'left', `User ${userId} left the account`);
  });
}

/** Takes away a membership whose time is over, if it still is. Answers whether there was one: of several cleaners one is told so. */
export async function tidyMember(tx: Context, actor: Actor, userId: number, clientId: number): Promise<boolean> {
  const [gone] = await deleteEndedMembers(tx, [userId], clientId);
  if (!gone) return false;
  await noteEnd(tx, actor, memberFrom(gone), 'term', `The access of user ${userId} ended`);
  return true;
}

const EVERYTHING = wholeAccess([], {});

function changedAccess(before: Member, { permissions, serviceIds, mayInvite, term }: AccessChange): Access {
  const { startsAt, endsAt } = term ?? before;
  return wholeAccess(permissions ?? before.permissions, {
    serviceIds: serviceIds ?? before.serviceIds,
    mayInvite: mayInvite ?? before.mayInvite,
    startsAt,
    endsAt,
  });
}

function changedFields(before: Access, after: Access): string[] {
  const [one, other] = [columnsOf(before), columnsOf(after)];
  const columns = ['permissions', 'service_ids', 'may_invite', 'starts_at', 'ends_at'] as const;
  return columns.filter((column) => one[column] !== other[column]);
}

async function heldMember(tx: Context, userId: number, clientId: number): Promise<Member> {
  const row = await lockMemberRow(tx, userId, clientId);
  const member = row && memberFrom(row);
  if (!member || isOver(member, tx.now())) throw notFound('not-a-member');
  return member;
}

/** Adds a row; what is left there of an access that is over does not stand in its way. */
async function linkAnew(tx: Context, row: MemberRow): Promise<boolean> {
  await deleteEndedMembers(tx, [row.user_id], row.client_id);
  if (!(await insertMember(tx, row))) return false;
  await dropFormerMember(tx, row.user_id, row.client_id);
  return true;
}

async function noteEnd(tx: Context, actor: Actor, member: Member, why: EndedBy, description: string): Promise<void> {
  const { userId, clientId } = member;
  const endedAt = why === 'term' ? (member.endsAt ?? tx.now()) : tx.now();
  await putFormerMember(tx, { client_id: clientId, user_id: userId, ended_at: endedAt, why });
  await audit(tx, actor, { event: 'access.removed', description, clientId, userId, details: { why } });
  await tx.bus.announce(tx, accessRemoved, { clientId, userId, why });
}

function memberRow(tx: Context, userId: number, clientId: number, isOwner: boolean, access: AccessColumns): MemberRow {
  return {
    ...access,
    client_id: clientId,
    user_id: userId,
    is_owner: isOwner ? 1 : 0,
    created_at: tx.now(),
    last_entered_at: null,
  };
}

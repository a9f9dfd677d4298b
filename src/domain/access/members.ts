// Who may enter a client account and what they may do there. The one place that answers it; read anew at each request,
// so that what an owner takes away is gone with the next click, and what ends by its term with the stroke of the clock,
// whether or not a cleaner runs.

import { accessAdded, accessPermissionsChanged, accessRemoved } from '#domain/access/access.events.ts';
import type { EndedBy } from '#domain/access/former-members.table.ts';
import { dropFormerMember, putFormerMember } from '#domain/access/former-members.table.ts';
import type { AccessColumns, MemberRow } from '#domain/access/members.table.ts';
import {
  deleteEndedMembers,
  deleteMember,
  deleteMembersOf,
  findMemberRow,
  insertMember,
  lockMemberRow,
  memberRowsOfUsers,
  ownerRows,
  touchMember,
  updateMemberAccess,
} from '#domain/access/members.table.ts';
import { personRows } from '#domain/access/people.view.ts';
import type { AccessPermission } from '#domain/access/permissions.ts';
import { ACCESS_PERMISSIONS, isAccessPermission, permissionsIn } from '#domain/access/permissions.ts';
import { openAccountRows } from '#domain/access/switcher.view.ts';
import type { Term } from '#domain/access/terms.ts';
import { isOver, runs, termFaults } from '#domain/access/terms.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { Client } from '#domain/clients/clients.ts';
import { clientsOf, holdClient, removeClient } from '#domain/clients/clients.ts';
import type { User } from '#domain/users/users.ts';
import { holdForRemoval, keepUser, removeUser, userFrom, userOf } from '#domain/users/users.ts';
import { minutes } from '#kit/duration.ts';
import { conflict, invalid, notAllowed, notFound } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** What somebody is given in an account, and from when until when. */
export type Access = Term & {
  readonly permissions: readonly AccessPermission[];
  /** The services they are limited to; empty for every one. */
  readonly serviceIds: readonly number[];
  /** Whether they may invite others, to no more than they hold themselves. */
  readonly mayInvite: boolean;
};

/** A user's standing in one client account. */
export type Member = Access & {
  readonly userId: number;
  readonly clientId: number;
  readonly isOwner: boolean;
  readonly createdAt: number;
  readonly lastEnteredAt: number | undefined;
};

/** Whether a member may do something. Owners may do everything. */
export function may(member: Member, permission: AccessPermission): boolean {
  return member.isOwner || member.permissions.includes(permission);
}

/** Whether a member may give others access: an owner, or somebody whom an owner let. */
export function mayInvite(member: Member): boolean {
  return member.isOwner || member.mayInvite;
}

/** Whether a member's access reaches a service; one without an id is none in particular. */
export function reachesService(member: Member, serviceId: number | undefined): boolean {
  return serviceId === undefined || member.serviceIds.length === 0 || member.serviceIds.includes(serviceId);
}

/** The membership of a user in a client that holds now, if any: for whoever is about to be let in. */
export async function findMember(ctx: Context, userId: number, clientId: number): Promise<Member | undefined> {
  const member = await findMembership(ctx, userId, clientId);
  return member && runs(member, ctx.now()) ? member : undefined;
}

/** The membership of a user in a client, now or to come: for whoever looks after it. */
export async function findMembership(ctx: Context, userId: number, clientId: number): Promise<Member | undefined> {
  const row = await findMemberRow(ctx, userId, clientId);
  const member = row && memberFrom(row);
  return member && !isOver(member, ctx.now()) ? member : undefined;
}

/** An account that a user may enter. */
export type Account = { readonly client: Client; readonly member: Member };

/** The accounts that are open to a user now, the oldest first. Closed ones too: whoever shows them decides. */
export async function accountsOf(ctx: Context, userId: number): Promise<Account[]> {
  return (await linkedAccountsOf(ctx, userId)).filter(({ member }) => runs(member, ctx.now()));
}

/** The accounts of a user with those whose time is to come: for whoever looks after the user. */
export async function linkedAccountsOf(ctx: Context, userId: number): Promise<Account[]> {
  const members = (await membershipsOf(ctx, [userId])).get(userId) ?? [];
  const clients = await clientsOf(
    ctx,
    members.map((one) => one.clientId),
  );
  return members.flatMap((member) => {
    const client = clients.get(member.clientId);
    return client ? [{ client, member }] : [];
  });
}

/** An account by its name alone. */
export type NamedAccount = {
  readonly id: number;
  readonly name: Pick<Client, 'firstName' | 'lastName' | 'companyName' | 'email'>;
  readonly isOwner: boolean;
};

/** The accounts that a user may change to, without the closed ones; of more than seven the first eight. For every page. */
export async function accountsToChangeTo(ctx: Context, userId: number): Promise<NamedAccount[]> {
  return (await openAccountRows(ctx, userId)).map((row) => ({
    id: row.id,
    name: { firstName: row.first_name, lastName: row.last_name, companyName: row.company_name, email: row.email },
    isOwner: row.is_owner === 1,
  }));
}

/** The people of a client, the owner first; those whose time is to come too, and none whose time is over. */
export async function peopleOf(ctx: Context, clientId: number): Promise<{ user: User; member: Member }[]> {
  const people = (await personRows(ctx, clientId)).map((row) => ({
    user: userFrom(row),
    member: memberFrom({ ...row, created_at: row.member_since }),
  }));
  return people.filter(({ member }) => !isOver(member, ctx.now()));
}

/** The memberships of many users at once, by user; those whose time is to come too, and none whose time is over. */
export async function membershipsOf(ctx: Context, userIds: readonly number[]): Promise<Map<number, Member[]>> {
  const found = new Map<number, Member[]>(userIds.map((id) => [id, []]));
  for (const member of (await memberRowsOfUsers(ctx, userIds)).map(memberFrom))
    if (!isOver(member, ctx.now())) found.get(member.userId)?.push(member);
  return found;
}

/** The owner's user id of a client, if it has one. */
export async function ownerIdOf(ctx: Context, clientId: number): Promise<number | undefined> {
  return (await ownerRows(ctx, [clientId]))[0]?.user_id;
}

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

/** What may be said of an access beside its permissions; left out, it has no limit and no end. */
export type AccessLimits = Partial<Omit<Access, 'permissions'>>;

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

/**
 * Deletes a client for good with all its memberships. `withUsers` also deletes the people who are left without any
 * client. Answers how many people went.
 */
export async function deleteClient(ctx: Context, actor: Actor, clientId: number, withUsers: boolean): Promise<number> {
  return ctx.transaction(async (tx) => {
    await holdClient(tx, clientId, 'remove');
    const people = (await deleteMembersOf(tx, clientId)).sort((a, b) => a - b);
    await removeClient(tx, actor, clientId);
    if (!withUsers) return 0;
    await holdForRemoval(tx, people);
    await deleteEndedMembers(tx, people);
    const rest = await membershipsOf(tx, people);
    const alone = people.filter((id) => rest.get(id)?.length === 0);
    for (const id of alone) await removeUser(tx, actor, id);
    return alone.length;
  });
}

/** Deletes a user who has no client. Throws conflict while there is one (behaviours.md 2.8). */
export async function deleteUser(ctx: Context, actor: Actor, userId: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    await holdForRemoval(tx, [userId]);
    await userOf(tx, userId);
    await deleteEndedMembers(tx, [userId]);
    if ((await memberRowsOfUsers(tx, [userId])).length > 0) throw conflict('user-has-clients');
    await removeUser(tx, actor, userId);
  });
}

/** Notes that somebody entered an account, at most once a minute. */
export async function noteEntry(ctx: Context, member: Member): Promise<void> {
  if (member.lastEnteredAt !== undefined && ctx.now() - member.lastEnteredAt < minutes(1)) return;
  await touchMember(ctx, member.userId, member.clientId);
}

/** A membership as stored, from its row; for this topic's own files. */
export function memberFrom(row: MemberRow): Member {
  const isOwner = row.is_owner === 1;
  return {
    userId: row.user_id,
    clientId: row.client_id,
    isOwner,
    permissions: isOwner ? ACCESS_PERMISSIONS : permissionsIn(row.permissions),
    serviceIds: isOwner ? [] : serviceIdsIn(row.service_ids),
    mayInvite: row.may_invite === 1,
    startsAt: isOwner ? undefined : (row.starts_at ?? undefined),
    endsAt: isOwner ? undefined : (row.ends_at ?? undefined),
    createdAt: row.created_at,
    lastEnteredAt: row.last_entered_at ?? undefined,
  };
}

/** An access as its columns store it; for this topic's own files. */
export function columnsOf(access: Access): AccessColumns {
  return {
    permissions: access.permissions.join(','),
    service_ids: access.serviceIds.join(','),
    may_invite: Number(access.mayInvite),
    starts_at: access.startsAt ?? null,
    ends_at: access.endsAt ?? null,
  };
}

/** The ids of a comma list; for this topic's own files. */
export function serviceIdsIn(text: string): number[] {
  return text === '' ? [] : text.split(',').map(Number);
}

/** A whole access of what was given of it: known permissions once each, in their order, and service ids once each. */
export function wholeAccess(permissions: readonly string[], limits: AccessLimits): Access {
  return {
    permissions: ACCESS_PERMISSIONS.filter((one) => permissions.includes(one)),
    serviceIds: [...new Set(limits.serviceIds ?? [])].sort((a, b) => a - b),
    mayInvite: limits.mayInvite ?? false,
    startsAt: limits.startsAt,
    endsAt: limits.endsAt,
  };
}

/** What is wrong with an access, by field, as keys of locales/en/errors.json. */
export function accessFaults(access: Access, now: number): Record<string, string> {
  const faults: Record<string, string> = termFaults(access, now);
  if (access.permissions.length === 0) faults['permissions'] = 'permissions-missing';
  if (access.serviceIds.some((id) => !Number.isSafeInteger(id) || id < 1)) faults['serviceIds'] = 'service-not-found';
  return faults;
}

/** What of a membership was given: without whose it is and what became of it. */
export function accessOf({ permissions, serviceIds, mayInvite, startsAt, endsAt }: Access): Access {
  return { permissions, serviceIds, mayInvite, startsAt, endsAt };
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

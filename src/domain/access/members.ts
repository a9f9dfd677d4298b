// Who may enter a client account and what they may do there. The one place that answers it; read anew at each request,
// so that what an owner takes away is gone with the next click.

import type { MemberRow } from '#domain/access/members.table.ts';
import {
  deleteMember,
  deleteMembersOf,
  findMemberRow,
  insertMember,
  lockMemberRow,
  memberRowsOf,
  memberRowsOfUsers,
  ownerRows,
  touchMember,
  updateMemberPermissions,
} from '#domain/access/members.table.ts';
import type { AccessPermission } from '#domain/access/permissions.ts';
import { ACCESS_PERMISSIONS, isAccessPermission, permissionsIn } from '#domain/access/permissions.ts';
import { openAccountRows } from '#domain/access/switcher.view.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { Client } from '#domain/clients/clients.ts';
import { clientsOf, holdClient, removeClient } from '#domain/clients/clients.ts';
import type { User } from '#domain/users/users.ts';
import { holdForRemoval, keepUser, removeUser, userOf, usersOf } from '#domain/users/users.ts';
import { minutes } from '#kit/duration.ts';
import { conflict, invalid, notAllowed, notFound } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** A user's standing in one client account. */
export type Member = {
  readonly userId: number;
  readonly clientId: number;
  readonly isOwner: boolean;
  readonly permissions: readonly AccessPermission[];
  readonly createdAt: number;
  readonly lastEnteredAt: number | undefined;
};

/** Whether a member may do something. Owners may do everything. */
export function may(member: Member, permission: AccessPermission): boolean {
  return member.isOwner || member.permissions.includes(permission);
}

/** The membership of a user in a client, if any. */
export async function findMember(ctx: Context, userId: number, clientId: number): Promise<Member | undefined> {
  const row = await findMemberRow(ctx, userId, clientId);
  return row && memberFrom(row);
}

/** An account that a user may enter. */
export type Account = { readonly client: Client; readonly member: Member };

/** The accounts of a user, the oldest first. Closed ones too: whoever shows them decides. */
export async function accountsOf(ctx: Context, userId: number): Promise<Account[]> {
  const members = (await memberRowsOfUsers(ctx, [userId])).map(memberFrom);
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

/** The people of a client, the owner first. */
export async function peopleOf(ctx: Context, clientId: number): Promise<{ user: User; member: Member }[]> {
  const members = (await memberRowsOf(ctx, clientId)).map(memberFrom);
  const users = await usersOf(
    ctx,
    members.map((one) => one.userId),
  );
  return members.flatMap((member) => {
    const user = users.get(member.userId);
    return user ? [{ user, member }] : [];
  });
}

/** The memberships of many users at once, by user. */
export async function membershipsOf(ctx: Context, userIds: readonly number[]): Promise<Map<number, Member[]>> {
  const found = new Map<number, Member[]>(userIds.map((id) => [id, []]));
  for (const row of await memberRowsOfUsers(ctx, userIds)) found.get(row.user_id)?.push(memberFrom(row));
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
    if (!(await insertMember(tx, memberRow(tx, userId, clientId, true, '')))) throw conflict('already-member');
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
): Promise<void> {
  const clean = ACCESS_PERMISSIONS.filter((one) => permissions.includes(one));
  await ctx.transaction(async (tx) => {
    await keepUser(tx, userId);
    await holdClient(tx, clientId, 'keep');
    if (clean.length === 0) throw invalid({ permissions: 'permissions-missing' });
    if (!(await insertMember(tx, memberRow(tx, userId, clientId, false, clean.join(',')))))
      throw conflict('already-member');
    await audit(tx, actor, {
      event: 'access.added',
      description: `User ${userId} was given access`,
      clientId,
      userId,
      details: { permissions: clean },
    });
  });
}

/** Changes what a member may do. Throws not-found (no such membership) or not-allowed (an owner). */
export async function changePermissions(
  ctx: Context,
  actor: Actor,
  userId: number,
  clientId: number,
  permissions: readonly string[],
): Promise<void> {
  const clean = ACCESS_PERMISSIONS.filter((one) => permissions.includes(one));
  if (permissions.some((one) => !isAccessPermission(one)) || clean.length === 0)
    throw invalid({ permissions: 'permissions-missing' });
  await ctx.transaction(async (tx) => {
    const before = await heldMember(tx, userId, clientId);
    if (before.isOwner) throw notAllowed('owner-permissions-fixed');
    if (!(await updateMemberPermissions(tx, userId, clientId, clean.join(','))))
      throw notAllowed('owner-permissions-fixed');
    await audit(tx, actor, {
      event: 'access.permissions_changed',
      description: `The permissions of user ${userId} were changed`,
      clientId,
      userId,
      details: { before: before.permissions, after: clean },
    });
  });
}

/** Takes a member's access away. Their next click finds nothing there. Throws not-found, or not-allowed for an owner. */
export async function removeMember(ctx: Context, actor: Actor, userId: number, clientId: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const before = await heldMember(tx, userId, clientId);
    if (before.isOwner || !(await deleteMember(tx, userId, clientId))) throw notAllowed('owner-not-removable');
    await audit(tx, actor, {
      event: 'access.removed',
      description: `The access of user ${userId} was removed`,
      clientId,
      userId,
    });
  });
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
    if ((await memberRowsOfUsers(tx, [userId])).length > 0) throw conflict('user-has-clients');
    await removeUser(tx, actor, userId);
  });
}

/** Notes that somebody entered an account, at most once a minute. */
export async function noteEntry(ctx: Context, member: Member): Promise<void> {
  if (member.lastEnteredAt !== undefined && ctx.now() - member.lastEnteredAt < minutes(1)) return;
  await touchMember(ctx, member.userId, member.clientId);
}

async function heldMember(tx: Context, userId: number, clientId: number): Promise<Member> {
  const row = await lockMemberRow(tx, userId, clientId);
  if (!row) throw notFound('not-a-member');
  return memberFrom(row);
}

function memberRow(tx: Context, userId: number, clientId: number, isOwner: boolean, permissions: string): MemberRow {
  return {
    client_id: clientId,
    user_id: userId,
    is_owner: isOwner ? 1 : 0,
    permissions,
    created_at: tx.now(),
    last_entered_at: null,
  };
}

function memberFrom(row: MemberRow): Member {
  return {
    userId: row.user_id,
    clientId: row.client_id,
    isOwner: row.is_owner === 1,
    permissions: row.is_owner === 1 ? ACCESS_PERMISSIONS : permissionsIn(row.permissions),
    createdAt: row.created_at,
    lastEnteredAt: row.last_entered_at ?? undefined,
  };
}

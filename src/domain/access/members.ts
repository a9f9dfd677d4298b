// Who may enter a client account and what they may do there. The one place that answers it; read anew at each request,
// so that what an owner takes away is gone with the next click, and what ends by its term with the stroke of the clock,
// whether or not a cleaner runs.

import type { Access } from '#domain/access/access.ts';
import { serviceIdsIn } from '#domain/access/access.ts';
import type { MemberRow } from '#domain/access/members.table.ts';
import { findMemberRow, memberRowsOfUsers, ownerRows, touchMember } from '#domain/access/members.table.ts';
import type { PersonRow } from '#domain/access/people.view.ts';
import { countPersonRows, otherPersonRows, ownerRow, personRows } from '#domain/access/people.view.ts';
import type { AccessPermission } from '#domain/access/permissions.ts';
import { ACCESS_PERMISSIONS, permissionsIn } from '#domain/access/permissions.ts';
import { isOver, runs } from '#domain/access/terms.ts';
import type { User } from '#domain/users/users.ts';
import { userFrom } from '#domain/users/users.ts';
import { minutes } from '#kit/duration.ts';
import type { KeysetPage, KeysetPlace } from '#kit/keyset.ts';
import { keysetPage } from '#kit/keyset.ts';
import type { CappedCount } from '#kit/listing-counts.ts';
import { COUNT_CAP } from '#kit/listing-counts.ts';
import type { Context } from '#src/context.ts';

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

/** A person of a client. */
export type Person = { readonly user: User; readonly member: Member };

/** The people of a client, the owner first; those whose time is to come too, and none whose time is over. */
export async function peopleOf(ctx: Context, clientId: number): Promise<Person[]> {
  return (await personRows(ctx, clientId)).map(personFrom).filter(({ member }) => !isOver(member, ctx.now()));
}

/** A page of the same people: the owner at the top of the first one, then the others by the ids of their users. */
export async function pageOfPeople(
  ctx: Context,
  clientId: number,
  place: KeysetPlace,
  size: number,
): Promise<KeysetPage<Person>> {
  const read = (await otherPersonRows(ctx, clientId, place, size + 1)).map((row) => ({ id: row.user_id, row }));
  const { rows, next, previous } = keysetPage(place.before === undefined ? read : read.reverse(), size, place);
  const owner = previous === undefined ? await ownerRow(ctx, clientId) : undefined;
  const shown = rows.map(({ row }) => personFrom(row));
  return { rows: owner ? [personFrom(owner), ...shown] : shown, next, previous };
}

/** How many people a client has, the owner among them, counted up to COUNT_CAP. */
export async function countPeople(ctx: Context, clientId: number): Promise<CappedCount> {
  const count = await countPersonRows(ctx, clientId, COUNT_CAP + 1);
  return { count: Math.min(count, COUNT_CAP), exact: count <= COUNT_CAP };
}

function personFrom(row: PersonRow): Person {
  return { user: userFrom(row), member: memberFrom({ ...row, created_at: row.member_since }) };
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

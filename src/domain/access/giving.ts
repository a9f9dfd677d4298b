// Who may give access to an account, and how much: staff and its owner anything, a member whom the owner let invite no more
// than they hold themselves, for no longer than they hold it, and never the right to invite.

import type { Access } from '#domain/access/access.ts';
import type { Member } from '#domain/access/members.ts';
import { findMember, mayInvite } from '#domain/access/members.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { notAllowed } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** Whoever gives: without bounds, or within those of a membership. */
export type Giver = { readonly within: Member | undefined };

/** What is to be given. `lastsMs`: how long it will last from the day it is taken, where no day was named. */
export type Given = Access & { readonly lastsMs?: number | undefined };

/** Who an actor is as a giver in an account. Throws not-allowed `may-not-invite`. */
export async function giverOf(ctx: Context, actor: Actor, clientId: number): Promise<Giver> {
  switch (actor.kind) {
    case 'system':
    case 'administrator':
      return { within: undefined };
    case 'stranger':
      throw notAllowed('may-not-invite');
    case 'user':
      return memberGiver(await findMember(ctx, actor.userId, clientId));
  }
}

function memberGiver(member: Member | undefined): Giver {
  if (!member || !mayInvite(member)) throw notAllowed('may-not-invite');
  return { within: member.isOwner ? undefined : member };
}

/** What of a gift goes beyond what its giver may give, by field, as keys of locales/en/errors.json. */
export function excessOf({ within }: Giver, given: Given, now: number): Record<string, string> {
  if (!within) return {};
  const faults: Record<string, string> = {};
  if (given.permissions.some((one) => !within.permissions.includes(one)))
    faults['permissions'] = 'permission-not-yours';
  if (given.mayInvite) faults['mayInvite'] = 'may-invite-not-yours';
  if (!isWithinServices(within.serviceIds, given.serviceIds)) faults['serviceIds'] = 'service-not-yours';
  if (endOf(given, now) > (within.endsAt ?? Number.POSITIVE_INFINITY)) faults['endsAt'] = 'term-not-yours';
  return faults;
}

/** When a gift ends that is taken now: never later than its giver's own access. Undefined: it does not end. */
export function endWhenTaken({ within }: Giver, given: Given, now: number): number | undefined {
  const end = Math.min(endOf(given, now), within?.endsAt ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(end) ? end : undefined;
}

/** Whoever is limited to services themselves gives access to those alone, where nothing else was said. */
export function servicesWhenGiven({ within }: Giver, serviceIds: readonly number[]): readonly number[] {
  return serviceIds.length === 0 ? (within?.serviceIds ?? []) : serviceIds;
}

function endOf({ startsAt, endsAt, lastsMs }: Given, now: number): number {
  if (endsAt !== undefined) return endsAt;
  return lastsMs === undefined ? Number.POSITIVE_INFINITY : Math.max(now, startsAt ?? 0) + lastsMs;
}

function isWithinServices(own: readonly number[], given: readonly number[]): boolean {
  return own.length === 0 || (given.length > 0 && given.every((id) => own.includes(id)));
}

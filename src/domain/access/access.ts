// What somebody is given in an account: permissions, services, the right to invite, a term.

import type { AccessColumns } from '#domain/access/members.table.ts';
import type { AccessPermission } from '#domain/access/permissions.ts';
import { ACCESS_PERMISSIONS } from '#domain/access/permissions.ts';
import type { Term } from '#domain/access/terms.ts';
import { termFaults } from '#domain/access/terms.ts';

/** What somebody is given in an account, and from when until when. */
export type Access = Term & {
  readonly permissions: readonly AccessPermission[];
  /** The services they are limited to; empty for every one. */
  readonly serviceIds: readonly number[];
  /** Whether they may invite others, to no more than they hold themselves. */
  readonly mayInvite: boolean;
};

/** What may be said of an access beside its permissions; left out, it has no limit and no end. */
export type AccessLimits = Partial<Omit<Access, 'permissions'>>;

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

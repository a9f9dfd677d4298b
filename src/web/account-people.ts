// What the pages of an account's people share: where they are, and whether owners look after them here at all.

import { ownersManagePeople } from '#domain/access/access.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { notAllowed } from '#kit/problem.ts';
import type { VisitOf } from '#web/page.ts';

type AccountVisit = VisitOf<{ is: 'account'; permission: 'any' }>;

/** The address of the list of people. */
export function peopleHref({ account }: AccountVisit): string {
  return `/account/${account.client.id}/users`;
}

/** The list, as what a page below it leads back to. */
export function peopleLink(visit: AccountVisit): { href: string; text: string } {
  return { href: peopleHref(visit), text: visit.frame.t('access.people.title') };
}

/** Refuses where the operator has staff alone look after people (behaviours.md 2.5, "Disable Client Area User Management"). */
export async function requireManagedByOwner({ ctx }: AccountVisit): Promise<void> {
  if (!(await settingOf(ctx, ownersManagePeople))) throw notAllowed('people-by-staff');
}

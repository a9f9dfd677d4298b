// What customers change about themselves. A locked field stays as it is, whatever a form says (behaviours.md 1.7): of an
// account by one setting, of a person by another.

import type { Actor } from '#domain/audit/actor.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import type { ClientProfile } from '#domain/clients/client-profile.ts';
import { lockedFields, lockedUserFields } from '#domain/clients/clients.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { changeUser, isLanguage } from '#domain/users/users.ts';
import { invalid } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** The fields of an account that its people may fill in, in the order of the form. */
export const DETAIL_FIELDS: readonly (keyof ClientProfile)[] = [
  'firstName',
  'lastName',
  'companyName',
  'taxId',
  'address1',
  'address2',
  'city',
  'state',
  'postcode',
  'country',
  'email',
  'phoneNumber',
];

/** The fields that only staff may change. */
export async function lockedNames(ctx: Context): Promise<ReadonlySet<string>> {
  return new Set(await settingOf(ctx, lockedFields));
}

/** The fields of a person that only staff may change. */
export async function lockedUserNames(ctx: Context): Promise<ReadonlySet<string>> {
  return new Set(await settingOf(ctx, lockedUserFields));
}

/** Of what people of an account filled in, the fields that are theirs to change. */
export function openDetails(given: ClientProfile, locked: ReadonlySet<string>): Partial<ClientProfile> {
  return Object.fromEntries(DETAIL_FIELDS.filter((field) => !locked.has(field)).map((field) => [field, given[field]]));
}

/** Changes an account for its people. Throws not-found, or invalid by field. Answers the names of what really changed. */
export async function changeDetails(
  ctx: Context,
  actor: Actor,
  clientId: number,
  given: ClientProfile & { readonly marketingOptIn: boolean },
): Promise<string[]> {
  const open = openDetails(given, await lockedNames(ctx));
  return changeClient(ctx, actor, clientId, { ...open, marketingOptIn: given.marketingOptIn });
}

/** Changes a person's own names and language. Throws invalid by field. */
export async function changeOwnProfile(
  ctx: Context,
  actor: Actor,
  userId: number,
  given: { readonly firstName: string; readonly lastName: string; readonly language: string },
): Promise<void> {
  if (!isLanguage(given.language)) throw invalid({ language: 'language-unknown' });
  const locked = await lockedUserNames(ctx);
  await changeUser(ctx, actor, userId, {
    language: given.language,
    ...(locked.has('firstName') ? {} : { firstName: given.firstName }),
    ...(locked.has('lastName') ? {} : { lastName: given.lastName }),
  });
}

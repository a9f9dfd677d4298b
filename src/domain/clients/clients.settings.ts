// What customers must and may fill in (behaviours.md 1.7).

import type { Setting } from '#domain/settings/setting.ts';
import { choices, flag, wholeNumber } from '#domain/settings/setting.ts';

/** Fields that may be left empty. */
export const OPTIONAL_FIELDS = [
  'firstName',
  'lastName',
  'address1',
  'city',
  'state',
  'postcode',
  'phoneNumber',
] as const;
/** Fields that may be locked against customers. */
export const LOCKABLE_FIELDS = [
  'firstName',
  'lastName',
  'companyName',
  'email',
  'address1',
  'address2',
  'city',
  'state',
  'postcode',
  'country',
  'phoneNumber',
  'taxId',
] as const;

/** Profile fields that need not be filled in. */
export const optionalFields: Setting<readonly string[]> = {
  name: 'optional-profile-fields',
  area: 'people',
  kind: choices(OPTIONAL_FIELDS),
  fallback: [],
};

/** Profile fields that customers see as plain text and ask support to change. */
export const lockedFields: Setting<readonly string[]> = {
  name: 'locked-profile-fields',
  area: 'people',
  kind: choices(LOCKABLE_FIELDS),
  fallback: [],
};

/** The same of a person's own sign-in; apart, since an account and a person are two things (behaviours.md, section 15, number 33). */
export const lockedUserFields: Setting<readonly string[]> = {
  name: 'locked-user-fields',
  area: 'people',
  kind: choices(['firstName', 'lastName', 'email']),
  fallback: [],
};

/** Tells staff by letter whenever people of an account change its details (behaviours.md 1.7). */
export const tellDetailChanges: Setting<boolean> = {
  name: 'tell-detail-changes',
  area: 'people',
  kind: flag(),
  fallback: false,
};

/** For how long a closed account can still be read by its people. */
export const closedReadableDays: Setting<number> = {
  name: 'closed-readable-days',
  area: 'people',
  kind: wholeNumber(0, 3650, 'days'),
  fallback: 90,
};

// How people come into accounts.

import type { Setting } from '#domain/settings/setting.ts';
import { flag, wholeNumber } from '#domain/settings/setting.ts';

/** Whether only the address that was invited may accept. Off: whoever holds the link (behaviours.md, section 15, number 11). */
export const invitedAddressOnly: Setting<boolean> = {
  name: 'invited-address-only',
  area: 'people',
  kind: flag(),
  fallback: true,
};

/** Whether owners look after the people of their accounts themselves; staff may in any case (behaviours.md 2.5). */
export const ownersManagePeople: Setting<boolean> = {
  name: 'owners-manage-people',
  area: 'people',
  kind: flag(),
  fallback: true,
};

/** After how many days without any account and without signing in a user is deleted; 0 is never. */
export const forgetAccountlessDays: Setting<number> = {
  name: 'forget-accountless-days',
  area: 'people',
  kind: wholeNumber(0, 3650, 'days'),
  fallback: 0,
};

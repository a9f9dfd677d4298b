// How people come into accounts.

import type { Setting } from '#domain/settings/setting.ts';
import { flag } from '#domain/settings/setting.ts';

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

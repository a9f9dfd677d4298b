// How signing in is limited.

import type { Setting } from '#domain/settings/setting.ts';
import { flag, wholeNumber } from '#domain/settings/setting.ts';

/** Wrong passwords for one person from one network before the first pause; from everywhere, twice as many. */
export const loginTries: Setting<number> = {
  name: 'login-tries',
  area: 'security',
  kind: wholeNumber(3, 100, 'tries'),
  fallback: 5,
};

/** How long a link for setting a password holds. behaviours.md, section 15, number 1: 60 minutes. */
export const passwordLinkMinutes: Setting<number> = {
  name: 'password-link-minutes',
  area: 'security',
  kind: wholeNumber(10, 10_080, 'minutes'),
  fallback: 60,
};

/** How long the first link holds, the one in the letter to a new person: staff may send it on a Friday. */
export const welcomeLinkHours: Setting<number> = {
  name: 'welcome-link-hours',
  area: 'security',
  kind: wholeNumber(1, 336, 'hours'),
  fallback: 72,
};

/** Whether staff who forgot their password get a link by themselves. Off is WHMCS's "Disable Admin Password Reset". */
export const staffPasswordReset: Setting<boolean> = {
  name: 'staff-password-reset',
  area: 'security',
  kind: flag(),
  fallback: true,
};

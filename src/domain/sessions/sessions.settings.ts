// How long being signed in lasts. ASVS 5.0 V7.3.1 and V7.3.2: an idle and an absolute limit, both documented.

import type { Setting } from '#domain/settings/setting.ts';
import { choice, wholeNumber } from '#domain/settings/setting.ts';

/** A customer's session ends after this long without a click. */
export const userIdleMinutes: Setting<number> = {
  name: 'session-idle-minutes',
  area: 'security',
  kind: wholeNumber(5, 43_200, 'minutes'),
  fallback: 120,
};

/** A customer's session ends after this long in any case. */
export const userAbsoluteHours: Setting<number> = {
  name: 'session-absolute-hours',
  area: 'security',
  kind: wholeNumber(1, 2160, 'hours'),
  fallback: 24,
};

/** The same for staff. */
export const adminIdleMinutes: Setting<number> = {
  name: 'admin-session-idle-minutes',
  area: 'security',
  kind: wholeNumber(5, 1440, 'minutes'),
  fallback: 60,
};

/** The same for staff. */
export const adminAbsoluteHours: Setting<number> = {
  name: 'admin-session-absolute-hours',
  area: 'security',
  kind: wholeNumber(1, 168, 'hours'),
  fallback: 12,
};

/** From where a session may be used: anywhere, the network that it was opened from (/24, /64), or that one address. */
export const ADDRESS_CHECKS = ['off', 'network', 'exact'] as const;
export type AddressCheck = (typeof ADDRESS_CHECKS)[number];

/**
 * From where a customer's session may be used. WHMCS checks the exact address unless "Disable Session IP Check" is on. Ours
 * is off: a phone changes its address between mast and wireless network, and a browser that has both kinds of address takes
 * now the one, now the other. Cookies that no other site and no script can read are what keeps a session (V3.3, V7.2).
 */
export const sessionAddressCheck: Setting<string> = {
  name: 'session-address-check',
  area: 'security',
  kind: choice(ADDRESS_CHECKS),
  fallback: 'off',
};

/** The same for staff, who reach everybody's account and mostly sit in one place. */
export const adminSessionAddressCheck: Setting<string> = {
  name: 'admin-session-address-check',
  area: 'security',
  kind: choice(ADDRESS_CHECKS),
  fallback: 'network',
};

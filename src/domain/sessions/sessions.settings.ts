// How long being signed in lasts. ASVS 5.0 V7.3.1 and V7.3.2: an idle and an absolute limit, both documented.

import type { Setting } from '#domain/settings/setting.ts';
import { wholeNumber } from '#domain/settings/setting.ts';

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

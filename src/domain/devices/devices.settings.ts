// For how long browsers are remembered and trusted, and what people are told about their browsers.

import type { Setting } from '#domain/settings/setting.ts';
import { flag, wholeNumber } from '#domain/settings/setting.ts';

/** For how long "remember me" holds, from the sign-in that asked for it (behaviours.md, section 15, number 3). 0: it is not offered. */
export const rememberDays: Setting<number> = {
  name: 'remember-days',
  area: 'security',
  kind: wholeNumber(0, 365, 'days'),
  fallback: 30,
};

/** The same for staff, who reach everybody's account: not offered unless the operator wants it. */
export const adminRememberDays: Setting<number> = {
  name: 'admin-remember-days',
  area: 'security',
  kind: wholeNumber(0, 90, 'days'),
  fallback: 0,
};

/** For how long a browser may be trusted with a second factor that was shown on it. 0: never. */
export const trustedDeviceDays: Setting<number> = {
  name: 'trusted-device-days',
  area: 'security',
  kind: wholeNumber(0, 365, 'days'),
  fallback: 30,
};

/** The same for staff. */
export const adminTrustedDeviceDays: Setting<number> = {
  name: 'admin-trusted-device-days',
  area: 'security',
  kind: wholeNumber(0, 90, 'days'),
  fallback: 0,
};

/** Whether a person is written to when they signed in on a browser that was not known as theirs. */
export const newDeviceLetters: Setting<boolean> = {
  name: 'new-device-letters',
  area: 'security',
  kind: flag(),
  fallback: true,
};

/** Whether the country of an address is told beside it. It is looked up in a table of ours; nobody is asked. */
export const showPlaces: Setting<boolean> = {
  name: 'show-places',
  area: 'security',
  kind: flag(),
  fallback: true,
};

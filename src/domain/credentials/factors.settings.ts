// Who must have a second factor. Each method says for itself who may set it up.

import type { Setting } from '#domain/settings/setting.ts';
import { flag, wholeNumber } from '#domain/settings/setting.ts';

/** Every customer has to set up a second factor. */
export const secondFactorRequiredOfUsers: Setting<boolean> = {
  name: 'second-factor-required-users',
  area: 'security',
  kind: flag(),
  fallback: false,
};

/** Every member of staff has to: they reach every customer (ASVS 5.0 V6.3.3; docs/asvs.md says why customers need not). */
export const secondFactorRequiredOfAdministrators: Setting<boolean> = {
  name: 'second-factor-required-administrators',
  area: 'security',
  kind: flag(),
  fallback: true,
};

/** For so long they may still sign in without; counted from each person's first sign-in after it was asked. */
export const secondFactorGraceDays: Setting<number> = {
  name: 'second-factor-grace-days',
  area: 'security',
  kind: wholeNumber(0, 90, 'days'),
  fallback: 7,
};

// Who may set up an authenticator app (behaviours.md 3.10: on unless the operator says otherwise).

import type { Setting } from '#domain/settings/setting.ts';
import { flag } from '#domain/settings/setting.ts';

/** Customers may. */
export const authenticatorForUsers: Setting<boolean> = {
  name: 'authenticator-users',
  area: 'security',
  kind: flag(),
  fallback: true,
};

/** Staff may. */
export const authenticatorForAdministrators: Setting<boolean> = {
  name: 'authenticator-administrators',
  area: 'security',
  kind: flag(),
  fallback: true,
};

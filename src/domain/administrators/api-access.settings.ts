// Who may call the API at all.

import type { NotedRange, Setting } from '#domain/settings/setting.ts';
import { flag, ranges } from '#domain/settings/setting.ts';

/** Addresses that may call the API. Empty refuses everybody but loopback while the public address is loopback itself. */
export const apiAllowedAddresses: Setting<readonly NotedRange[]> = {
  name: 'api-allowed-addresses',
  area: 'api',
  kind: ranges(),
  fallback: [],
};

/** Writes an audit line for each authenticated API call. */
export const logApiAuthentication: Setting<boolean> = {
  name: 'log-api-authentication',
  area: 'api',
  kind: flag(),
  fallback: false,
};

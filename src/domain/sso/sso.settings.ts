// Where single sign-on leads beyond our own pages.

import type { Setting } from '#domain/settings/setting.ts';
import { namedAddresses } from '#domain/settings/setting.ts';
import { DESTINATION_NAMES } from '#domain/sso/destination-names.ts';

/** The addresses that the operator entered: `{client_id}`, `{user_id}`, `{service_id}` and `{domain_id}` are filled in. */
export const ssoDestinations: Setting<Readonly<Record<string, string>>> = {
  name: 'sso-destinations',
  area: 'api',
  kind: namedAddresses(DESTINATION_NAMES),
  fallback: {},
};

// Settings of signing in with others.

import type { NotedRange, Setting } from '#domain/settings/setting.ts';
import { ranges } from '#domain/settings/setting.ts';

/** Ranges of private addresses at which providers may be asked all the same: an identity server of one's own. */
export const signInPrivateProviders: Setting<readonly NotedRange[]> = {
  name: 'sign-in-private-providers',
  area: 'security',
  kind: ranges(),
  fallback: [],
};

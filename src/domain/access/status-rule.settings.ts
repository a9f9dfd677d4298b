// When an account becomes inactive by itself (behaviours.md 1.4).

import type { Setting } from '#domain/settings/setting.ts';
import { choice } from '#domain/settings/setting.ts';

/** `items`: without an active service or domain; `items-and-login`: and without a sign-in for three months. */
export const clientStatusRule: Setting<string> = {
  name: 'client-status-rule',
  area: 'people',
  kind: choice(['off', 'items', 'items-and-login']),
  fallback: 'off',
};

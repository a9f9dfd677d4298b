// Whether customers choose which letters they get (behaviours.md 1.7).

import type { Setting } from '#domain/settings/setting.ts';
import { flag } from '#domain/settings/setting.ts';

/** Customers choose which categories of letters they get. Without it they see what they get, and staff choose. */
export const clientEmailPreferences: Setting<boolean> = {
  name: 'client-email-preferences',
  area: 'people',
  kind: flag(),
  fallback: true,
};

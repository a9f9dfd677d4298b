// Staff in the place of a user: for how long, and what the user is told (behaviours.md 3.13).

import type { Setting } from '#domain/settings/setting.ts';
import { choice, flag, wholeNumber } from '#domain/settings/setting.ts';

/** How long staff may stay in the place of a user, clicks or not. */
export const actingMinutes: Setting<number> = {
  name: 'acting-minutes',
  area: 'security',
  kind: wholeNumber(5, 120, 'minutes'),
  fallback: 30,
};

/** Whether the user gets a letter once staff have left. In their own log it stands in any case. */
export const actingLetter: Setting<boolean> = {
  name: 'acting-letter',
  area: 'security',
  kind: flag(),
  fallback: false,
};

/** How customers are told who of staff it was. */
export const staffShownAs: Setting<string> = {
  name: 'staff-shown-as',
  area: 'security',
  kind: choice(['role', 'name']),
  fallback: 'role',
};

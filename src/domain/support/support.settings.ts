// How support finds out whom it speaks to.

import type { Setting } from '#domain/settings/setting.ts';
import { wholeNumber } from '#domain/settings/setting.ts';

/** How long a PIN holds that a customer reads to support. */
export const supportPinMinutes: Setting<number> = {
  name: 'support-pin-minutes',
  area: 'security',
  kind: wholeNumber(2, 60, 'minutes'),
  fallback: 10,
};

// Marketing letters: whether there are any, and how people are asked (behaviours.md 1.10).

import type { Setting } from '#domain/settings/setting.ts';
import { flag, lines } from '#domain/settings/setting.ts';

/** Whether customers are asked about marketing letters at all; without it none may be sent. */
export const marketingEmails: Setting<boolean> = {
  name: 'marketing-emails',
  area: 'people',
  kind: flag(),
  fallback: true,
};

/** On: the box starts empty (opt in). Off: it starts ticked (opt out). */
export const marketingOptInRequired: Setting<boolean> = {
  name: 'marketing-opt-in-required',
  area: 'people',
  kind: flag(),
  fallback: true,
};

/** The operator's own words beside the box; empty: ours. */
export const marketingMessage: Setting<string> = {
  name: 'marketing-message',
  area: 'people',
  kind: lines(1000),
  fallback: '',
};

// Settings of webhooks.

import type { NotedRange, Setting } from '#domain/settings/setting.ts';
import { ranges, text } from '#domain/settings/setting.ts';

/** Ranges of private addresses that webhooks may be sent to all the same. */
export const webhookPrivateTargets: Setting<readonly NotedRange[]> = {
  name: 'webhook-private-targets',
  area: 'api',
  kind: ranges(),
  fallback: [],
};

/**
 * The events that any webhook wants, as a comma list with `*` for all; kept with every change of a webhook. So that where
 * nobody wants to know, an event costs no query.
 */
export const wantedEvents: Setting<string> = {
  name: 'webhook-events-wanted',
  area: 'api',
  kind: text(100_000),
  fallback: '',
  hidden: true,
};

// What consent announces.

import { defineEvent } from '#kit/events.ts';

/** A client agreed to marketing letters, or took that back. */
export const consentChanged = defineEvent<{ readonly clientId: number; readonly optedIn: boolean }>(
  'consent.changed',
  ({ clientId, optedIn }) => ({ client_id: clientId, opted_in: optedIn }),
);

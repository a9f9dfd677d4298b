// What a change of owner announces; lower topics hear it in the same transaction.

import { defineEvent } from '#kit/events.ts';

/** An account has another owner: handed over, moved by staff, or put back. */
export const ownerChanged = defineEvent<{ clientId: number; before: number; after: number }>(
  'access.owner_changed',
  ({ clientId, before, after }) => ({ client_id: clientId, before, after }),
);

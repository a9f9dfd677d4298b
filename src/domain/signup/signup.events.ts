// What signing up announces.

import { defineEvent } from '#kit/events.ts';

/** Somebody opened an account by themselves. */
export const clientRegistered = defineEvent<{ userId: number; clientId: number }>(
  'client.registered',
  ({ userId, clientId }) => ({ user_id: userId, client_id: clientId }),
);

// What people do with their own person, for those who listen.

import { defineEvent } from '#kit/events.ts';

/** Somebody asked for another address; it is theirs once the letter to it is answered. */
export const emailChangeRequested = defineEvent<{ userId: number }>('user.email.change_requested', ({ userId }) => ({
  user_id: userId,
}));

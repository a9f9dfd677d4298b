// What being signed in announces.

import { defineEvent } from '#kit/events.ts';

/** A user signed out by themselves (behaviours.md 3.1: `UserLogout`). */
export const userSignedOut = defineEvent<{ userId: number; sessionId: number }>(
  'user.logout',
  ({ userId, sessionId }) => ({ user_id: userId, session_id: sessionId }),
);

/** A member of staff did (behaviours.md 4.5: `AdminLogout`). */
export const administratorSignedOut = defineEvent<{ administratorId: number; sessionId: number }>(
  'admin.logout',
  ({ administratorId, sessionId }) => ({ administrator_id: administratorId, session_id: sessionId }),
);

// What users announce; lower topics (sessions, access) hear it in the same transaction.

import { defineEvent } from '#kit/events.ts';

/** A password was set anew. `keepSessionId`: the session of whoever changed it, which may stay. */
export const userPasswordChanged = defineEvent<{ userId: number; keepSessionId: number | undefined }>(
  'user.password-changed',
);
/** A person may no longer sign in. */
export const userDisabled = defineEvent<{ userId: number }>('user.disabled');
/** A person's address changed. `keepSessionId`: the session of whoever changed it, if it was they themselves. */
export const userEmailChanged = defineEvent<{ userId: number; keepSessionId: number | undefined }>(
  'user.email-changed',
);

// What administrators announce; sessions hear it in the same transaction.

import { defineEvent } from '#kit/events.ts';

/** A password was set anew. `keepSessionId`: the session of whoever changed it, which may stay. */
export const administratorPasswordChanged = defineEvent<{ administratorId: number; keepSessionId: number | undefined }>(
  'administrator.password-changed',
);
/** An administrator's address changed. */
export const administratorEmailChanged = defineEvent<{ administratorId: number }>('administrator.email-changed');
/** Somebody may no longer sign in to the admin area. */
export const administratorDisabled = defineEvent<{ administratorId: number }>('administrator.disabled');

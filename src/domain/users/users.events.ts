// What users announce; lower topics (sessions, access) hear it in the same transaction.

import { defineEvent } from '#kit/events.ts';

/** Somebody is a user now, by whatever way they came. */
export const userCreated = defineEvent<{ userId: number }>('user.created', told);
/** A password was set anew. `keepSessionId`: the session of whoever changed it, which may stay. */
export const userPasswordChanged = defineEvent<{ userId: number; keepSessionId: number | undefined }>(
  'user.password.changed',
  told,
);
/** A person may no longer sign in. */
export const userDisabled = defineEvent<{ userId: number }>('user.disabled', told);
/**
 * A person's address changed. `keepSessionId`: the session of whoever changed it, if it was they themselves. `inUse`:
 * whether anybody could sign in with, or had shown to read, the address before. `putsBack`: it is an undo of a change.
 */
export const userEmailChanged = defineEvent<{
  userId: number;
  keepSessionId: number | undefined;
  before: string;
  after: string;
  inUse: boolean;
  putsBack: boolean;
}>('user.email.changed', told);
/** A person's names, address or language changed: which of them. */
export const userUpdated = defineEvent<{ userId: number; changed: readonly string[] }>(
  'user.updated',
  ({ userId, changed }) => ({ user_id: userId, fields: changed }),
);
/** A person has shown that they read letters to their address. */
export const userAddressProved = defineEvent<{ userId: number }>('user.email.verified', told);
/** A person is gone. */
export const userDeleted = defineEvent<{ userId: number }>('user.deleted', told);

function told({ userId }: { readonly userId: number }): { user_id: number } {
  return { user_id: userId };
}

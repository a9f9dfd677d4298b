// What linking an account elsewhere announces. Never who it is there.

import { defineEvent } from '#kit/events.ts';

/** A user linked an account elsewhere, or it was linked when they registered. */
export const userProviderLinked = defineEvent<{ userId: number; provider: string }>(
  'user.provider.linked',
  ({ userId, provider }) => ({ user_id: userId, provider }),
);

/** A user's account elsewhere is linked no more. */
export const userProviderUnlinked = defineEvent<{ userId: number; provider: string }>(
  'user.provider.unlinked',
  ({ userId, provider }) => ({ user_id: userId, provider }),
);

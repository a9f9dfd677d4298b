// What recoveries announce.

import { defineEvent } from '#kit/events.ts';

type About = { readonly userId: number; readonly recoveryId: number };

/** Somebody who knows the password asks to sign in without the second factor that they lost. */
export const recoveryAsked = defineEvent<About>('user.2fa.recovery_asked', told);
/** Somebody vouched for them: the waiting time runs. */
export const recoveryApproved = defineEvent<About>('user.2fa.recovery_approved', told);
/** It came to nothing. */
export const recoveryEnded = defineEvent<About>('user.2fa.recovery_ended', told);

function told({ userId, recoveryId }: About): { user_id: number; recovery_id: number } {
  return { user_id: userId, recovery_id: recoveryId };
}

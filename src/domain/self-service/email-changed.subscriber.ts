// What a changed address sets off, and what ends the wish for another one.

import { endEmailChange } from '#domain/self-service/email-change.ts';
import { tellAddressBefore } from '#domain/self-service/email-undo.ts';
import { userDisabled, userEmailChanged, userPasswordChanged } from '#domain/users/users.events.ts';
import type { Subscriber } from '#kit/events.ts';
import { subscriber } from '#kit/events.ts';
import type { Context } from '#src/context.ts';

/** Whoever changed it, the address before is told; and a wish that is still open is void. */
export const onUserEmail: Subscriber<Context> = subscriber(userEmailChanged, async (tx: Context, move) => {
  await endEmailChange(tx, move.userId);
  await tellAddressBefore(tx, move);
});
/** Whoever finds that their password is known sets another: what was asked for with the old one ends. */
export const onUserPassword: Subscriber<Context> = subscriber(userPasswordChanged, (tx: Context, { userId }) =>
  endEmailChange(tx, userId),
);
/** A deactivated person changes nothing. */
export const onUserDisabled: Subscriber<Context> = subscriber(userDisabled, (tx: Context, { userId }) =>
  endEmailChange(tx, userId),
);

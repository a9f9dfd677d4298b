// What verification hears: somebody signs in, somebody's address changes.

import { userSigningIn } from '#domain/login/login.events.ts';
import { userEmailChanged } from '#domain/users/users.events.ts';
import { meetAddressChange, meetSignIn } from '#domain/verification/verification.ts';
import type { Subscriber } from '#kit/events.ts';
import { subscriber } from '#kit/events.ts';
import type { Context } from '#src/context.ts';

/** A sign-in completes what a followed link began; where it is asked for, nobody gets in before. */
export const onSigningIn: Subscriber<Context> = subscriber(userSigningIn, (tx: Context, { userId, origin, answers }) =>
  meetSignIn(tx, userId, origin, answers),
);

/** Another address has to be proved anew. */
export const onEmailChanged: Subscriber<Context> = subscriber(userEmailChanged, (tx: Context, { userId }) =>
  meetAddressChange(tx, userId),
);

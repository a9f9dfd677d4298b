// What ends an offer of an account: whoever made it has another password or address since, or may not sign in any more;
// whoever it was made to is a member no more.

import { accessRemoved } from '#domain/access/access.events.ts';
import { cancelOffersOf, cancelOfferTo } from '#domain/access/ownership-offers.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { userDisabled, userEmailChanged, userPasswordChanged } from '#domain/users/users.events.ts';
import type { Subscriber } from '#kit/events.ts';
import { subscriber } from '#kit/events.ts';
import type { Context } from '#src/context.ts';

/** Somebody who finds that their password is known sets another one: what was offered by it ends too. */
export const onUserPassword: Subscriber<Context> = subscriber(userPasswordChanged, (tx: Context, { userId }) =>
  cancelOffersOf(tx, systemActor(), userId),
);
/** The same when the address changes. */
export const onUserEmail: Subscriber<Context> = subscriber(userEmailChanged, (tx: Context, { userId }) =>
  cancelOffersOf(tx, systemActor(), userId),
);
/** A deactivated owner hands nothing over. */
export const onUserDisabled: Subscriber<Context> = subscriber(userDisabled, (tx: Context, { userId }) =>
  cancelOffersOf(tx, systemActor(), userId),
);
/** A member who is gone takes nothing over, nor once they are let in again. */
export const onRemoved: Subscriber<Context> = subscriber(accessRemoved, (tx: Context, { clientId, userId }) =>
  cancelOfferTo(tx, systemActor(), clientId, userId),
);

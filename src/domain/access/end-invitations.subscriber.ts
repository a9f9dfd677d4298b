// What ends invitations that wait: whoever sent them may not give that much any more.

import { accessPermissionsChanged, accessRemoved } from '#domain/access/access.events.ts';
import { tellEnded, tellLeft } from '#domain/access/access-news.ts';
import { endInvitationsBy, endInvitationsTo, endUncoveredInvitations } from '#domain/access/invitations.ts';
import { ownerChanged } from '#domain/access/ownership.events.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { clientClosed } from '#domain/clients/clients.events.ts';
import { userDisabled } from '#domain/users/users.events.ts';
import type { Subscriber } from '#kit/events.ts';
import { subscriber } from '#kit/events.ts';
import type { Context } from '#src/context.ts';

/** A member who is gone invites nobody; the owner hears of those who went by themselves or by their term. */
export const onRemoved: Subscriber<Context> = subscriber(
  accessRemoved,
  async (tx: Context, { clientId, userId, why }) => {
    await endUncoveredInvitations(tx, systemActor(), clientId, userId);
    if (why === 'left') await tellLeft(tx, clientId, userId);
    if (why === 'term') await tellEnded(tx, clientId, userId);
  },
);
/** A member who may do less gives no more than that. */
export const onChanged: Subscriber<Context> = subscriber(
  accessPermissionsChanged,
  (tx: Context, { clientId, userId }) => endUncoveredInvitations(tx, systemActor(), clientId, userId),
);
/** Whoever owns the account no more gives as a member now, which is nothing. */
export const onOwnerChanged: Subscriber<Context> = subscriber(ownerChanged, (tx: Context, { clientId, before }) =>
  endUncoveredInvitations(tx, systemActor(), clientId, before),
);
/** A closed account lets nobody in, nor by an older letter once it is open again. */
export const onClientClosed: Subscriber<Context> = subscriber(clientClosed, (tx: Context, { clientId }) =>
  endInvitationsTo(tx, systemActor(), clientId),
);
/** A deactivated person invites nobody. */
export const onUserDisabled: Subscriber<Context> = subscriber(userDisabled, (tx: Context, { userId }) =>
  endInvitationsBy(tx, systemActor(), userId),
);

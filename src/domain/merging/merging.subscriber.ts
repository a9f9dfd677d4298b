// A client that is deleted takes with it who became a part of it.

import { systemActor } from '#domain/audit/actor.ts';
import { clientDeleted } from '#domain/clients/clients.events.ts';
import { settleMergesInto } from '#domain/merging/settling.ts';
import type { Subscriber } from '#kit/events.ts';
import { subscriber } from '#kit/events.ts';
import type { Context } from '#src/context.ts';

/** What was kept for undoing is person data too. */
export const onClientDeleted: Subscriber<Context> = subscriber(clientDeleted, (tx: Context, { clientId }) =>
  settleMergesInto(tx, systemActor(), clientId),
);

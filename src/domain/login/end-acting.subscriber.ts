// An administrator who was deactivated is in nobody's place any more (attacks.md: ends when the staff right is revoked).

import { administratorDisabled } from '#domain/administrators/administrators.events.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { endActingOf } from '#domain/login/acting.ts';
import type { Subscriber } from '#kit/events.ts';
import { subscriber } from '#kit/events.ts';
import type { Context } from '#src/context.ts';

/** Deactivated: out. */
export const onAdministratorDisabled: Subscriber<Context> = subscriber(
  administratorDisabled,
  (tx: Context, { administratorId }) => endActingOf(tx, systemActor(), administratorId),
);

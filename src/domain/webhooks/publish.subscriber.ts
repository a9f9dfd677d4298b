// Everything that is told outside becomes a message, in the transaction of what it tells of.

import { publish } from '#domain/webhooks/webhooks.ts';
import type { Subscriber } from '#kit/events.ts';
import { outsideSubscriber } from '#kit/events.ts';
import type { Context } from '#src/context.ts';

/** Puts it in the outbox of webhooks. */
export const onAnythingTold: Subscriber<Context> = outsideSubscriber(publish);

// Typed events between topics: one announces, those below it hear, all in the same transaction.

/** An event's name together with the type of what it carries. */
export type Event<Payload> = { readonly name: string; readonly payload?: Payload };

/** Declares an event. `const passwordChanged = defineEvent<{ userId: number }>('user.password-changed')`. */
export function defineEvent<Payload>(name: string): Event<Payload> {
  return { name };
}

/** A subscriber: what a `*.subscriber.ts` file exports by default. */
export type Subscriber<Context> = {
  readonly event: string;
  readonly hear: (tx: Context, payload: never) => Promise<void>;
};

/** Makes a subscriber; a fault in `hear` undoes the announcing transaction. */
export function subscriber<Context, Payload>(
  event: Event<Payload>,
  hear: (tx: Context, payload: Payload) => Promise<void>,
): Subscriber<Context> {
  return { event: event.name, hear: hear as Subscriber<Context>['hear'] }; // the name ties event and payload together
}

/** Carries announcements to subscribers. */
export type Bus<Context> = {
  announce<Payload>(tx: Context, event: Event<Payload>, payload: Payload): Promise<void>;
};

/** Makes a bus of the subscribers found at start. One that is none stops it: whatever it was to end would live on unseen. */
export function openBus<Context>(subscribers: readonly Subscriber<Context>[]): Bus<Context> {
  for (const one of subscribers) {
    if (typeof one?.event !== 'string' || typeof one.hear !== 'function')
      throw new Error('a *.subscriber.ts exports something that subscriber() did not make');
  }
  return {
    async announce(tx, event, payload) {
      for (const one of subscribers) {
        if (one.event === event.name) await one.hear(tx, payload as never); // same name, same payload: see subscriber()
      }
    },
  };
}

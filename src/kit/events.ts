// Typed events between topics: one announces, those below it hear, all in the same transaction. An event that has an
// `outside` is also told to other programs (webhooks).

/** What other programs are told of an event: ids, names of fields, plain facts. Never a secret. */
export type Told = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** An event's name together with the type of what it carries, and what of it is told outside, if anything. */
export type Event<Payload> = { readonly name: string; readonly outside?: (payload: Payload) => Told };

/** Declares an event. `const passwordChanged = defineEvent<{ userId: number }>('user.password.changed')`. */
export function defineEvent<Payload>(name: string, outside?: (payload: Payload) => Told): Event<Payload> {
  return outside ? { name, outside } : { name };
}

/** A subscriber: what a `*.subscriber.ts` file exports by default. */
export type Subscriber<Context> =
  | { readonly event: string; readonly hear: (tx: Context, payload: never) => Promise<void> }
  | { readonly event: '*'; readonly hearOutside: (tx: Context, name: string, told: Told) => Promise<void> };

/** Makes a subscriber; a fault in `hear` undoes the announcing transaction. */
export function subscriber<Context, Payload>(
  event: Event<Payload>,
  hear: (tx: Context, payload: Payload) => Promise<void>,
): Subscriber<Context> {
  return { event: event.name, hear: hear as (tx: Context, payload: never) => Promise<void> }; // the name ties event and payload together
}

/** Makes a subscriber to everything that is told outside. */
export function outsideSubscriber<Context>(
  hearOutside: (tx: Context, name: string, told: Told) => Promise<void>,
): Subscriber<Context> {
  return { event: '*', hearOutside };
}

/** Carries announcements to subscribers. */
export type Bus<Context> = {
  announce<Payload>(tx: Context, event: Event<Payload>, payload: Payload): Promise<void>;
  /** The names of all events that are told outside, sorted. */
  readonly toldOutside: readonly string[];
};

/** Makes a bus of the subscribers and events found at start. One that is none stops it: whatever it was to end would live on unseen. */
export function openBus<Context>(
  subscribers: readonly Subscriber<Context>[],
  events: readonly unknown[] = [],
): Bus<Context> {
  for (const one of subscribers) {
    if (typeof one?.event !== 'string' || !('hear' in one || 'hearOutside' in one))
      throw new Error('a *.subscriber.ts exports something that subscriber() did not make');
  }
  const outside = events.filter((one): one is Event<never> => isEvent(one) && one.outside !== undefined);
  const names = outside.map((one) => one.name).sort();
  const twice = names.find((name, at) => names[at + 1] === name);
  if (twice) throw new Error(`two events told outside are called ${twice}`);
  return {
    toldOutside: names,
    async announce(tx, event, payload) {
      for (const one of subscribers) {
        if ('hearOutside' in one) {
          if (event.outside) await one.hearOutside(tx, event.name, event.outside(payload));
        } else if (one.event === event.name) await one.hear(tx, payload as never); // same name, same payload: see subscriber()
      }
    },
  };
}

function isEvent(value: unknown): value is Event<never> {
  return typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string';
}

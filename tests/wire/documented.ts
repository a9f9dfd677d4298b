// What WHMCS documents of the actions that are answered here (documented-actions.json), and how an answer is held to it.

import type { WireMap, WireValue, WireValues } from '#api/dialect/wire.ts';
import { WireFile } from '#api/dialect/wire.ts';
import documented from './documented-actions.json' with { type: 'json' };

/** A parameter as the table of an action has it. */
export type DocumentedParameter = {
  readonly type: string;
  readonly required: boolean;
  readonly default?: string | number;
  readonly enum?: readonly string[];
};

/** An action as it is documented; the values of the example are made up. */
export type DocumentedAction = {
  readonly request: Readonly<Record<string, DocumentedParameter>>;
  readonly response: Readonly<Record<string, string>>;
  readonly errors: readonly string[];
  readonly warnings?: readonly string[];
  readonly example: Readonly<Record<string, unknown>>;
};

/** Every answered action by its name. */
export const DOCUMENTED: Readonly<Record<string, DocumentedAction>> = documented.actions;

/** What stands at a place of an answer: its JSON types, its texts, and the names below it in their order. */
type Place = { readonly kinds: Set<string>; readonly texts: Set<string>; readonly names: string[][] };

/** The places of some answers: `clients.client[].id`. A day that is a name is written `<day>`. */
export type Places = Map<string, Place>;

/** Adds what an answer holds to the places. */
export function addPlaces(places: Places, value: unknown, path = ''): Places {
  const place = places.get(path) ?? { kinds: new Set(), texts: new Set(), names: [] };
  places.set(path, place);
  place.kinds.add(kindOf(value));
  if (typeof value === 'string') place.texts.add(value);
  if (Array.isArray(value)) for (const one of value) addPlaces(places, one, `${path}[]`);
  else if (typeof value === 'object' && value !== null) {
    place.names.push(Object.keys(value).map(nameAt));
    for (const [name, one] of Object.entries(value)) addPlaces(places, one, path ? `${path}.${nameAt(name)}` : name);
  }
  return places;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}

function nameAt(name: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(name) ? '<day>' : name;
}

// The narrower ones first: a text of the example says by the first that it fits how ours has to look.
const FORMATS: readonly RegExp[] = [
  /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/,
  /^\d{4}-\d{2}-\d{2}$/,
  /^-?\d+\.\d{5}$/,
  /^-?\d+\.\d{2}$/,
  /^[^\d-]*-?\d+\.\d{2} [A-Z]{3}$/,
  /^Date: \d\d\/\d\d\/\d{4} \d\d:\d\d<br>IP Address: \S*<br>Host: \S*$/,
  /^\+\d+\.\d+$/,
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  /^[0-9a-f]{40}$/,
  /^[0-9a-f]{32}$/,
  /^(on|)$/,
  /^\d+$/,
];

/** How a text of the example is written; undefined where any text is right. The zero date is an instant. */
export function formatOf(example: string): RegExp | undefined {
  return example === '' ? undefined : FORMATS.find((format) => format.test(example));
}

/** Values that note the name of each that is looked up, `email_preferences[general]` for one in a list. */
export function watched(values: WireValues, read: Set<string>, under?: string): WireValues {
  return new Proxy(values, {
    get(target, name) {
      const value: WireValue | undefined = Reflect.get(target, name);
      if (typeof name !== 'string') return value;
      const full = under === undefined ? name : `${under}[${name}]`;
      read.add(full);
      return isMap(value) ? watched(value, read, full) : value;
    },
  });
}

function isMap(value: WireValue | undefined): value is WireMap {
  return typeof value === 'object' && !(value instanceof WireFile);
}

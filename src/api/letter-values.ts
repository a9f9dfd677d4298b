// The values that programs give for the fields of letters: a map, or base64 of PHP's serialize() or of JSON.

import { encodedMap } from '#api/dialect/encoded.ts';
import type { WireValues } from '#api/dialect/wire.ts';
import type { MergeValues } from '#domain/mail/liquid.ts';

/** A value that is longer is no field of a letter. */
const LONGEST_VALUE = 20_000;
const MOST_VALUES = 200;

/** The values under a parameter; `invalid` when they cannot be read, or are no flat map. */
export function letterValues(values: WireValues, name: string): MergeValues | 'invalid' {
  const given = Object.hasOwn(values, name) ? values[name] : undefined;
  if (given === undefined || given === '') return {};
  const read = typeof given === 'string' ? encodedMap(given) : flatMap(given);
  if (read === undefined || read.size > MOST_VALUES) return 'invalid';
  // Whatever else the names are, no text can ask for them.
  const named = [...read].filter(([field]) => /^[a-z_]\w{0,99}$/i.test(field) && field !== '__proto__');
  if (named.some(([, value]) => value.length > LONGEST_VALUE)) return 'invalid';
  return Object.fromEntries(named);
}

function flatMap(given: unknown): Map<string, string> | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const pairs = Object.entries(given);
  return pairs.every((pair): pair is [string, string] => typeof pair[1] === 'string') ? new Map(pairs) : undefined;
}

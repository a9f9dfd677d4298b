// Which part of a list is asked for: `limitstart` and `limitnum`, with WHMCS's defaults.

import { integer } from './parameters.ts';
import type { WireValues } from './wire.ts';

/** WHMCS documents no upper bound, and a client is known to ask for ten thousand on every call. */
const MOST_AT_ONCE = 10_000;

/** The first row (from 0) and how many rows. */
export type Part = { readonly start: number; readonly size: number };

/** The part of a list that a request asks for: from 0, 25 rows, where it says nothing, zero or nonsense. */
export function partOf(values: WireValues): Part {
  const start = integer(values, 'limitstart');
  const size = integer(values, 'limitnum');
  return {
    start: typeof start === 'number' ? start : 0,
    size: typeof size === 'number' && size > 0 ? Math.min(size, MOST_AT_ONCE) : 25,
  };
}

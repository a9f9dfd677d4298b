// Which part of a list is asked for: `limitstart` and `limitnum`, with WHMCS's defaults.

import { integer, scalar } from './parameters.ts';
import type { WireValues } from './wire.ts';

/** WHMCS documents no upper bound, and a client is known to ask for ten thousand on every call. */
const MOST_AT_ONCE = 10_000;

/** The first row (from 0) and how many rows. */
export type Part = { readonly start: number; readonly size: number };

/** The part of a list that a request asks for: from 0, 25 rows, where it says nothing, zero or nonsense. */
export function partOf(values: WireValues): Part {
  const size = integer(values, 'limitnum');
  return {
    start: startOf(values),
    size: typeof size === 'number' && size > 0 ? Math.min(size, MOST_AT_ONCE) : 25,
  };
}

/** Whether a list is asked for backwards: `sorting` is DESC, in any case; ASC where it says nothing or nonsense. */
export function isDescending(values: WireValues): boolean {
  return scalar(values, 'sorting')?.trim().toLowerCase() === 'desc';
}

// A number too large to be one is beyond every list: from 0 again, whoever leafs on would never end.
function startOf(values: WireValues): number {
  const start = integer(values, 'limitstart');
  if (typeof start === 'number') return start;
  return start === 'invalid' && /^\d+$/.test(scalar(values, 'limitstart')?.trim() ?? '') ? Number.MAX_SAFE_INTEGER : 0;
}

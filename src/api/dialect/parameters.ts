// How actions read their parameters. On the wire everything is text: an empty text means "not given" (clients send all
// five credential fields, the unused ones empty), and a list where one value is due is a WireFault, never a guess.

import { WireFault, WireFile, type WireMap, type WireValue, type WireValues } from './wire.ts';

/** A day as the wire writes it, `2026-03-31`. */
export type DateOnly = `${string}-${string}-${string}`;

/** One text as it was sent, spaces and all; absent or empty is `undefined`. Throws WireFault for a list or a file. */
export function scalar(values: WireValues, name: string): string | undefined {
  const value = own(values, name);
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw new WireFault(name, `The parameter "${name}" must be a single value`);
  return value;
}

/** Whether the parameter was sent at all, even empty: UpdateClient blanks a field that is sent empty. */
export function present(values: WireValues, name: string): boolean {
  return own(values, name) !== undefined;
}

/**
 * A whole number of 0 or more: an id, a count, an offset. Digits only, spaces around them ignored; signs, fractions and
 * what is above `most` are `'invalid'`, and the action answers its own documented text.
 */
export function integer(
  values: WireValues,
  name: string,
  most: number = Number.MAX_SAFE_INTEGER,
): number | 'invalid' | undefined {
  const text = scalar(values, name)?.trim();
  if (text === undefined || text === '') return undefined;
  if (!/^\d+$/.test(text)) return 'invalid';
  const number = Number(text);
  return number <= most ? number : 'invalid';
}

/**
 * An amount as a whole number of its smallest part, so that money is never a binary fraction: with 2 `places` "12.34"
 * is 1234. More digits than `places` are rounded, halves away from zero. No exponent, no thousands separator.
 */
export function decimal(values: WireValues, name: string, places: number): number | 'invalid' | undefined {
  const text = scalar(values, name)?.trim();
  if (text === undefined || text === '') return undefined;
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text);
  const [sign = '', whole = '', fraction = ''] = match?.slice(1) ?? [];
  if (whole + fraction === '') return 'invalid';
  const kept = Number(whole + fraction.slice(0, places).padEnd(places, '0'));
  const units = kept + (fraction.charAt(places) >= '5' ? 1 : 0);
  if (!Number.isSafeInteger(units)) return 'invalid';
  return sign === '-' && units > 0 ? -units : units;
}

/**
 * A yes or no in any of the spellings that clients send; absent or empty is `undefined`. Throws WireFault for other
 * words.
 */
export function flag(values: WireValues, name: string): boolean | undefined {
  const word = scalar(values, name)?.trim().toLowerCase();
  if (word === undefined || word === '') return undefined;
  if (['1', 'true', 'on', 'yes'].includes(word)) return true;
  if (['0', 'false', 'off', 'no'].includes(word)) return false;
  throw new WireFault(name, `The parameter "${name}" must be 1 or 0`);
}

/**
 * Several texts: a bracket list in the order of its numbers, or a single value as a list of one; with `commas` each is
 * split at commas and trimmed. Empty elements are left out; a parameter sent without any is `undefined`. Where the
 * positions matter (AddOrder's parallel lists), use `map`. Throws WireFault for nested lists and files.
 */
export function list(
  values: WireValues,
  name: string,
  { commas = false }: { readonly commas?: boolean } = {},
): readonly string[] | undefined {
  const value = own(values, name);
  const texts = isMap(value)
    ? Object.keys(value).map((key) => elementOf(value, key, name))
    : [scalar(values, name) ?? ''];
  const elements = commas ? texts.flatMap((text) => text.split(',')).map((text) => text.trim()) : texts;
  const filled = elements.filter((text) => text !== '');
  return filled.length > 0 ? filled : undefined;
}

/**
 * A keyed parameter such as `pricing[1][monthly]`; absent or sent empty is `undefined`. Throws WireFault for a single
 * value.
 */
export function map(values: WireValues, name: string): WireMap | undefined {
  const value = own(values, name);
  if (value === undefined || value === '') return undefined;
  if (!isMap(value)) throw new WireFault(name, `The parameter "${name}" must be a list`);
  return value;
}

/**
 * The files uploaded under a name, `attachments` or `attachments[]`; empty when there are none. Texts there are
 * skipped.
 */
export function files(values: WireValues, name: string): readonly WireFile[] {
  const value = own(values, name);
  const candidates = isMap(value) ? Object.values(value) : [value];
  return candidates.filter((candidate) => candidate instanceof WireFile);
}

/**
 * A day, `Y-m-d` or `Ymd`, that exists in the calendar. `0000-00-00` means none: `undefined`. Anything else is
 * `'invalid'`.
 */
export function dateOnly(values: WireValues, name: string): DateOnly | 'invalid' | undefined {
  const text = scalar(values, name)?.trim();
  if (text === undefined || text === '') return undefined;
  const match = /^(\d{4})(-?)(\d{2})\2(\d{2})$/.exec(text);
  const [year = '', , month = '', day = ''] = match?.slice(1) ?? [];
  if (year + month + day === '00000000') return undefined;
  return isDay(Number(year), Number(month), Number(day)) ? `${year}-${month}-${day}` : 'invalid';
}

/**
 * The family `itemdescription1`, `itemdescription2`, … (0 works too) by number, ascending; empty ones are left out.
 * Throws WireFault when one of them is a list.
 */
export function numbered(values: WireValues, stem: string): ReadonlyMap<number, string> {
  const found: [number, string][] = [];
  for (const name of Object.keys(values)) {
    const suffix = name.startsWith(stem) ? name.slice(stem.length) : '';
    const text = /^(0|[1-9]\d{0,5})$/.test(suffix) ? scalar(values, name) : undefined;
    if (text !== undefined) found.push([Number(suffix), text]);
  }
  return new Map(found.sort(([a], [b]) => a - b));
}

// Own values only: callers inside the process may pass a plain object, and `constructor` is not a parameter.
function own(values: WireValues, name: string): WireValue | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function elementOf(value: WireMap, key: string, name: string): string {
  const element = value[key];
  if (typeof element !== 'string') throw new WireFault(name, `The parameter "${name}" must be a list of single values`);
  return element;
}

function isMap(value: WireValue | undefined): value is WireMap {
  return typeof value === 'object' && !(value instanceof WireFile);
}

function isDay(year: number, month: number, day: number): boolean {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return year > 0 && day >= 1 && day <= days;
}

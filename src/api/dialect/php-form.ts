// Form names and values as PHP reads them: percent-decoding that never fails, and names with brackets as nested maps.
// Written here because no library does exactly this: `qs` keeps dots and mixes scalars with maps of the same name.

import { emptyMap, WireFile, type WireMap } from './wire.ts';

/** One name and its value, decoded, in the order they were sent. */
export type FormPair = readonly [name: string, value: string | WireFile];

/** How much a form may hold. */
export type FormLimits = {
  /**
   * Pairs. PHP's `max_input_vars` is 1000 too, but cuts silently: an order with half its lines is worse than a refusal.
   */
  readonly parameters: number;
  /** Brackets after one name: `a[b][c]` has two. */
  readonly depth: number;
  /** Characters of one whole name, brackets included. */
  readonly nameLength: number;
};

/** The nested values and the number of pairs counted so far, or the sentence to refuse with. */
export type FormRead =
  | { readonly ok: true; readonly map: WireMap; readonly count: number }
  | { readonly ok: false; readonly message: string };

/**
 * Nests pairs by the rules of PHP's request variables: `a[]` appends, `a[b][c]` nests, of two equal names the later one
 * wins (also `a=1&a[b]=2`), dots and spaces in the first part become `_`, an unclosed bracket becomes `_`, text after
 * the last bracket is ignored. A name that holds `__proto__` is dropped. `countBefore` is what the same request has
 * already spent of its parameters. Returns the sentence to refuse with when a limit is passed.
 */
export function formMap(pairs: Iterable<FormPair>, limits: FormLimits, countBefore = 0): FormRead {
  const map: GrowingMap = emptyMap();
  const nextIndex: NextIndex = new WeakMap();
  let count = countBefore;
  for (const [name, value] of pairs) {
    count += 1;
    if (count > limits.parameters) return refused(`The request has more than ${limits.parameters} parameters`);
    if (name.length > limits.nameLength)
      return refused(`A parameter name is longer than ${limits.nameLength} characters`);
    const path = pathOf(name);
    if (path.length - 1 > limits.depth) return refused(`A parameter name has more than ${limits.depth} brackets`);
    if (path.length > 0 && !path.includes('__proto__')) place(map, nextIndex, path, value);
  }
  return { ok: true, map, count };
}

/** Splits `application/x-www-form-urlencoded` bytes at `&` and the first `=`, and decodes both sides. Never throws. */
export function* urlencodedPairs(bytes: Buffer): Generator<FormPair> {
  const text = bytes.toString('latin1');
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('&', start);
    const end = found === -1 ? text.length : found;
    const equals = text.slice(start, end).indexOf('=');
    const nameEnd = equals === -1 ? end : start + equals;
    if (end > start) yield [urldecode(text.slice(start, nameEnd)), urldecode(text.slice(nameEnd + 1, end))];
    start = end + 1;
  }
}

/** Text that can be stored: no NUL (PHP cuts names there, databases refuse it) and no half of a surrogate pair. */
export function cleanText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

function refused(message: string): FormRead {
  return { ok: false, message };
}

type GrowingMap = { [key: string]: string | WireFile | GrowingMap };
type NextIndex = WeakMap<GrowingMap, number>;
/** The first part of a name and its brackets; `undefined` stands for `[]`. Empty when the name names nothing. */
type Path = readonly (string | undefined)[];

// `text` holds one byte a character. What is no escape stays as it is, what is no UTF-8 becomes U+FFFD.
function urldecode(text: string): string {
  if (/^[!-$&-*,-~]*$/.test(text)) return text; // most texts: printable ASCII without % and +
  const bytes = text
    .replaceAll('+', ' ')
    .replace(/%([0-9a-fA-F]{2})/g, (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return cleanText(Buffer.from(bytes, 'latin1').toString('utf8'));
}

function pathOf(name: string): Path {
  const trimmed = name.replace(/^ +/, '');
  const open = trimmed.indexOf('[');
  if (open === -1) return trimmed === '' ? [] : [mangled(trimmed)];
  if (open === 0) return [];
  const path: (string | undefined)[] = [mangled(trimmed.slice(0, open))];
  for (let at = open; trimmed[at] === '['; ) {
    const append = /^\[\s?\]/.exec(trimmed.slice(at, at + 3))?.[0];
    const close = append === undefined ? trimmed.indexOf(']', at) : at + append.length - 1;
    if (close === -1) return path.length === 1 ? [mangled(trimmed)] : path;
    path.push(append === undefined ? trimmed.slice(at + 1, close) : undefined);
    at = close + 1;
  }
  return path;
}

function mangled(name: string): string {
  return name.replace(/[ .[]/g, '_');
}

function place(root: GrowingMap, nextIndex: NextIndex, path: Path, value: string | WireFile): void {
  let map = root;
  for (const step of path.slice(0, -1)) {
    const key = keyFor(map, nextIndex, step);
    const there = map[key];
    const inner: GrowingMap = isMap(there) ? there : emptyMap();
    map[key] = inner;
    map = inner;
  }
  map[keyFor(map, nextIndex, path.at(-1))] = value;
}

// PHP numbers `[]` from one above the highest whole number used so far in that map.
function keyFor(map: GrowingMap, nextIndex: NextIndex, step: string | undefined): string {
  const next = nextIndex.get(map) ?? 0;
  const key = step ?? String(next);
  if (/^(0|[1-9]\d{0,14})$/.test(key)) nextIndex.set(map, Math.max(next, Number(key) + 1));
  return key;
}

function isMap(value: string | WireFile | GrowingMap | undefined): value is GrowingMap {
  return typeof value === 'object' && !(value instanceof WireFile);
}

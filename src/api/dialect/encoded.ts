// Maps that travel as one text: base64 of PHP's serialize() (AddClient's customfields, CreateQuote's lineitems) or of
// JSON. Own reader, because what arrives is hostile: no classes, no references, no prototype, and an end to size and
// depth. (`php-serialize` assigns `__proto__` into plain objects and has no limit on depth.)

import { cleanText } from './php-form.ts';
import { emptyMap, type WireMap, type WireValue } from './wire.ts';

/** How much one encoded map may hold. */
export type EncodedLimits = {
  /** Characters of the base64 text. */
  readonly characters: number;
  /** Values on all levels together. */
  readonly entries: number;
  readonly depth: number;
};

export const usualEncodedLimits: EncodedLimits = { characters: 1_048_576, entries: 1000, depth: 5 };

/** A flat map, such as custom field id to value; `undefined` when it cannot be read or an element is itself a list. */
export function encodedMap(text: string, limits?: Partial<EncodedLimits>): Map<string, string> | undefined {
  const tree = encodedTree(text, limits);
  if (tree === undefined) return undefined;
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value !== 'string') return undefined;
    flat.set(key, value);
  }
  return flat;
}

/**
 * A nested map or list: quote line items, or attachments as `[{"name","data"}]`. Scalars become the text PHP makes of
 * them (`true` is "1"; `false` and `null` are ""). `undefined` when it is no such text or passes a limit.
 * base64 is read leniently: line breaks (Ruby's encode64), `-_`, no padding, and spaces for the `+` of a client that
 * forgot to percent-encode.
 */
export function encodedTree(text: string, limits: Partial<EncodedLimits> = {}): WireMap | undefined {
  const most = { ...usualEncodedLimits, ...limits };
  const bytes = text.length <= most.characters ? fromBase64(text) : undefined;
  if (bytes === undefined) return undefined;
  const budget: Budget = { entries: most.entries };
  try {
    if (bytes[0] === code('a')) return fromPhp(bytes, most.depth, budget);
    return mapFromJson(JSON.parse(bytes.toString('utf8')), most.depth, budget);
  } catch (error) {
    if (error instanceof Unreadable || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

type Budget = { entries: number };
type Cursor = { readonly bytes: Buffer; at: number };

class Unreadable extends Error {}

function fromBase64(text: string): Buffer | undefined {
  const plain = text
    .trim()
    .replace(/[\r\n\t]/g, '')
    .replace(/[ -]/g, '+')
    .replaceAll('_', '/');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(plain) ? Buffer.from(plain, 'base64') : undefined;
}

function fromPhp(bytes: Buffer, depth: number, budget: Budget): WireMap {
  const cursor: Cursor = { bytes, at: 0 };
  const tree = phpArray(cursor, depth, budget);
  if (bytes.toString('latin1', cursor.at).trim() !== '') throw new Unreadable();
  return tree;
}

// a:COUNT:{key value key value}
function phpArray(cursor: Cursor, depth: number, budget: Budget): WireMap {
  if (depth === 0) throw new Unreadable();
  expect(cursor, 'a:');
  const count = Number(until(cursor, ':', /^\d{1,7}$/));
  expect(cursor, '{');
  const map = emptyMap<WireValue>();
  for (let index = 0; index < count; index += 1) {
    spend(budget);
    put(map, phpKey(cursor), phpValue(cursor, depth, budget));
  }
  expect(cursor, '}');
  return map;
}

function phpKey(cursor: Cursor): string {
  const type = cursor.bytes[cursor.at];
  if (type !== code('i') && type !== code('s')) throw new Unreadable();
  return phpScalar(cursor);
}

function phpValue(cursor: Cursor, depth: number, budget: Budget): WireValue {
  return cursor.bytes[cursor.at] === code('a') ? phpArray(cursor, depth - 1, budget) : phpScalar(cursor);
}

// Objects (O, C, E) and references (R, r) have no case here, so they are unreadable.
function phpScalar(cursor: Cursor): string {
  const type = String.fromCharCode(cursor.bytes[cursor.at] ?? 0);
  cursor.at += 1;
  expect(cursor, type === 'N' ? ';' : ':');
  switch (type) {
    case 'N':
      return '';
    case 'b':
      return until(cursor, ';', /^[01]$/) === '1' ? '1' : '';
    case 'i':
      return BigInt(until(cursor, ';', /^-?\d{1,19}$/)).toString();
    case 'd':
      return until(cursor, ';', /^-?\d+(\.\d+)?(E[+-]?\d+)?$/i);
    case 's':
      return phpString(cursor);
    default:
      throw new Unreadable();
  }
}

// s:BYTES:"…"; where the length counts bytes, so quotes inside need no escape.
function phpString(cursor: Cursor): string {
  const length = Number(until(cursor, ':', /^\d{1,8}$/));
  expect(cursor, '"');
  const end = cursor.at + length;
  const text = cursor.bytes.toString('utf8', cursor.at, end);
  cursor.at = end;
  expect(cursor, '";');
  return cleanText(text);
}

function expect(cursor: Cursor, text: string): void {
  const end = cursor.at + text.length;
  if (cursor.bytes.toString('latin1', cursor.at, end) !== text) throw new Unreadable();
  cursor.at = end;
}

function until(cursor: Cursor, mark: string, shape: RegExp): string {
  const longestNumber = 32;
  const window = cursor.bytes.toString('latin1', cursor.at, cursor.at + longestNumber);
  const text = window.slice(0, Math.max(window.indexOf(mark), 0));
  if (!shape.test(text)) throw new Unreadable();
  cursor.at += text.length + 1;
  return text;
}

function mapFromJson(value: unknown, depth: number, budget: Budget): WireMap {
  if (depth === 0 || typeof value !== 'object' || value === null) throw new Unreadable();
  const map = emptyMap<WireValue>();
  for (const [key, element] of Object.entries(value)) {
    spend(budget);
    put(map, cleanText(key), fromJson(element, depth, budget));
  }
  return map;
}

function fromJson(value: unknown, depth: number, budget: Budget): WireValue {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? '1' : '';
  return value === null ? '' : mapFromJson(value, depth - 1, budget);
}

function put(map: { [key: string]: WireValue }, key: string, value: WireValue): void {
  if (key !== '__proto__') map[key] = value;
}

function spend(budget: Budget): void {
  budget.entries -= 1;
  if (budget.entries < 0) throw new Unreadable();
}

function code(letter: string): number {
  return letter.charCodeAt(0);
}

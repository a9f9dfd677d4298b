// Writes an answer of the WHMCS wire as JSON, XML or NVP, the way PHP clients of twenty years have come to parse it.

import type { WireValues } from './wire.ts';

export type ResponseFormat = 'json' | 'xml' | 'nvp';

/** What an answer may hold. `undefined` leaves the key out. */
export type AnswerValue = string | number | boolean | null | undefined | readonly AnswerValue[] | AnswerMap;

export type AnswerMap = { readonly [key: string]: AnswerValue };

/**
 * An answer, `result` first. Lists of one kind are `{ clients: { client: […] } }` or plain, as the action documents.
 */
export type Answer = { readonly result: string; readonly [key: string]: AnswerValue };

/**
 * A finished answer. The endpoint adds `X-Content-Type-Options: nosniff`: texts in XML and NVP are what customers
 * typed.
 */
export type WrittenAnswer = { readonly contentType: string; readonly body: string };

/** Writes an answer. `action` is the name as it was called; XML repeats it in lower case. */
export function writeAnswer(format: ResponseFormat, action: string, answer: Answer): WrittenAnswer {
  switch (format) {
    case 'json':
      return { contentType: 'application/json', body: json(answer) };
    case 'xml':
      return { contentType: 'application/xml; charset=utf-8', body: xml(action, answer) };
    case 'nvp':
      return { contentType: 'text/plain; charset=utf-8', body: nvp(answer) };
  }
}

/**
 * The format that a request asked for, in any case. Without one it is NVP: whoever leaves it out was written when that
 * was the default and splits at `;` (the Ruby clients, old PHP samples); whoever wants JSON says so. Nested answers
 * too, since the print-outs of them in the public documentation show flattened keys. An unknown word, or a list, is
 * JSON: whoever sends it knows of the parameter, so is newer. Never throws, because refusals are written in it as well.
 */
export function responseFormat(values: WireValues): ResponseFormat {
  const value = Object.hasOwn(values, 'responsetype') ? values.responsetype : undefined;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (word === undefined || word === '') return 'nvp';
  return word === 'xml' || word === 'nvp' ? word : 'json';
}

// JSON like PHP's json_encode: compact, slashes escaped, ASCII only. A Perl client wants `{` first, a C# client decodes
// as ASCII. A lone surrogate would stop PHP's json_decode altogether, so it becomes U+FFFD.
function json(answer: Answer): string {
  const text = JSON.stringify(answer);
  if (!/[/\u0080-\uffff]|\\ud[89a-f]/.test(text)) return text;
  const wellFormed = /\\ud[89a-f]/.test(text) ? JSON.stringify(withoutLoneSurrogates(answer)) : text;
  return wellFormed.replaceAll('/', '\\/').replace(/[\u0080-\uffff]/g, (unit) => `\\u${hex4(unit)}`);
}

function hex4(unit: string): string {
  return unit.charCodeAt(0).toString(16).padStart(4, '0');
}

function withoutLoneSurrogates(value: AnswerValue): AnswerValue {
  if (typeof value === 'string') return value.toWellFormed();
  if (isList(value)) return value.map(withoutLoneSurrogates);
  if (!isNested(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, element]) => [key.toWellFormed(), withoutLoneSurrogates(element)]),
  );
}

// Written by hand: `fast-xml-builder` would need the same tree rebuilt to its own shape first, keeps characters that
// XML forbids, and is slower. The root has no version attribute: it would tell strangers what we run before they are
// known.
function xml(action: string, answer: Answer): string {
  const fields = xmlElement('action', action.toLowerCase()) + xmlChildren({ ...answer, action: undefined });
  return `<?xml version="1.0" encoding="utf-8"?>\n<whmcsapi>${fields}</whmcsapi>`;
}

function xmlElement(name: string, value: AnswerValue): string {
  const tag = xmlName(name);
  if (isList(value)) return `<${tag}>${xmlElements(elementNames.get(name) ?? 'item', value)}</${tag}>`;
  if (isNested(value)) return `<${tag}>${xmlChildren(value)}</${tag}>`;
  return `<${tag}>${xmlText(phpText(value))}</${tag}>`;
}

// `{ clients: { client: […] } }`: the only child of its wrapper is repeated under its own name.
function xmlChildren(map: AnswerMap): string {
  const entries = Object.entries(map).filter(([, value]) => value !== undefined);
  const [name = '', value] = entries[0] ?? [];
  if (entries.length === 1 && isList(value) && !elementNames.has(name)) return xmlElements(name, value);
  return entries.map(([key, child]) => xmlElement(key, child)).join('');
}

function xmlElements(name: string, values: readonly AnswerValue[]): string {
  return values.map((value) => xmlElement(name, value)).join('');
}

// Lists without a wrapper in JSON get one in XML, so that all lists look alike there and an empty or single one stays a
// list. What the live product does is not known. A list that is not named here has elements called `item`.
const elementNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    addons: 'addon',
    admin_users: 'admin_user',
    attachments: 'attachment',
    categories: 'category',
    clients: 'client',
    customfields: 'customfield',
    domains: 'domain',
    filteredDepartments: 'department',
    parameters: 'parameter',
    paymethods: 'paymethod',
    projects: 'project',
    receivesTicketNotifications: 'department',
    servers: 'server',
    services: 'service',
    supportDepartmentIds: 'department',
    users: 'user',
  }),
);

// Names from data (`1`, `2025-03-14`) begin with `_`; a character outside the ASCII name characters becomes `_`.
function xmlName(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9_.-]/g, '_');
  return /^[A-Za-z_]/.test(plain) ? plain : `_${plain}`;
}

function xmlText(text: string): string {
  return printable(text).replace(/[&<>\r]/g, (character) => xmlEntities[character] ?? '');
}

// A bare carriage return would come back as a line feed (XML 1.0, 2.11).
const xmlEntities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

// `key=value;` for every value, nested keys flattened as `users[0][id]`; an empty list writes nothing. Besides the
// entities that clients know from PHP's htmlspecialchars, `;` is one too (and `=` in names): a reader that knows
// entities gets every text back whole, and one that splits at each `;` loses such a text either way. Line breaks stay
// as they are.
function nvp(answer: Answer): string {
  return Object.entries(answer)
    .map(([name, value]) => nvpPairs(nvpName(name), value))
    .join('');
}

function nvpPairs(name: string, value: AnswerValue): string {
  if (value === undefined) return '';
  if (!isList(value) && !isNested(value)) return `${name}=${nvpText(phpText(value))};`;
  return Object.entries(value)
    .map(([key, element]) => nvpPairs(`${name}[${nvpName(key)}]`, element))
    .join('');
}

function nvpName(text: string): string {
  return nvpText(text).replaceAll('=', '&#061;');
}

function nvpText(text: string): string {
  return printable(text).replace(/[&<>"';]/g, (character) => nvpEntities[character] ?? '');
}

const nvpEntities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#039;',
  ';': '&#059;',
};

// What PHP prints: true is 1, false and null are nothing. A number that is none (0/0) is nothing too, as in JSON.
function phpText(value: string | number | boolean | null | undefined): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  return value === true ? '1' : '';
}

// Only characters that XML 1.0 allows (2.2); control characters and halves of surrogate pairs are left out.
function printable(text: string): string {
  if (!/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/.test(text)) return text;
  return text.replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '');
}

// TypeScript's Array.isArray does not narrow a readonly list.
function isList(value: AnswerValue): value is readonly AnswerValue[] {
  return Array.isArray(value);
}

function isNested(value: AnswerValue): value is AnswerMap {
  return typeof value === 'object' && value !== null && !isList(value);
}

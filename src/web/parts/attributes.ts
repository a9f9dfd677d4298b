// The attributes of an element, drawn from a record.

import { type Html, html, raw } from '#kit/html.ts';

/** What an attribute may be: a text or number, `true` for its bare name, `undefined` or `false` for not there. */
export type AttributeValue = string | number | boolean | undefined;

/** Draws ` name="value"` for each entry, escaped. Names are ours, never a visitor's. */
export function attributes(values: Readonly<Record<string, AttributeValue>>): Html {
  return html`${Object.entries(values).map(([name, value]) => attribute(name, value))}`;
}

function attribute(name: string, value: AttributeValue): Html | undefined {
  if (value === undefined || value === false) return undefined;
  return value === true ? raw(` ${name}`) : html` ${raw(name)}="${value}"`;
}

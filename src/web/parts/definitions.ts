// A thing in terms and values: a profile's summary.

import { type Html, html } from '#kit/html.ts';
import type { Frame } from './frame.ts';
import { nothing } from './time.ts';

/** One line. A missing or empty value draws a dash; `action` is a link such as "Change", with its `about`. */
export type Definition = {
  readonly term: string;
  readonly value?: string | Html | undefined;
  readonly action?: { readonly href: string; readonly text: string } | undefined;
};

/** Terms and values, one a line. Lines that are `undefined` or `false` are left out. */
export function definitions(frame: Frame, lines: readonly (Definition | undefined | false)[]): Html {
  return html`<dl class="dw-definitions">${lines.map((line) => line && drawn(frame, line))}</dl>`;
}

function drawn(frame: Frame, line: Definition): Html {
  const action =
    line.action &&
    html`<a class="dw-definition-action" href="${line.action.href}">${line.action.text}<span class="visually-hidden"> (${line.term})</span></a>`;
  const value = line.value === undefined || line.value === '' ? nothing(frame) : line.value;
  return html`<div><dt>${line.term}</dt><dd><span class="dw-definition-value">${value}</span>${action}</dd></div>`;
}

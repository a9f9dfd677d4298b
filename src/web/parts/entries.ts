// Entries of a log or a history, newest first: what happened, and beside or below it who, where and when. Longer than a
// table's row may be, and it may hold something to open.

import { type Html, html } from '#kit/html.ts';

/** One entry. `facts` stand at its end on a wide screen, below it on a narrow one. */
export type Entry = { readonly body: Html; readonly facts: Html };

/** The list; sits in a card's `flush`. `label` names it for screen readers. */
export function entryList(options: { readonly label: string; readonly entries: readonly Entry[] }): Html {
  const drawn = options.entries.map(
    ({ body, facts }) =>
      html`<li><div class="dw-entry-body">${body}</div><div class="dw-entry-facts">${facts}</div></li>`,
  );
  return html`<ol class="dw-entries" aria-label="${options.label}">${drawn}</ol>`;
}

/** More about an entry, behind a word that opens it. */
export function entryMore(options: { readonly word: string; readonly body: Html }): Html {
  return html`<details class="dw-entry-more"><summary>${options.word}</summary>${options.body}</details>`;
}

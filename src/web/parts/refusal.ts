// The body of a page that says no: what happened, why, what to do next, and a code for whoever is asked for help.

import { type Html, html } from '#kit/html.ts';
import type { Frame } from './frame.ts';

export type RefusalOptions = {
  /** What happened. The page's h1 says it shorter. */
  readonly what: string | Html;
  readonly why?: string | Html | undefined;
  /** What to do next: a link or button. */
  readonly next?: Html | undefined;
  /** The support code, where staff can find the case by it. */
  readonly reference?: string | undefined;
};

/** A refusal; put it into any room, with a `title` that says it in a few words ("That page is not here"). */
export function refusal(frame: Frame, options: RefusalOptions): Html {
  const why = options.why && html`<p>${options.why}</p>`;
  const next = options.next && html`<div class="dw-buttons">${options.next}</div>`;
  const reference =
    options.reference &&
    html`<p class="dw-reference">${frame.t('common.refusal.reference')} <code class="user-select-all">${options.reference}</code></p>`;
  return html`<div class="dw-refusal"><p class="dw-refusal-what">${options.what}</p>${why}${next}${reference}</div>`;
}

// The headings of a long page, above it: each leads down to its part.

import { type Html, html } from '#kit/html.ts';
import type { Frame } from './frame.ts';

/** Draws it. `href`: `#` and the id of the part. */
export function pageIndex(frame: Frame, items: readonly { readonly href: string; readonly text: string }[]): Html {
  const links = items.map(({ href, text }) => html`<li><a href="${href}">${text}</a></li>`);
  return html`<nav class="dw-index" aria-label="${frame.t('common.index')}"><ul>${links}</ul></nav>`;
}

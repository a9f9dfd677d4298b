// A client's group: a dot in its colour and its name. The name is in the ink of the page and the dot has an edge of it, so
// whatever colour was chosen both can be seen; the colour is an attribute of the drawing, no style in the page.

import { type Html, html } from '#kit/html.ts';
import { colourOf, hexOf } from './colour.ts';

/** Draws the mark. A colour that is none draws the edge alone. */
export function groupMark(group: { readonly name: string; readonly colour: string }): Html {
  const colour = colourOf(group.colour);
  const fill = colour ? hexOf(colour) : 'none';
  return html`<span class="dw-group"><svg class="dw-group-dot" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" focusable="false"><circle cx="6" cy="6" r="5" fill="${fill}" stroke="currentColor" stroke-width="1"/></svg><span>${group.name}</span></span>`;
}

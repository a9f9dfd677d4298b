// A few digits that somebody reads out or types over: large, and in groups of three.

import { type Html, html } from '#kit/html.ts';

/** Draws them below what they are. Digits run from left to right in every language. */
export function spokenCode(options: { readonly label: string; readonly code: string }): Html {
  const groups = options.code.match(/.{1,3}/g)?.join(' ') ?? '';
  return html`<p class="dw-spoken-label">${options.label}</p><p class="dw-spoken"><bdi dir="ltr">${groups}</bdi></p>`;
}

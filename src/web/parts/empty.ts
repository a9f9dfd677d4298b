// What a list says when there is nothing in it: what would stand here, and the one thing to do.

import { type Html, html } from '#kit/html.ts';
import { type IconName, icon } from './icon.ts';

/** An empty list. `action` is one link or button, left out where the person may not add anything. */
export function empty(options: {
  readonly title: string;
  readonly text?: string | Html | undefined;
  readonly action?: Html | undefined;
  readonly icon?: IconName | undefined;
}): Html {
  const text = options.text && html`<p class="dw-empty-text">${options.text}</p>`;
  const action = options.action && html`<div class="dw-empty-action">${options.action}</div>`;
  return html`<div class="dw-empty"><span class="dw-empty-icon">${icon(options.icon ?? 'inbox')}</span><p class="dw-empty-title">${options.title}</p>${text}${action}</div>`;
}

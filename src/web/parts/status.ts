// The state of a thing as a dot and a word, and small labels.

import { type Html, html } from '#kit/html.ts';
import { icon } from './icon.ts';
import type { Tone } from './notice.ts';

/** A state: `good` works, `waiting` needs someone, `bad` is refused or lost, `info` is special, `quiet` is over. */
export type StatusTone = 'good' | 'waiting' | 'bad' | 'info' | 'quiet';

/** A state as a dot and a word: `status('good', t('admin.clients.active'))`. The word carries the meaning. */
export function status(tone: StatusTone, word: string): Html {
  return html`<span class="dw-status dw-status-${tone}">${word}</span>`;
}

/** A small label beside a name, such as "Owner" or "You". Without a tone it is neutral. */
export function badge(word: string, tone?: Tone): Html {
  return html`<span class="badge${tone ? html` dw-tone-${tone}` : undefined}">${word}</span>`;
}

/** Yes or no in a table cell: an icon with its word for screen readers. */
export function tick(yes: boolean, word: string): Html {
  const drawn = yes ? icon('check') : html`<span aria-hidden="true">–</span>`;
  return html`<span class="dw-tick">${drawn}<span class="visually-hidden">${word}</span></span>`;
}

// A sentence at the top of a page or a card: what happened, or what to know.

import { type Html, html } from '#kit/html.ts';
import type { Frame, Notice } from './frame.ts';
import { type IconName, icon } from './icon.ts';

/** How a notice, a status or a badge is meant; each has a colour and an icon or a dot beside its word. */
export type Tone = Notice['tone'];

/** What the last act came to (`frame.notice`), or nothing. Rooms draw it; pages do not. */
export function pageNotice(frame: Frame): Html | undefined {
  if (!frame.notice) return undefined;
  const { tone, text } = frame.notice;
  const role = tone === 'success' || tone === 'info' ? 'status' : 'alert';
  return html`<div class="dw-notice dw-tone-${tone}" role="${role}" tabindex="-1" data-focus>${icon(toneIcon(tone))}<div><p>${text}</p></div></div>`;
}

/** A standing remark inside a page, such as "This account is closed". `action` is a link or a small form. */
export function remark(options: {
  readonly tone: Tone;
  readonly title?: string | undefined;
  readonly body: string | Html;
  readonly action?: Html | undefined;
}): Html {
  const title = options.title && html`<p class="dw-notice-title">${options.title}</p>`;
  const action = options.action && html`<div class="dw-notice-action">${options.action}</div>`;
  return html`<div class="dw-notice dw-tone-${options.tone}">${icon(toneIcon(options.tone))}<div>${title}<p>${options.body}</p></div>${action}</div>`;
}

/** The icon that says the same as the tone's colour. */
function toneIcon(tone: Tone): IconName {
  switch (tone) {
    case 'success':
      return 'circle-check';
    case 'info':
      return 'info-circle';
    case 'warning':
      return 'alert-triangle';
    case 'danger':
      return 'alert-circle';
  }
}

// The way through a long list: keyset paging knows the next and the previous page, not their numbers.

import { type Html, html } from '#kit/html.ts';
import type { Frame } from './frame.ts';
import { icon } from './icon.ts';

/** Links to the pages before and after. `summary` says what is shown: "30 of 1,204 clients". */
export function pager(
  frame: Frame,
  options: {
    readonly previous?: string | undefined;
    readonly next?: string | undefined;
    readonly summary?: string | undefined;
  },
): Html | undefined {
  const { previous, next, summary } = options;
  if (previous === undefined && next === undefined && summary === undefined) return undefined;
  const links = previous !== undefined || next !== undefined;
  const back =
    previous !== undefined &&
    html`<a class="btn dw-btn-plain btn-sm" rel="prev" href="${previous}">${icon('chevron-left', { turns: true })}${frame.t('common.pager.previous')}</a>`;
  const on =
    next !== undefined &&
    html`<a class="btn dw-btn-plain btn-sm" rel="next" href="${next}">${frame.t('common.pager.next')}${icon('chevron-right', { turns: true })}</a>`;
  return html`<div class="dw-pager"><p>${summary}</p>${links && html`<nav aria-label="${frame.t('common.pager.label')}">${back}${on}</nav>`}</div>`;
}

// Tabs with real addresses: each is a page.

import { type Html, html } from '#kit/html.ts';
import type { Frame } from './frame.ts';

/** One tab. `count` is what waits behind it. */
export type Tab = { readonly href: string; readonly text: string; readonly count?: number | undefined };

/** The pages of one thing. The current one is told by `frame.path`: the longest address that it begins with. */
export function tabs(frame: Frame, options: { readonly label: string; readonly items: readonly Tab[] }): Html {
  const current = currentOf(
    frame.path,
    options.items.map((item) => item.href),
  );
  const items = options.items.map((item) => {
    const count = item.count !== undefined && html` <span class="badge">${frame.formatNumber(item.count)}</span>`;
    return html`<li><a href="${item.href}"${item.href === current && html` aria-current="page"`}>${item.text}${count}</a></li>`;
  });
  return html`<nav class="dw-tabs" aria-label="${options.label}"><ul>${items}</ul></nav>`;
}

/** Which of several addresses a path belongs to: itself, or the longest one above it. A query is not looked at. */
export function currentOf(path: string, hrefs: readonly string[]): string | undefined {
  const above = hrefs.filter((href) => isWithin(path, href.split('?')[0] ?? href));
  return above.sort((one, other) => other.length - one.length)[0];
}

function isWithin(path: string, place: string): boolean {
  return path === place || path.startsWith(place.endsWith('/') ? place : `${place}/`);
}

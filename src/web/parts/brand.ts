// The operator's brand: its mark in the rooms, and its accent as a stylesheet that stays readable in both themes.

import { type Html, html, raw } from '#kit/html.ts';
import { type Colour, colourOf, contrastOf, hexOf, mixed, movedUntil } from './colour.ts';
import type { Frame } from './frame.ts';
import { colour, type Theme } from './tokens.ts';

/** The operator's logo, or our own mark; with the name beside it unless the logo stands for the name. */
export function brandMark(frame: Frame, options: { readonly withName: boolean }): Html {
  const { name, logoUrl } = frame.brand;
  if (logoUrl === undefined) return html`${ownMark}<span class="dw-brand-name">${name}</span>`;
  if (!options.withName) return html`<img class="dw-logo" src="${logoUrl}" alt="${name}">`;
  return html`<img class="dw-logo" src="${logoUrl}" alt=""><span class="dw-brand-name">${name}</span>`;
}

/** What /assets/brand.css says for an accent (`#rrggbb`); undefined when that is no colour, and then ours stays. */
export function brandStylesheet(accent: string): string | undefined {
  const wanted = colourOf(accent);
  if (!wanted) return undefined;
  return `:root{${tokens('light', wanted)}}@media (prefers-color-scheme:dark){:root{${tokens('dark', wanted)}}}\n`;
}

/**
 * The accent's tokens in a theme, moved as little as keeps 4.5 to 1 for its words and those on it.
 * Exported for the test that tries many accents.
 */
export function accentColours(theme: Theme, wanted: Colour): Record<string, Colour> {
  const away = theme === 'light' ? black : white;
  const surface = colour(theme, '--dw-surface');
  const seen = movedUntil(wanted, away, [surface], 3);
  const onAccent = contrastOf(white, seen) * 1.4 >= contrastOf(black, seen) ? white : black;
  const accent = movedUntil(seen, onAccent === white ? black : white, [onAccent], 4.6);
  const soft = mixed(surface, accent, theme === 'light' ? 0.1 : 0.16);
  const grounds = [soft, ...['--dw-surface', '--dw-paper', '--dw-sunken'].map((name) => colour(theme, name))];
  return {
    '--dw-accent': accent,
    '--dw-accent-strong': mixed(accent, onAccent === white ? black : white, 0.16),
    '--dw-on-accent': onAccent,
    '--dw-accent-ink': movedUntil(accent, away, grounds, 4.6),
    '--dw-accent-soft': soft,
  };
}

function tokens(theme: Theme, wanted: Colour): string {
  return Object.entries(accentColours(theme, wanted))
    .map(([name, value]) => `${name}:${hexOf(value)}`)
    .join(';');
}

const white: Colour = [255, 255, 255];
const black: Colour = [0, 0, 0];

/** The same drawing as assets/logo.svg, in the colours of the theme. */
const ownMark = raw(
  '<svg class="dw-mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false"><rect class="dw-mark-ground" width="32" height="32" rx="8"/><path class="dw-mark-door" fill-rule="evenodd" d="M9 26V13a7 7 0 0 1 14 0v13zm7-12.5a2.5 2.5 0 0 0-1.3 4.64L14 22h4l-.7-3.86A2.5 2.5 0 0 0 16 13.5z"/></svg>',
);

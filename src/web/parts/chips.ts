// Short links in a row: the filters that were kept, above the list they narrow.

import { type Html, html } from '#kit/html.ts';
import { attributes } from './attributes.ts';
import { type IconName, icon } from './icon.ts';

/** A chip. `quiet` for what leads on from the list rather than narrows it. */
export type Chip = {
  readonly href: string;
  readonly text: string;
  readonly icon?: IconName | undefined;
  readonly current?: boolean | undefined;
  readonly quiet?: boolean | undefined;
};

/** The row; nothing without chips. `label` names it for screen readers. */
export function chips(options: { readonly label: string; readonly items: readonly Chip[] }): Html | undefined {
  if (options.items.length === 0) return undefined;
  const drawn = options.items.map((chip) => {
    const given = attributes({
      class: chip.quiet ? 'dw-chip dw-chip-quiet' : 'dw-chip',
      href: chip.href,
      'aria-current': chip.current ? 'true' : undefined,
    });
    return html`<li><a${given}>${chip.icon && icon(chip.icon)}<span>${chip.text}</span></a></li>`;
  });
  return html`<nav class="dw-chips" aria-label="${options.label}"><ul>${drawn}</ul></nav>`;
}

// Icons as inline SVG: drawn in the colour of the text, hidden from screen readers (the words beside them speak).

import { type Html, raw } from '#kit/html.ts';
import shapes from './icons.generated.json' with { type: 'json' };

/** The icons there are; add one to the list in tabler.generate.ts. */
export type IconName = keyof typeof shapes;

/**
 * Draws an icon. `turns: true` mirrors it where the language runs from right to left (arrows, chevrons, the way out).
 * An icon never speaks for itself: put a word beside it, or an `aria-label` on what holds it.
 */
export function icon(name: IconName, options: { readonly turns?: boolean } = {}): Html {
  return options.turns ? turning[name] : plain[name];
}

const plain = drawAll('icon');
const turning = drawAll('icon dw-turns');

function drawAll(classes: string): Record<IconName, Html> {
  const drawn = Object.entries(shapes).map(([name, shape]) => [name, draw(shape, classes)]);
  return Object.fromEntries(drawn);
}

function draw(shape: string, classes: string): Html {
  return raw(
    `<svg class="${classes}" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${shape}</svg>`,
  );
}

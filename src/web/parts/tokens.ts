// The colours of both themes as doorward.css names them; the stylesheet is their only source.

import { readFileSync } from 'node:fs';
import { type Colour, colourOf } from './colour.ts';

/** The two themes. Which one is shown is the person's choice in their system (`prefers-color-scheme`). */
export type Theme = 'light' | 'dark';

/** The colours of a theme by token name, such as `--dw-ink`. */
export function coloursOf(theme: Theme): ReadonlyMap<string, Colour> {
  return themes[theme];
}

/** One colour of a theme; an unknown name is a mistake and throws. */
export function colour(theme: Theme, name: string): Colour {
  const found = themes[theme].get(name);
  if (!found) throw new Error(`doorward.css has no colour ${name} in its ${theme} theme`);
  return found;
}

const stylesheet = readFileSync(new URL('../assets/doorward.css', import.meta.url), 'utf8');
const light = read(/:root \{([^}]*)\}/);
const themes: Record<Theme, ReadonlyMap<string, Colour>> = {
  light,
  dark: new Map([...light, ...read(/@media \(prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}/)]),
};

function read(place: RegExp): Map<string, Colour> {
  const [, lines = ''] = place.exec(stylesheet) ?? [];
  const found = [...lines.matchAll(/(--dw-[\w-]+):\s*(#[0-9a-f]{3,6});/g)];
  return new Map(found.map(([, name = '', value = '']) => [name, colourOf(value) ?? [0, 0, 0]]));
}

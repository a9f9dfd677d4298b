// Arithmetic of colours: how well two can be told apart, and how to move one until they can.

/** A colour as red, green and blue, each 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Reads `#rgb` or `#rrggbb`; undefined when it is neither. */
export function colourOf(text: string): Colour | undefined {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text.trim());
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text.trim());
  if (short) return [hex(short[1], 17), hex(short[2], 17), hex(short[3], 17)];
  return long ? [hex(long[1]), hex(long[2]), hex(long[3])] : undefined;
}

/** Writes `#rrggbb`. */
export function hexOf(colour: Colour): string {
  return `#${colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

/** The contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio"). Text wants 4.5, the edge of a field 3. */
export function contrastOf(one: Colour, other: Colour): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** `share` (0 to 1) of the second colour mixed into the first. */
export function mixed(one: Colour, other: Colour, share: number): Colour {
  const mix = (at: 0 | 1 | 2) => one[at] * (1 - share) + other[at] * share;
  return [mix(0), mix(1), mix(2)];
}

/** Moves a colour towards another in small steps until it stands `contrast` apart from every one of `grounds`. */
export function movedUntil(colour: Colour, towards: Colour, grounds: readonly Colour[], contrast: number): Colour {
  for (let share = 0; share < 1; share += 0.02) {
    const candidate = colourOf(hexOf(mixed(colour, towards, share))) as Colour; // hexOf writes what colourOf reads
    if (grounds.every((ground) => contrastOf(candidate, ground) >= contrast)) return candidate;
  }
  return towards;
}

function hex(digits = '0', times = 1): number {
  return Number.parseInt(digits, 16) * times;
}

/** WCAG 2.2, "relative luminance". */
function luminance([red, green, blue]: Colour): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function linear(part: number): number {
  const share = part / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

// A QR code as inline SVG: dark on light in either theme, since cameras do not all read the other way round.

import { type Html, html } from '#kit/html.ts';

/** Draws a text as a QR code. `label`: what a screen reader says it is. Loaded when the first one is drawn. */
export async function qrCode(text: string, label: string): Promise<Html> {
  const { encode } = await import('uqr');
  const { size, data } = encode(text, { ecc: 'M', border: 4 });
  return html`<svg class="dw-qr" viewBox="0 0 ${size} ${size}" role="img" aria-label="${label}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path fill="#000" d="${runsOf(data)}"/></svg>`;
}

/** The dark runs of each line, as one path. */
function runsOf(lines: readonly (readonly boolean[])[]): string {
  return lines
    .map((line, y) =>
      darkRuns(line)
        .map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`)
        .join(''),
    )
    .join('');
}

function darkRuns(line: readonly boolean[]): [start: number, length: number][] {
  const runs: [number, number][] = [];
  line.forEach((dark, x) => {
    const last = runs.at(-1);
    if (!dark) return;
    if (last && last[0] + last[1] === x) last[1] += 1;
    else runs.push([x, 1]);
  });
  return runs;
}

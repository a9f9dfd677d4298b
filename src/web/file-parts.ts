// How files are told of, in both rooms.

import type { Frame } from '#web/parts/frame.ts';

/** A size as people read it: `640 bytes`, `12 KB`, `3.4 MB`. */
export function fileSize(frame: Frame, bytes: number): string {
  const [value, unit] =
    bytes < 1000 ? [bytes, 'byte'] : bytes < 1_000_000 ? [bytes / 1000, 'kilobyte'] : [bytes / 1_000_000, 'megabyte'];
  return new Intl.NumberFormat(frame.language, {
    style: 'unit',
    unit,
    unitDisplay: unit === 'byte' ? 'long' : 'short',
    maximumFractionDigits: value < 10 && unit !== 'byte' ? 1 : 0,
  }).format(value);
}

// How commands write lists and instants for people, and read lengths of time.

import { WrongUsage } from '#kit/command-line.ts';
import { days } from '#kit/duration.ts';

/** An instant as `2026-11-22 04:15 UTC`; a dash for none. */
export function instant(at: number | undefined): string {
  return at === undefined ? '-' : `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** A table: columns as wide as they must be, a head above. `none` is said when there are no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], none: string): string {
  if (rows.length === 0) return `${none}\n`;
  const all = [head, ...rows.map((row) => row.map(printable))];
  const widths = head.map((_, column) => Math.max(...all.map((row) => [...(row[column] ?? '')].length)));
  return all
    .map(
      (row) =>
        `${row
          .map((cell, column) => padded(cell, widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** What people typed, without the signs by which a terminal is steered (a stored name must not rewrite the screen). */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ' ');
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - [...text].length));
}

/** A number of days as milliseconds. Throws WrongUsage. */
export function daysFrom(option: string, text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new WrongUsage(`--${option}: a number of days is expected.`);
  return days(Number(text));
}

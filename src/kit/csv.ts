// Tables as CSV for spreadsheets, which run what looks like a formula: names come from whoever registered.

import { stringify } from 'csv-stringify/sync';

/** A cell before it is written. */
export type Cell = string | number | undefined;

/**
 * Rows as CSV (RFC 4180), each cell in quotes, lines ended by CR LF. A cell that a spreadsheet would run gets an apostrophe
 * in front (OWASP, "CSV Injection"): also a telephone number such as +44…, which then stays a text, as it should.
 */
export function csvLines(rows: readonly (readonly Cell[])[]): string {
  return stringify(
    rows.map((row) => row.map((cell) => harmlessCell(String(cell ?? '')))),
    { quoted: true, quoted_empty: true, record_delimiter: '\r\n' },
  );
}

/** What tells spreadsheets that the file is UTF-8; stands before the first line. */
export const CSV_START = '\u{feff}';

/**
 * A text that no spreadsheet takes for a formula, whatever white space or controls stand before its sign; nor a part of it: one
 * that cuts at semicolons, as those of many countries do, finds commas and quotes in the first cell and the rest in others.
 */
export function harmlessCell(text: string): string {
  const whole = text.replaceAll(INNER_FORMULA, "$&'");
  return FORMULA.test(whole) ? `'${whole}` : whole;
}

// = + - @ and their full-width twins, which some programs fold; tab, carriage return and line feed at the front, which some
// drop before they look.
const FORMULA = /^(?:[\s\p{Cc}\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])/u;
// What stands at the front of the whole is FORMULA's.
const INNER_FORMULA = /(?<!^[\s\p{Cc}\p{Cf}]*)[;\t\r\n][\s\p{Cc}\p{Cf}"]*(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/gu;

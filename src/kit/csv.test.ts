// CSV against spreadsheets: whatever a name begins with, no cell is a formula, and every text comes back whole.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { csvLines, harmlessCell } from '#kit/csv.ts';

test('no cell begins with a sign that a spreadsheet runs', () => {
  const formulas = [
    '=HYPERLINK("http://evil.example","x")',
    "+1+cmd|' /C calc'!A0",
    '-2+3',
    '@SUM(1)',
    '\t=1',
    '\r=1',
    '\n=1',
    ' =1',
    '\u00a0=1',
    '\ufeff=1',
    '\u200b+1',
    '＝1',
    '＋1',
    '－1',
    '＠1',
    '\t',
    '\0=1',
  ];
  for (const text of formulas) assert.equal(harmlessCell(text), `'${text}`, JSON.stringify(text));
  for (const text of ['', 'Ada', "O'Brien", '1', 'a=b', 'x+y', 'ada@example.test', '中', '#1', "'=1"])
    assert.equal(harmlessCell(text), text);
});

test('a text cannot leave its cell or its line', () => {
  const text = csvLines([['a"b', 'c,d', 'e\r\nf', ';1', undefined, 7]]);
  assert.equal(text, '"a""b","c,d","e\r\nf",";1","","7"\r\n');
});

test('whatever the cells are, reading the lines back gives them, and none runs', () => {
  const cell = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1 }), (rows) => {
      const back = parse(csvLines(rows));
      assert.deepEqual(
        back,
        rows.map((row) => row.map(harmlessCell)),
      );
      for (const one of back.flat()) assert.doesNotMatch(one, /^\s*[=+\-@＝＋－＠]/u);
    }),
    { numRuns: 100 },
  );
});

test('a spreadsheet that cuts at semicolons, as in many countries, gets no formula out of the middle of a text either', () => {
  for (const text of ['x;=1+1;y', 'x; \u200b@SUM(1)', 'x;"=1', 'a\n+1', 'a;b;;=1', 'a\t-2', 'x;\u{feff}\uff1d1']) {
    const cells = csvLines([['1', text]]).split(/[;\t\r\n]/); // what such a program makes of it after the first cell
    for (const cell of cells) assert.doesNotMatch(cell, /^[\s\p{Cc}\p{Cf}"]*[=+\-@＝＋－＠]/u, JSON.stringify(text));
  }
  for (const text of ['x;y', 'a; b', 'x;1-2', 'a=b;c']) assert.equal(harmlessCell(text), text);
});

/** RFC 4180, every cell in quotes. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    assert.equal(text[at], '"');
    let cell = '';
    for (at += 1; !(text[at] === '"' && text[at + 1] !== '"'); at += 1) {
      if (text[at] === '"') at += 1;
      cell += text[at];
    }
    row.push(cell);
    at += 1;
    if (text[at] === ',') at += 1;
    else {
      assert.equal(text.slice(at, at + 2), '\r\n');
      at += 2;
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

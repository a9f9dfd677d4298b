// docs/asvs.md: every requirement of the two chapters stands there once, and every test that it names is there.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { documentText, missingTests } from '#tests/named-tests.ts';

const text = documentText('docs/asvs.md');
const rows = text.split('\n').filter((line) => /^\| \d+\.\d+\.\d+ \|/.test(line));

/** How many requirements each section has (OWASP ASVS 5.0.0). */
const SECTIONS = {
  '6.1': 3,
  '6.2': 12,
  '6.3': 8,
  '6.4': 6,
  '6.5': 8,
  '6.6': 4,
  '6.7': 2,
  '6.8': 4,
  '7.1': 3,
  '7.2': 4,
  '7.3': 2,
  '7.4': 5,
  '7.5': 3,
  '7.6': 2,
} as const;

describe('docs/asvs.md', () => {
  test('has every requirement, once, in order', () => {
    const wanted = Object.entries(SECTIONS).flatMap(([section, count]) =>
      Array.from({ length: count }, (_, at) => `${section}.${at + 1}`),
    );
    assert.deepEqual(
      rows.map((row) => row.split('|')[1]?.trim()),
      wanted,
    );
  });

  test('leaves no requirement of level 1 or 2 open', () => {
    for (const row of rows) {
      const [, number, level, , state = ''] = row.split('|').map((cell) => cell.trim());
      if (Number(level) > 2) continue;
      assert.match(state, /^(met|not applicable)/, `${number} is ${state}`);
    }
  });

  test('names tests that are there', () => {
    assert.deepEqual(missingTests(text, rows), []);
  });
});

// docs/behaviours and docs/attacks.md: each rule and each attack stands there with its state, and every test that is named is
// there.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { documentText, missingTests } from '#tests/named-tests.ts';

const STATES = /^(holds|differs|waits|not ours)$/;

for (const [name, sections] of [
  ['behaviours/accounts', ['1.', '2.']],
  ['behaviours/signing-in', ['3.', '4.5', '4.7', '5.3', '5.4']],
  ['behaviours/letters-and-settings', ['5.1', '5.2', '9.3', '10.', '11.', '12', '13.']],
  ['attacks', ['Recovery', 'Second', 'Single use', 'OAuth', 'Sessions', 'Single sign-on', 'Authorization', 'Abuse']],
] as const)
  describe(`docs/${name}.md`, () => {
    const text = documentText(`docs/${name}.md`);
    const rows = text.split('\n').filter((line) => /^\| (?!rule |attack |---)/.test(line));

    test('has every section it is about', () => {
      const headings = [...text.matchAll(/^## (.+)/gm)].map(([, number = '']) => number);
      for (const section of sections)
        assert.ok(
          headings.some((heading) => heading.startsWith(section)),
          `nothing is said of ${section}`,
        );
    });

    test('says of each rule how it stands, and what does not hold as it is, why', () => {
      for (const row of rows) {
        const cells = row.split(/(?<!\\)\|/).map((cell) => cell.trim());
        assert.equal(cells.length, 5, row);
        const [, , state = '', where = ''] = cells;
        assert.match(state, STATES, row);
        if (state === 'holds') assert.match(where, /\.test\.ts`|same (file|test)/, row);
        assert.notEqual(where, '', row);
      }
    });

    test('names tests that are there', () => {
      assert.deepEqual(missingTests(text, rows), []);
    });
  });

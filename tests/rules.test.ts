// The rules of the sources: who may import whom, who may do what few may, and what no file may say. Each is tried on this
// checkout, and on made-up sources that it must catch, so that no rule sleeps. The rules themselves: tests/kit/rules.

import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { describe, test } from 'node:test';
import { importRules } from '#tests/kit/rules/imports.ts';
import { powerRules } from '#tests/kit/rules/powers.ts';
import { type Rule, tryOn, wordsOf } from '#tests/kit/rules/rule.ts';
import { textRules } from '#tests/kit/rules/texts.ts';
import { readTree } from '#tests/kit/source-tree.ts';

const rules: readonly Rule[] = [...importRules, ...powerRules, ...textRules];
const tree = await readTree(resolve(import.meta.dirname, '..'));

describe('this checkout', () => {
  for (const rule of rules) {
    test(rule.says, () => {
      const words = rule.breaches(tree).map(wordsOf);
      assert.ok(words.length === 0, `\n${words.join('\n')}`);
    });
  }

  test('the rules had something to look at', () => {
    assert.ok(
      tree.sources.length > 20 && tree.committed.size > 20 && tree.topics.length > 5 && tree.dependencies.size > 5,
    );
    assert.ok(tree.sources.some(({ links }) => links.some(({ file }) => file?.startsWith('src/kit/'))));
  });
});

describe('a planted breach is caught, and what is right passes', () => {
  for (const rule of rules) {
    test(rule.says, () => {
      assert.ok(rule.caught.length > 0 && rule.passed.length > 0, 'a rule is tried both ways');
      for (const planted of rule.caught) {
        const found = tryOn(rule, planted);
        assert.ok(found.length > 0, `not caught: ${JSON.stringify(planted.files)}`);
        for (const breach of found) assert.ok(breach.path in planted.files && breach.instead !== '', wordsOf(breach));
      }
      for (const right of rule.passed) assert.deepEqual(tryOn(rule, right), [], JSON.stringify(right.files));
    });
  }
});

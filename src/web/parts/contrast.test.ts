// The colours of the look, in numbers: every pair that can meet on a page stays readable in both themes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { accentColours, brandStylesheet } from './brand.ts';
import { type Colour, contrastOf, hexOf } from './colour.ts';
import { colour, coloursOf, type Theme } from './tokens.ts';

const themes: readonly Theme[] = ['light', 'dark'];
const grounds = ['--dw-paper', '--dw-surface', '--dw-sunken'];

/** WCAG 2.2, 1.4.3: text. */
const words: readonly (readonly [word: string, grounds: readonly string[]])[] = [
  ['--dw-ink', [...grounds, '--dw-accent-soft', '--dw-good-soft', '--dw-warn-soft', '--dw-bad-soft']],
  ['--dw-ink-soft', grounds],
  ['--dw-accent-ink', [...grounds, '--dw-accent-soft']],
  ['--dw-good-ink', [...grounds, '--dw-good-soft']],
  ['--dw-warn-ink', [...grounds, '--dw-warn-soft']],
  ['--dw-bad-ink', [...grounds, '--dw-bad-soft']],
  ['--dw-on-accent', ['--dw-accent', '--dw-accent-strong']],
  ['--dw-on-bad', ['--dw-bad', '--dw-bad-strong']],
];

/** WCAG 2.2, 1.4.11: the edges of fields and the dots of states. */
const shapes = ['--dw-line-strong', '--dw-accent', '--dw-good', '--dw-warn', '--dw-bad'];

for (const theme of themes) {
  test(`words stand 4.5 to 1 from what is behind them in the ${theme} theme`, () => {
    for (const [word, behind] of words) for (const ground of behind) assertApart(theme, word, ground, 4.5);
  });

  test(`edges and dots stand 3 to 1 from what is behind them in the ${theme} theme`, () => {
    for (const shape of shapes)
      for (const ground of ['--dw-paper', '--dw-surface']) assertApart(theme, shape, ground, 3);
  });

  test(`whatever accent an operator chooses, its words can be read in the ${theme} theme`, () => {
    const channel = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(channel, channel, channel), (accent) => assertReadable(theme, accent)),
      { numRuns: 500 },
    );
    for (const accent of ['#ffffff', '#000000', '#ffff00', '#808080', '#ff0000'] as const) {
      assert.ok(brandStylesheet(accent)?.includes('prefers-color-scheme:dark'));
    }
  });
}

test('each theme names the same colours', () => {
  assert.deepEqual([...coloursOf('dark').keys()], [...coloursOf('light').keys()]);
  assert.ok(coloursOf('light').size > 20);
  assert.notDeepEqual(colour('dark', '--dw-paper'), colour('light', '--dw-paper'));
});

test('contrast is what WCAG says it is', () => {
  assert.equal(contrastOf([0, 0, 0], [255, 255, 255]), 21);
  assert.ok(Math.abs(contrastOf([118, 118, 118], [255, 255, 255]) - 4.54) < 0.01);
});

test('an accent that is no colour changes nothing', () => {
  for (const text of ['', 'red', '#12', '#12345g', '#fff}body{display:none'])
    assert.equal(brandStylesheet(text), undefined);
});

function assertReadable(theme: Theme, accent: Colour): void {
  const made = accentColours(theme, accent);
  const of = (name: string) => made[name] ?? colour(theme, name);
  const apart = (one: string, other: string, least: number) => {
    const found = contrastOf(of(one), of(other));
    assert.ok(found >= least, `${hexOf(accent)}: ${one} on ${other} is ${found.toFixed(2)} to 1 in the ${theme} theme`);
  };
  apart('--dw-on-accent', '--dw-accent', 4.5);
  apart('--dw-on-accent', '--dw-accent-strong', 4.5);
  for (const ground of [...grounds, '--dw-accent-soft']) apart('--dw-accent-ink', ground, 4.5);
  apart('--dw-ink', '--dw-accent-soft', 4.5);
}

function assertApart(theme: Theme, one: string, other: string, least: number): void {
  const found = contrastOf(colour(theme, one), colour(theme, other));
  assert.ok(found >= least, `${one} on ${other} is ${found.toFixed(2)} to 1 in the ${theme} theme`);
}

// Patterns that staff write: they find what the runtime's own engine finds, and never take long.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readPattern } from './pattern.ts';

function matches(source: string, text: string): boolean {
  const read = readPattern(source);
  assert.ok('pattern' in read, `${source}: ${JSON.stringify(read)}`);
  return read.pattern.matches(text);
}

describe('a pattern', () => {
  test('finds what it says', () => {
    const cases: readonly [source: string, yes: string[], no: string[]][] = [
      ['^\\d{5}$', ['12345'], ['1234', '123456', 'a12345', '12345 ']],
      ['^[A-Z]{2}[0-9A-Z]{2,12}$', ['DE123456789', 'ATU12345678'], ['D1', 'de123456789']],
      ['/^[a-z]+$/i', ['abc', 'ABC'], ['a1', '']],
      ['#^https://#', ['https://a'], ['http://a']],
      ['colou?r|grey', ['a color', 'colours', 'grey'], ['gray']],
      ['^(ab|cd)*$', ['', 'abcdab'], ['abc']],
      ['^[^\\s@]+@[^\\s@]+$', ['a@b'], ['a b@c', 'a@@b']],
      ['^.$', ['ü', '👍'], ['', 'ab', '\n']],
      ['\\bword\\b', ['a word here', 'word'], ['swords']],
      ['^\\p{Lu}\\p{L}+$', ['Ärger'], ['ärger', 'A1']],
      ['^[a\\-z\\]]+$', ['a-z]'], ['b']],
      ['^[]a]+$', [']a'], ['b']],
      ['^(?<year>\\d{4})-(?:0[1-9]|1[0-2])$', ['2026-09', '2026-12'], ['2026-13', '2026-00']],
      ['^a{2,}$', ['aa', 'aaaa'], ['a']],
      ['^x{,2}$', ['x{,2}'], ['x']],
      ['\\x41\\u0042\\x{43}', ['ABC'], ['abc']],
      ['', ['', 'anything'], []],
    ];
    for (const [source, yes, no] of cases) {
      for (const text of yes) assert.ok(matches(source, text), `${source} in ${JSON.stringify(text)}`);
      for (const text of no) assert.ok(!matches(source, text), `${source} not in ${JSON.stringify(text)}`);
    }
  });

  test('agrees with the runtime on whatever can be put together', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '1', '(a|b1)', '(?:ab)');
    const part = fc.tuple(atom, fc.constantFrom('', '*', '+', '?', '{2}', '{1,3}', '{0,}', '+?'));
    const source = fc
      .tuple(fc.constantFrom('', '^'), fc.array(part, { maxLength: 5 }), fc.constantFrom('', '$', '|b'))
      .map(([start, parts, end]) => `${start}${parts.map((one) => one.join('')).join('')}${end}`);
    const text = fc.array(fc.constantFrom('a', 'b', '1', ' '), { maxLength: 8 }).map((signs) => signs.join(''));
    fc.assert(
      fc.property(source, text, (pattern, given) => matches(pattern, given) === new RegExp(pattern, 'u').test(given)),
      { numRuns: 3000 },
    );
  });

  test('is refused where it cannot be read, asks for more than is done here, or is too large', () => {
    for (const source of ['(', ')', '[a', 'a**', '*a', 'a{3,1}', '[z-a]', '\\', '\\p{Nonsense}', '(?<a', '\\u12'])
      assert.deepEqual(readPattern(source), { fault: 'unreadable' }, source);
    for (const source of [
      '(a)\\1',
      '(?=a)',
      '(?!a)',
      '(?<=a)b',
      '(?<!a)b',
      '(?i)a',
      'a++',
      '/a/m',
      '[[:alpha:]]',
      '^*',
    ])
      assert.deepEqual(readPattern(source), { fault: 'unsupported' }, source);
    for (const source of [
      'a{9999}',
      '((a{50}){50}){50}',
      '(){9999}',
      '(((){9999}){9999}){9999}',
      '('.repeat(40),
      'a'.repeat(501),
    ])
      assert.deepEqual(readPattern(source), { fault: 'too-large' }, source);
  });
});

describe('attack: a pattern or a text that takes for ever', () => {
  for (const [source, text] of [
    ['^(a+)+$', `${'a'.repeat(5000)}!`],
    ['^(a|a)*$', `${'a'.repeat(5000)}!`],
    ['^(.*)*(.*)*(.*)*$x', 'a'.repeat(5000)],
    ['^([a-zA-Z0-9._-]+)*@$', 'a'.repeat(5000)],
    ['(((a*)*)*)*b', 'a'.repeat(5000)],
    ['(x+x+)+y', 'x'.repeat(5000)],
    [`^${'a?'.repeat(200)}$`, 'a'.repeat(5000)],
  ] as const)
    test(`${source.slice(0, 30)} answers at once`, () => {
      const started = performance.now();
      assert.equal(matches(source, text), false);
      assert.ok(performance.now() - started < 1000, `${Math.round(performance.now() - started)} ms`);
    });
});

// Maps in one text: what PHP, Ruby and JSON clients send, and what an attacker would.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { serialize } from 'php-serialize';
import { encodedMap, encodedTree } from './encoded.ts';
import { WireFile, type WireMap } from './wire.ts';

describe('PHP serialize', () => {
  test('customfields of the documentation: base64_encode(serialize(array("1" => "Google")))', () => {
    assert.deepEqual(encodedMap('YToxOntpOjE7czo2OiJHb29nbGUiO30='), new Map([['1', 'Google']]));
  });

  test('every scalar becomes the text PHP makes of it', () => {
    const text = 'a:7:{i:1;b:1;i:2;b:0;i:3;N;i:-4;i:-42;s:1:"f";d:0.1;s:1:"e";d:1.0E+25;s:2:"ü";s:4:"a";b";}';
    assert.deepEqual(
      encodedMap(base64(text)),
      new Map([
        ['1', '1'],
        ['2', ''],
        ['3', ''],
        ['f', '0.1'],
        ['e', '1.0E+25'],
        ['ü', 'a";b'],
        ['-4', '-42'],
      ]),
    );
  });

  test('line items of CreateQuote nest', () => {
    const text = 'a:1:{i:0;a:2:{s:4:"desc";s:7:"Hosting";s:3:"qty";i:2;}}';
    assert.deepEqual(plain(encodedTree(base64(text))), { 0: { desc: 'Hosting', qty: '2' } });
    assert.equal(encodedMap(base64(text)), undefined);
  });

  test('an empty array is an empty map, not a failure', () => {
    assert.deepEqual(encodedMap(base64('a:0:{}')), new Map());
  });

  test('what php-serialize writes we read back', () => {
    const text = fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\0', '').toWellFormed());
    const key = text.filter((value) => value !== '__proto__' && !/^-?\d+$/.test(value));
    fc.assert(
      fc.property(fc.dictionary(key, text, { maxKeys: 8 }), (fields) => {
        // php-serialize takes no object without a prototype.
        assert.deepEqual(encodedMap(base64(serialize({ ...fields }))), new Map(Object.entries(fields)));
      }),
    );
  });
});

describe('JSON', () => {
  test('base64 of JSON is read the same way', () => {
    assert.deepEqual(
      encodedMap(base64('{"1":"Google","2":5,"3":true,"4":false,"5":null}')),
      new Map([
        ['1', 'Google'],
        ['2', '5'],
        ['3', '1'],
        ['4', ''],
        ['5', ''],
      ]),
    );
  });

  test('attachments: a list of name and data, where data is base64 again', () => {
    const text = base64(JSON.stringify([{ name: 'a.txt', data: base64('hello') }]));
    assert.deepEqual(plain(encodedTree(text)), { 0: { name: 'a.txt', data: 'aGVsbG8=' } });
  });

  test('a lone text, number or null is no map', () => {
    for (const text of ['"a"', '1', 'null', 'true']) assert.equal(encodedTree(base64(text)), undefined);
  });
});

describe('base64', () => {
  const value = '????? >>>>> a value that is long enough for Ruby to break its lines';
  const text = `a:1:{i:1;s:${value.length}:"${value}";}`;

  test('Ruby encode64 breaks lines after 60 characters and ends with one', () => {
    const broken = base64(text).replace(/.{60}/g, '$&\n');
    assert.match(broken, /\n./);
    assert.equal(encodedMap(`${broken}\n`)?.get('1'), value);
    assert.equal(encodedMap(broken.replaceAll('\n', '\r\n'))?.get('1'), value);
  });

  test('the url-safe alphabet, missing padding, and a plus that became a space', () => {
    const plus = base64(text);
    assert.match(plus, /[+]/);
    assert.match(plus, /[/]/);
    assert.match(plus, /=$/);
    assert.equal(encodedMap(plus.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''))?.get('1'), value);
    assert.equal(encodedMap(plus.replaceAll('+', ' '))?.get('1'), value);
  });

  test('what is no base64, and base64 of something else, is undefined', () => {
    for (const wrong of [
      '',
      ' ',
      '=',
      'a:0:{}',
      '{"1":"a"}',
      '####',
      base64('hello'),
      base64('a'),
      base64('a:'),
      base64(''),
    ]) {
      assert.equal(encodedTree(wrong), undefined, wrong);
    }
  });
});

describe('attacks', () => {
  test('object injection: objects, custom serialisers, enums and references are refused wherever they stand', () => {
    const hostile = [
      'O:8:"stdClass":0:{}',
      'C:11:"ArrayObject":0:{}',
      'E:3:"A:B";',
      'R:1;',
      'r:1;',
      'S:1:"a";',
      'O:+8:"stdClass":0:{}',
    ];
    for (const value of hostile) {
      assert.equal(encodedTree(base64(value)), undefined);
      assert.equal(encodedTree(base64(`a:1:{i:0;${value}}`)), undefined, value);
      assert.equal(encodedTree(base64(`a:1:{${value}i:0;}`)), undefined, value);
    }
  });

  test('prototype pollution: __proto__ is dropped in both forms', () => {
    const forms = [
      'a:2:{s:9:"__proto__";a:1:{s:8:"polluted";i:1;}i:1;s:1:"x";}',
      '{"__proto__":{"polluted":1},"1":"x"}',
    ];
    for (const form of forms) {
      const tree = encodedTree(base64(form));
      assert.deepEqual(plain(tree), { 1: 'x' });
      assert.equal(Object.getPrototypeOf(tree), null);
    }
    assert.equal(Reflect.get({}, 'polluted'), undefined);
  });

  test('nesting, entries and size have an end, and the limit itself is allowed', () => {
    const nested = (depth: number) => `${'a:1:{i:0;'.repeat(depth)}i:1;${'}'.repeat(depth)}`;
    const nestedJson = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    assert.notEqual(encodedTree(base64(nested(5))), undefined);
    assert.equal(encodedTree(base64(nested(6))), undefined);
    assert.notEqual(encodedTree(base64(nestedJson(5))), undefined);
    assert.equal(encodedTree(base64(nestedJson(6))), undefined);
    assert.equal(encodedTree(base64(nestedJson(300_000))), undefined);
    const wide = (count: number) => JSON.stringify(Array(count).fill(1));
    assert.equal(encodedMap(base64(wide(1000)))?.size, 1000);
    assert.equal(encodedMap(base64(wide(1001))), undefined);
    const small = base64('a:0:{}');
    assert.notEqual(encodedMap(small, { characters: small.length }), undefined);
    assert.equal(encodedMap(small, { characters: small.length - 1 }), undefined);
  });

  test('lengths and counts that lie are refused', () => {
    const lies = [
      'a:2:{i:0;i:1;}',
      'a:9999999:{i:0;i:1;}',
      'a:1:{i:0;s:99999999:"a";}',
      'a:1:{i:0;s:2:"a";}',
      'a:-1:{}',
      'a:1:{i:0;i:1;}x',
      'a:1:{b:1;i:1;}',
      'a:1:{i:0;d:INF;}',
      'a:1:{i:0;b:2;}',
      'a:1:{i:0;i:1',
    ];
    for (const lie of lies) assert.equal(encodedTree(base64(lie)), undefined, lie);
  });

  test('no text makes it throw', () => {
    const piece = fc.constantFrom(
      'a:',
      '1:',
      '{',
      '}',
      'i:0;',
      's:1:"a";',
      's:9:"',
      'N;',
      'b:1;',
      'O:1:"a":0:{}',
      '"',
      ';',
      '\0',
      '__proto__',
      '[',
      '1',
      ',',
    );
    const hostile = fc.oneof(
      fc.array(piece).map((pieces) => base64(pieces.join(''))),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }).map(base64),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        const tree = encodedTree(text);
        if (tree !== undefined) assert.equal(Object.getPrototypeOf(tree), null);
        assert.equal(Object.hasOwn(tree ?? {}, '__proto__'), false);
      }),
      { numRuns: 3000 },
    );
  });
});

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function plain(tree: WireMap | undefined): unknown {
  if (tree === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      key,
      typeof value === 'string' || value instanceof WireFile ? value : plain(value),
    ]),
  );
}

// Texts that people type: comparing, one line of them, addresses.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { comparable, endOfPrefix, harmlessName, isMailAddress, manyLines, maskedAddress, oneLine } from '#kit/text.ts';

const anyText = fc.string({ unit: 'binary' });

describe('comparing', () => {
  test('case, outer spaces and ways to compose a letter make no difference', () => {
    assert.equal(comparable('  ADA@Example.TEST '), 'ada@example.test');
    assert.equal(comparable('Jose\u0301'), comparable('JOSÉ'));
    assert.equal(comparable('ｅｖｅ'), 'eve');
    assert.notEqual(comparable('a b'), comparable('ab'));
  });

  test('what starts with a prefix lies between it and its end, by bytes, and nothing else does', () => {
    const bytes = (text: string): Buffer => Buffer.from(text);
    fc.assert(
      fc.property(anyText, anyText, (first, second) => {
        const [prefix, text] = [first.toWellFormed(), second.toWellFormed()].map((one) =>
          one.replaceAll('\u{10ffff}', ''),
        ) as [string, string];
        const within = bytes(text).compare(bytes(prefix)) >= 0 && bytes(text).compare(bytes(endOfPrefix(prefix))) < 0;
        assert.equal(within, text.startsWith(prefix));
      }),
    );
  });
});

describe('one line', () => {
  test('breaks and control signs become spaces, so that nothing starts a second line', () => {
    for (const sign of ['\n', '\r', '\u0085', '\u2028', '\u2029', '\v', '\f', '\0', '\u001b', '\u009b'])
      assert.equal(oneLine(`a${sign}b`), 'a b', JSON.stringify(sign));
  });

  test('signs that turn or hide others are gone', () => {
    for (const sign of ['\u202e', '\u2066', '\u200e', '\u200f', '\u061c', '\u200b', '\u2060', '\ufeff', '\u00ad'])
      assert.equal(oneLine(`a${sign}b`), 'ab', JSON.stringify(sign));
  });

  test('a name of signs that show nothing is no name', () => {
    for (const text of ['\u200b', '\u200d\u200c', '\u2060 \u200b', '\u202e', '\u00a0', '\ufeff', '\u200d \u200d'])
      assert.equal(oneLine(text), '', JSON.stringify(text));
  });

  test('joiners inside a word or an emoji stay', () => {
    assert.equal(oneLine('می\u200cخواهم'), 'می\u200cخواهم');
    assert.equal(oneLine('👩\u200d💻'), '👩\u200d💻');
  });

  test('whatever comes in: one line, whole signs, no outer spaces, and a second pass changes nothing', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const line = oneLine(text);
        assert.ok(line.isWellFormed());
        assert.equal(line, line.trim());
        assert.doesNotMatch(line, /[\p{Cc}\p{Zl}\p{Zp}\u200b\u202a-\u202e]/u);
        assert.equal(oneLine(line), line);
      }),
      { numRuns: 500 },
    );
  });

  test('many lines keep their breaks in one form, and their tabs', () => {
    assert.equal(manyLines(' a\r\n\tb\rc\n\0d\u202e '), 'a\n\tb\nc\n d');
    fc.assert(fc.property(anyText, (text) => manyLines(manyLines(text)) === manyLines(text)));
  });

  test('a quarter of a megabyte of spaces is no work (a pattern searching them again from each one takes minutes)', () => {
    const spaces = ' '.repeat(250_000);
    const began = performance.now();
    assert.equal(oneLine(`a${spaces}b`).length, 250_002);
    assert.equal(manyLines(`${spaces}a${spaces}`), 'a');
    assert.ok(performance.now() - began < 1000);
  });
});

describe('a mail address', () => {
  for (const good of [
    'ada@example.test',
    'a@b.co',
    "o'brien+tag@mail.example.com",
    'user.name@sub.domain.example',
    'ada@localhost',
    'josé@exámple.com',
    '用户@例子.公司',
    `${'a'.repeat(64)}@example.com`,
  ]) {
    test(`${good.length > 40 ? 'a local part of 64 signs' : good} is one`, () => assert.ok(isMailAddress(good)));
  }

  for (const [why, bad] of Object.entries({
    nothing: '',
    'no @': 'ada',
    'no local part': '@example.com',
    'no host': 'ada@',
    'two @': 'a@b@example.com',
    'an @ of another width, which becomes one when compared': 'a\uff20b@example.com',
    'a dot that is none until compared': 'a\u2024.b@example.com',
    'a space': 'a b@example.com',
    'a line break and a header': 'a@example.com\nBcc: eve@example.com',
    'a carriage return in the middle': 'a\r@example.com',
    'a zero byte': 'a\0@example.com',
    'a sign without width': 'ada\u200b@example.com',
    'a soft hyphen': 'a\u00adda@example.com',
    'a turned direction': '\u202eada@example.com',
    'half of a pair': 'a\ud800@example.com',
    'a quoted local part': '"a b"@example.com',
    'a name around it': 'Ada <ada@example.com>',
    'a list of two': 'a@example.com,b@example.com',
    'an address literal': 'a@[127.0.0.1]',
    'a comment': 'a(b)@example.com',
    'a dot first': '.a@example.com',
    'a dot last': 'a.@example.com',
    'two dots': 'a..b@example.com',
    'an empty label': 'a@example..com',
    'a label that starts with a hyphen': 'a@-example.com',
    'a label that ends with a hyphen': 'a@example-.com',
    'an underscore in the host': 'a@ex_ample.com',
    'a host that ends in a dot': 'a@example.com.',
    'a local part of 65 signs': `${'a'.repeat(65)}@example.com`,
    'a label of 64 signs': `a@${'b'.repeat(64)}.com`,
    'more than 254 signs': `a@${'b.'.repeat(130)}com`,
  })) {
    test(`refused: ${why}`, () => assert.ok(!isMailAddress(bad)));
  }

  test('whatever passes is one line with one @, also in the form in which it is compared', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.emailAddress(),
          anyText,
          fc.tuple(anyText, anyText).map((two) => two.join('@')),
        ),
        (text) => {
          if (!isMailAddress(text)) return;
          assert.equal(text, oneLine(text));
          assert.equal(comparable(text).split('@').length, 2);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('masked, it shows its first sign and its host', () => {
    assert.equal(maskedAddress('ada@example.test'), 'a•••@example.test');
    assert.equal(maskedAddress('😀da@example.test'), '😀•••@example.test');
    assert.equal(maskedAddress('nonsense'), 'n•••');
  });
});

describe('names in letters to strangers', () => {
  test('hold no address that mail programs make a link of, and stay names', () => {
    for (const [name, shown] of [
      ['Analytical Engines Ltd', 'Analytical Engines Ltd'],
      ['J. R. R. Tolkien & Söhne', 'J. R. R. Tolkien & Söhne'],
      ['Win: https://prizes.example/now', 'Win:  prizes example/now'],
      ['WWW.prizes.example', 'prizes example'],
      ['javascript://prizes.example', 'prizes example'],
      ['two\r\nlines', 'two  lines'],
    ] as const)
      assert.equal(harmlessName(name), shown);
    assert.equal([...harmlessName('é'.repeat(300))].length, 60);
    fc.assert(
      fc.property(anyText, fc.domain(), (text, host) => {
        assert.doesNotMatch(
          harmlessName(`${text} https://${host}/ www.${host} ${host}`),
          /:\/\/|www\.|[a-z0-9]\.[a-z]{2}/i,
        );
      }),
    );
  });
});

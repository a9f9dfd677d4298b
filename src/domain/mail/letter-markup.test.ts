// What staff write into letters: read generously, and nothing but the tree can come out of it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { letterHtml } from '#domain/mail/letter.ts';
import type { Block } from '#domain/mail/letter-content.ts';
import { contentText } from '#domain/mail/letter-content.ts';
import { asMarkup, readMarkup } from '#domain/mail/letter-markup.ts';

const textOf = (source: string): string => contentText(readMarkup(source), 'https://link.example/');
const drawn = (blocks: readonly Block[]): string =>
  letterHtml(
    {
      kind: 'x',
      language: 'en',
      direction: 'ltr',
      to: { address: 'a@example.test', name: '' },
      subject: 's',
      paragraphs: [],
      small: [],
      expiresAt: 0,
      content: { blocks, small: [] },
    },
    { companyName: '', signature: '' },
  );
const htmlOf = (source: string): string =>
  /<div role="article"[^>]*>[\s\S]*<\/div>/.exec(drawn(readMarkup(source)))?.[0] ?? '';

describe('the markup of letters', () => {
  test('plain text: empty lines part paragraphs, a line break is one', () => {
    assert.deepEqual(readMarkup('Hello Ada,\n\nfirst line\nsecond line\n\n\n  \nBye '), [
      { is: 'paragraph', inside: ['Hello Ada,'] },
      { is: 'paragraph', inside: ['first line', { is: 'break' }, 'second line'] },
      { is: 'paragraph', inside: ['Bye'] },
    ]);
  });

  test('HTML as WHMCS texts have it: line breaks are spaces, the tags of blocks part', () => {
    assert.deepEqual(
      readMarkup('<p>Dear Ada,</p>\n<p>one\ntwo<br />three <b>four</b></p><hr><ul><li>a</li>\n<li><p>b</p></li></ul>'),
      [
        { is: 'paragraph', inside: ['Dear Ada,'] },
        { is: 'paragraph', inside: ['one two', { is: 'break' }, 'three ', { is: 'strong', inside: ['four'] }] },
        { is: 'rule' },
        { is: 'list', ordered: false, items: [['a'], ['b']] },
      ],
    );
    assert.equal(
      textOf('<table><tr><th>Name</th><th>Price</th></tr><tr><td>A</td><td>1</td></tr></table>'),
      'Name | Price\nA | 1',
    );
    assert.equal(
      textOf('<ol><li>a<li>b</ol><blockquote><p>said</p></blockquote><h2>Head</h2>'),
      '1. a\n2. b\n\n> said\n\nHead',
    );
  });

  test('the plain part says where a link leads, once', () => {
    assert.equal(textOf('See <a href="https://a.example/x">here</a>.'), 'See here (https://a.example/x).');
    assert.equal(
      textOf('<a href=https://a.example/>https://a.example/</a> <a href="mailto:a@b.test">a@b.test</a>'),
      'https://a.example/ a@b.test',
    );
    assert.equal(textOf('<doorward-button>Go</doorward-button>'), 'Go:\nhttps://link.example/');
  });

  test('a tag that goes over paragraphs goes on in the next, and one that is not closed ends at the end', () => {
    assert.equal(textOf('<b>one<p>two'), 'one\n\ntwo');
    assert.match(htmlOf('<b>one<p>two'), /<strong>one<\/strong>[\s\S]*<strong>two<\/strong>/);
  });

  for (const [attack, source] of [
    ['a script', '<script>alert(1)</script>x'],
    ['a script that is not closed', 'x<script>alert(1)'],
    ['a broken script', '<scr<script>ipt>alert(1)</scr</script>ipt>'],
    ['a handler', '<p onclick="alert(1)" style="position:fixed">x</p>'],
    ['a handler on a link', '<a href="https://a.example" onmouseover="alert(1)">x</a>'],
    ['a link that runs', '<a href="javascript:alert(1)">x</a>'],
    [
      'a link that runs, written otherwise',
      '<a href="&#106;ava\nscript:alert(1)">x</a><a href="jav&#x09;ascript:alert(1)">y</a>',
    ],
    ['data as a link', '<a href="data:text/html,<script>alert(1)</script>">x</a>'],
    ['a picture', '<img src=x onerror=alert(1)>'],
    ['a frame', '<iframe srcdoc="<script>alert(1)</script>"></iframe>'],
    ['a form', '<form action="https://evil.example"><input name=password><button>x</button></form>'],
    ['a drawing', '<svg><g onload="alert(1)"></g></svg><math><mi xlink:href="javascript:alert(1)">x</mi></math>'],
    ['a comment', '<!--[if mso]><script>alert(1)</script><![endif]-->x<!-- '],
    ['a way out of an attribute', "<a href='https://a.example/\"><script>alert(1)</script>'>x</a>"],
    ['a declaration', '<!doctype html><?xml version="1.0"?><base href="https://evil.example/">x'],
    ['a stylesheet', '<style>@import "https://evil.example"</style><link rel=stylesheet href=https://evil.example>x'],
  ] as const)
    test(`${attack} does not come out`, () => {
      const html = htmlOf(source);
      assert.doesNotMatch(html, /<(?:script|img|iframe|form|input|svg|math|base|link|style|button|object)/i);
      for (const [tag] of html.matchAll(/<[a-z][^>]*>/gi))
        assert.doesNotMatch(tag, / on\w+=|javascript:|data:|evil|position/i);
    });

  test('whatever is written, each tag that comes out is one of ours', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '<p>',
        '</p>',
        '<b>',
        '</b>',
        '<a href="https://a.example/?a=1&b=2">',
        '</a>',
        '<li>',
        '</ul>',
        '<td>',
        '<tr>',
        '</table>',
        '<',
        '>',
        '"',
        "'",
        '&lt;script&gt;',
        '&#60;',
        '<!--',
        '<script',
        '</',
        '\n\n',
        '<doorward-button>',
        '</doorward-button>',
        '<blockquote>',
        '<br>',
        '<x onclick="',
      ),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const blocks = readMarkup(pieces.join(''));
        for (const [tag] of drawn(blocks).matchAll(/<[^>]*>/g))
          assert.match(
            tag,
            /^<\/?(?:!doctype|html|head|meta|title|body|div|p|h2|blockquote|ol|ul|li|table|tr|td|hr|br|strong|em|a)\b(?: (?:[a-z-]+="[^"<>]*"|html))*>$/,
          );
        contentText(blocks, 'https://link.example/');
      }),
      { numRuns: 300 },
    );
  });

  test('words written to come out as they are do so, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '<', '>', '&', '"', "'", ';', '#', ' ', '\n', 'lt'), maxLength: 30 }),
        (words) => {
          const shown = textOf(`<p>${asMarkup(words)}</p>`);
          assert.equal(shown.replaceAll(/\s+/g, ' ').trim(), words.replaceAll(/\s+/g, ' ').trim());
        },
      ),
    );
  });

  test('marks that turn words around or hide do not come out', () => {
    assert.equal(textOf('pay\u202egnp.exe &#8238;x\u0000y'), 'paygnp.exe xy');
  });

  test('hostile texts of the greatest length are read at once', () => {
    const sources = [
      '<a '.repeat(16_000),
      '<a "'.repeat(12_000),
      '<b>'.repeat(16_000),
      '<li>'.repeat(12_000),
      '<!--'.repeat(12_000),
      '&#'.repeat(25_000),
      '\n \n'.repeat(16_000),
      '<script></script'.repeat(3_000),
      '<p>'.repeat(16_000),
      '<a \'"'.repeat(10_000),
      ' '.repeat(50_000),
      '<b><i><a href="https://a.example/">'.repeat(1_400),
    ];
    for (const source of sources) {
      const began = performance.now();
      htmlOf(source);
      assert.ok(performance.now() - began < 1500, `${source.slice(0, 12)} took ${performance.now() - began} ms`);
    }
  });
});

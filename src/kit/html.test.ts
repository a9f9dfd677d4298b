import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Drawable, html, htmlText, raw } from '#kit/html.ts';

test('whatever is put into a template comes out as text, in an element and in an attribute', () => {
  fc.assert(
    fc.property(fc.string(), (typed) => {
      const drawn = htmlText(html`<a title="${typed}">${typed}</a>`);
      const [, title = '', inner = ''] = /^<a title="([^"<>]*)">([^<>]*)<\/a>$/s.exec(drawn) ?? [];
      assert.deepEqual([read(title), read(inner)], [typed, typed]);
    }),
  );
});

test('a finished piece is not escaped a second time, alone or in a list', () => {
  const item = (name: string) => html`<li>${name}</li>`;
  assert.equal(
    htmlText(html`<ul>${[item('a & b'), [item('c')]]}</ul>${raw('<hr>')}`),
    '<ul><li>a &amp; b</li><li>c</li></ul><hr>',
  );
});

test('what is absent draws nothing, and zero is not absent', () => {
  assert.equal(htmlText(html`[${undefined}${null}${false}${true}${''}${[]}${0}${-1.5}]`), '[0-1.5]');
});

test('an imitation of a finished piece is refused', () => {
  for (const imitation of [{ isEscaped: true, toString: () => '<script>' }, Object.create(raw('x'))])
    assert.throws(() => html`${imitation as Drawable}`);
});

function read(text: string): string {
  const signs: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => signs[name] ?? '');
}

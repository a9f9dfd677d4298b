// The two generated files are what the generator would write today, and hold nothing our pages could not load.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import shapes from './icons.generated.json' with { type: 'json' };
import { iconShapes, isTablerClass, tablerSubset } from './tabler.generate.ts';

const asset = (name: string) => readFileSync(new URL(`../assets/${name}`, import.meta.url), 'utf8');

test('the stylesheet and the icons are up to date; else run tabler.generate.ts', () => {
  assert.equal(asset('tabler.min.css'), tablerSubset());
  assert.deepEqual(shapes, iconShapes());
});

test('the stylesheets ask no other host and load no fonts', () => {
  for (const name of ['tabler.min.css', 'doorward.css']) {
    assert.doesNotMatch(asset(name), /@import|@font-face|url\("?(https?:)?\/\//, name);
  }
});

test('every class that the parts draw has a rule in one of the stylesheets', () => {
  const known = `${asset('tabler.min.css')}${asset('doorward.css')}`;
  const sources = readdirSync(import.meta.dirname).filter((name) => /^[\w-]+\.ts$/.test(name));
  for (const source of sources) {
    const text = readFileSync(new URL(source, import.meta.url), 'utf8');
    for (const [, names = ''] of text.matchAll(/class="([^"$]*)"/g)) {
      for (const name of names.split(' ').filter(Boolean)) {
        const rule = new RegExp(`\\.${name}(?![\\w-])`);
        assert.ok(rule.test(known) || isTablerClass(name), `${source} draws .${name}, which has no rule`);
      }
    }
  }
});

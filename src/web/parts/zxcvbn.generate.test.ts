// The generated script is what the generator would write today, says what the server says of what is common, and asks nobody.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { strengthOf } from '#domain/credentials/password/guesses.ts';
import { zxcvbnAsset } from './zxcvbn.generate.ts';

const asset = new URL('../assets/zxcvbn.min.js', import.meta.url);

test('the script is up to date; else run zxcvbn.generate.ts', () => {
  assert.equal(readFileSync(asset, 'utf8'), zxcvbnAsset());
  assert.doesNotMatch(readFileSync(asset, 'utf8'), /sourceMappingURL|\bfetch\(|XMLHttpRequest|\beval\(|new Function/);
});

test('it estimates as the server does, near enough for a hint', async () => {
  const { estimate }: { estimate: (password: string, words: string[]) => number } = await import(asset.href);
  for (const [password, least, most] of [
    ['', 0, 0],
    ['password1234', 0, 50],
    ['lovelace1815x', 40, 80],
    ['abcdefghijkl', 0, 30],
    ['correct horse battery staple', 100, 100],
    ['xkqzvwmpljhg', 100, 100],
  ] as const) {
    const words = ['ada', 'lovelace'];
    const [here, there] = [estimate(password, words), await strengthOf(password, words)];
    assert.ok(here >= least && here <= most, `${password}: ${here}`);
    assert.ok(Math.abs(here - there) <= 15, `${password}: ${here} in the browser, ${there} on the server`);
  }
});

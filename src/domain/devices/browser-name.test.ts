// Browsers in words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserName } from '#domain/devices/browser-name.ts';

const KNOWN: readonly (readonly [string, string, string])[] = [
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox', 'Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0',
    'Edge',
    'Windows',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    'Chrome',
    'Windows',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
    'Safari',
    'macOS',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0 Mobile/15E148 Safari/604.1',
    'Chrome',
    'iPhone',
  ],
  [
    'Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36',
    'Samsung Internet',
    'Android',
  ],
  [
    'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    'Chrome',
    'ChromeOS',
  ],
];

test('a browser and its system are told by the names that people call them', async () => {
  for (const [userAgent, browser, system] of KNOWN) assert.deepEqual(await browserName(userAgent), { browser, system });
});

test('a program is told by its name, without a system', async () => {
  assert.deepEqual(await browserName('curl/8.7.1'), { browser: 'curl', system: undefined });
});

test('nothing that a visitor sent comes out: an unknown browser has no name', async () => {
  const sent = [
    '',
    '<script>alert(1)</script>',
    'Your bank: evil.example/1.0 (sign in there)',
    'constructor/1.0',
    '__proto__/1.0 x',
    '\u0000',
    'x'.repeat(100_000),
  ];
  for (const one of sent) assert.deepEqual(await browserName(one), { browser: undefined, system: undefined }, one);
});

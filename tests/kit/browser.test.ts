// The browser helpers, tried on pages that are right and pages that are wrong, under the policy that our own pages have.

import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { axe, browserMissing, findBrowser, openBrowser, overflow, screenshots } from '#tests/browser.ts';

describe('finding a browser', () => {
  test('a path that names nothing is a fault, not a reason to take another', () => {
    withEnvironment({ CHROMIUM_PATH: '/nowhere/chromium' }, () => assert.throws(findBrowser, /CHROMIUM_PATH/));
  });

  test('a path that is set is taken', () => {
    withEnvironment({ CHROMIUM_PATH: process.execPath }, () => assert.equal(findBrowser(), process.execPath));
  });

  test('where there is none, a test is skipped with the remedy, and CI fails', () => {
    const none = () => undefined;
    withEnvironment({ CI: '' }, () => assert.match(String(browserMissing(none)), /apt-get install chromium/));
    withEnvironment({ CI: 'true' }, () => assert.throws(() => browserMissing(none), /apt-get install chromium/));
  });
});

describe('in the browser', { skip: browserMissing() }, () => {
  let browser: Browser;
  let site: Site;
  before(async () => {
    browser = await openBrowser();
    site = await startSite();
  });
  after(async () => {
    await browser.close();
    await site.stop();
  });

  test('axe finds nothing on a page without barriers', async () => {
    const page = await browser.newPage();
    await page.goto(
      site.url('<main><h1>Sign in</h1><label>E-mail <input name="email" autocomplete="email"></label></main>'),
    );
    assert.deepEqual(await axe(page), []);
    await page.close();
  });

  test('axe finds a field without a name, and says where, under a strict policy', async () => {
    const page = await browser.newPage();
    await page.goto(site.url('<main><h1>Sign in</h1><input name="email"></main>'));
    await assert.rejects(page.addScriptTag({ content: 'window.stranger = true' }), /Content Security Policy/);
    const found = await axe(page);
    assert.deepEqual(
      found.map(({ rule, impact }) => [rule, impact]),
      [['label', 'critical']],
    );
    assert.match(found[0]?.elements[0] ?? '', /<input name="email">/);
    assert.deepEqual(await axe(page, { without: ['label'] }), []);
    await page.close();
  });

  test('overflow tells a page that scrolls sideways from one that fits', async () => {
    const page = await browser.newPage({ viewport: { width: 320, height: 600 } });
    await page.goto(site.url('<pre>short</pre>'));
    assert.equal(await overflow(page), 0);
    await page.goto(site.url(`<pre>${'long '.repeat(200)}</pre>`));
    assert.ok((await overflow(page)) > 1_000);
    await page.close();
  });

  test('screenshots are six, and only on demand', async (t) => {
    const page = await browser.newPage({ viewport: { width: 700, height: 500 } });
    await page.goto(site.url('<h1>Look</h1>'));
    t.after(() => page.close());
    const quiet = process.env.DOORWARD_SHOTS;
    delete process.env.DOORWARD_SHOTS;
    assert.deepEqual(await screenshots(page, 'kit-test'), []);
    process.env.DOORWARD_SHOTS = '1';
    const paths = await screenshots(page, 'kit-test');
    if (quiet === undefined) delete process.env.DOORWARD_SHOTS;
    assert.equal(paths.filter((path) => existsSync(path)).length, 6);
    assert.match(paths.join(), /kit-test-320-light\.png.*kit-test-1280-dark\.png/);
    assert.deepEqual(page.viewportSize(), { width: 700, height: 500 });
    for (const path of paths) rmSync(path);
  });
});

function withEnvironment(values: Record<string, string>, work: () => void): void {
  const before = { ...process.env };
  Object.assign(process.env, values);
  try {
    work();
  } finally {
    for (const name of Object.keys(values)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

type Site = { url(body: string): string; stop(): Promise<void> };

/** Shows whatever body its address asks for, under a policy as strict as ours. */
async function startSite(): Promise<Site> {
  const server = createServer((request, response) => {
    const body = new URL(request.url ?? '', 'http://localhost').searchParams.get('body') ?? '';
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'",
    });
    response.end(`<!doctype html><html lang="en"><head><title>Test</title></head><body>${body}</body></html>`);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the site has no port');
  return {
    url: (body) => `http://127.0.0.1:${address.port}/?body=${encodeURIComponent(body)}`,
    stop: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}

// Choosing a password in a browser: how hard it is to guess is said while it is typed, under our own content security
// policy, and to those who do not see it; the server's rule decides.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { systemActor } from '#domain/audit/actor.ts';
import { sendPasswordLink } from '#domain/login/password-links.ts';
import type { Windows } from '#tests/browser/windows.ts';
import { windowsOn } from '#tests/browser/windows.ts';
import { axe, browserMissing, overflow } from '#tests/browser.ts';
import type { World } from '#tests/world.ts';
import { testWorld } from '#tests/world.ts';

describe('a new password in a browser', { skip: browserMissing() }, () => {
  let world: World;
  let windows: Windows;
  before(async () => {
    world = await testWorld('sqlite');
    windows = await windowsOn(world);
  });
  after(async () => {
    await windows?.close();
    await world.close();
  });

  const link = async (): Promise<string> => {
    await sendPasswordLink(world.ctx, systemActor('Test'), world.cast.ada.id, 'asked');
    return new URL((await world.letterTo('ada@example.test')).link).pathname;
  };
  const said = (page: Page, words: string) => page.locator('[data-word]', { hasText: words }).waitFor();

  test('the meter speaks while one types, and nothing is fetched before', async () => {
    const page = await windows.open({ viewport: { width: 320, height: 800 } });
    const fetched: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
    page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
    await page.goto(await link());
    assert.ok(!fetched.includes('/assets/zxcvbn.min.js'));
    assert.equal(await page.locator('meter').isVisible(), false);
    const field = page.getByLabel('New password');
    await field.pressSequentially('short');
    await said(page, 'Still too short: at least 12 characters');
    assert.ok(fetched.includes('/assets/zxcvbn.min.js'));
    await field.fill('summerholiday');
    await said(page, 'Easy to guess');
    await field.fill('my dog has fleas and sings');
    await said(page, 'Very hard to guess');
    assert.equal(await page.getByRole('meter', { name: 'How hard it is to guess' }).getAttribute('max'), '100');
    await page.getByRole('button', { name: 'Show the password' }).click();
    assert.equal(await field.getAttribute('type'), 'text');
    assert.deepEqual(await axe(page), []);
    assert.equal(await overflow(page), 0);
    assert.deepEqual(complaints, []);
    await page.getByRole('button', { name: 'Save password' }).click();
    await page.waitForURL('/login');
    await page.context().close();
  });

  test('without script the rule stands in words, and the form works', async () => {
    const page = await windows.open({ javaScriptEnabled: false });
    await page.goto(await link());
    assert.equal(await page.locator('meter').isVisible(), false);
    await page.getByText('At least 12 characters.').waitFor();
    await page.locator('input[name=password]').fill('password1234');
    await page.locator('main form button[type=submit]').click();
    await page.getByText('on the lists that are tried first').first().waitFor();
    await page.context().close();
  });
});

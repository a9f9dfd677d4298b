// Everything is lost: no phone, no key, no backup code. In a browser, from "I lost all of these" to being in again, with the
// support that makes sure of it. The walks with an app and with a backup code are in factors.test.ts.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { hours } from '#kit/duration.ts';
import { axe, browserMissing, openBrowser, overflow, screenshots } from '#tests/browser.ts';
import { giveApp } from '#tests/factors.ts';
import type { World } from '#tests/world.ts';
import { PASSWORD, testWorld } from '#tests/world.ts';

describe('every second factor is lost', { skip: browserMissing(), timeout: 300_000 }, () => {
  let world: World;
  let browser: Browser;
  let origin: string;

  before(async () => {
    world = await testWorld('sqlite');
    await world.app.listen({ port: 0, host: '127.0.0.1' });
    const address = world.app.server.address();
    origin = `http://localhost:${typeof address === 'object' ? address?.port : 0}`;
    await giveApp(world, { kind: 'user', id: world.cast.eve.id });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await world.close();
  });

  const fresh = async (): Promise<Page> =>
    (await browser.newContext({ baseURL: origin, reducedMotion: 'reduce' })).newPage();
  const place = (page: Page): string => new URL(page.url()).pathname;
  const press = async (page: Page, name: string): Promise<void> => {
    await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name, exact: true }).click()]);
  };
  const follow = async (page: Page, name: string): Promise<void> => {
    await Promise.all([page.waitForEvent('load'), page.getByRole('link', { name }).first().click()]);
  };
  const typePassword = async (page: Page, name: string): Promise<void> => {
    const staff = !name.includes('@');
    await page.goto(staff ? '/admin/login' : '/login');
    await page.fill(staff ? 'main [name=username]' : 'main [name=email]', name);
    await page.fill('main [name=password]', PASSWORD);
    await press(page, 'Sign in');
  };
  const look = async (page: Page, name: string): Promise<void> => {
    for (const [width, colorScheme] of [
      [320, 'dark'],
      [1280, 'light'],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await axe(page), [], `${name} at ${width}, ${colorScheme}`);
      assert.equal(await overflow(page), 0, `${name} at ${width} scrolls sideways`);
    }
    await page.emulateMedia({ colorScheme: null });
    await screenshots(page, `lost-${name}`);
  };

  test('eve asks, support makes sure of her, she waits a day, and is in again without what she lost', async () => {
    const eve = await fresh();
    await typePassword(eve, world.cast.eve.email);
    assert.equal(place(eve), '/login/code');
    await follow(eve, 'I lost all of these');
    await look(eve, 'ask');
    await eve.fill('main [name=reason]', 'My phone and my keys are at the bottom of a lake.');
    await press(eve, 'Ask for help');
    assert.match(await eve.innerText('main'), /Your request is on its way/);
    await look(eve, 'asked');

    const staff = await fresh();
    await typePassword(staff, 'root');
    await staff.goto('/admin/recoveries');
    await look(staff, 'staff-list');
    await follow(staff, 'Eve Adams');
    assert.match(await staff.innerText('main'), /bottom of a lake/);
    await look(staff, 'staff-one');
    await staff.fill('main [name=note]', 'Called the number in her contract.');
    await press(staff, 'I am sure it is them');
    assert.equal(place(staff), '/admin/recoveries');

    await eve.goto('/login/recovery');
    assert.match(await eve.innerText('main'), /waiting time/);
    await look(eve, 'waiting');
    world.clock.turn(hours(24));
    await typePassword(eve, world.cast.eve.email);
    assert.equal(place(eve), '/login/code', 'until then the factor is asked as ever');
    await follow(eve, 'I lost all of these');
    assert.match(await eve.innerText('main'), /You can go on/);
    await look(eve, 'ready');
    await press(eve, 'Take the lost factors away');
    assert.match(place(eve), /^\/account/);
    assert.match((await world.letterTo(world.cast.eve.email)).text, /second factor/i);

    const again = await fresh();
    await typePassword(again, world.cast.eve.email);
    assert.match(place(again), /^\/account/, 'what was lost is asked no more');
  });
});

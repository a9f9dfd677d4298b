// Everything is lost: no phone, no key, no backup code. In a browser, from "I lost it" to being in again, with the
// support that makes sure of it. The walks with an app and with a backup code are in factors.test.ts.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { hours } from '#kit/duration.ts';
import type { Windows } from '#tests/browser/windows.ts';
import { signIn, windowsOn } from '#tests/browser/windows.ts';
import { browserMissing, look } from '#tests/browser.ts';
import { giveApp } from '#tests/factors.ts';
import type { World } from '#tests/world.ts';
import { PASSWORD, testWorld } from '#tests/world.ts';

describe('every second factor is lost', { skip: browserMissing(), timeout: 300_000 }, () => {
  let world: World;
  let windows: Windows;

  before(async () => {
    world = await testWorld('sqlite');
    await giveApp(world, { kind: 'user', id: world.cast.eve.id });
    windows = await windowsOn(world);
  });
  after(async () => {
    await windows?.close();
    await world.close();
  });

  const place = (page: Page): string => new URL(page.url()).pathname;
  const press = async (page: Page, name: string): Promise<void> => {
    await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name, exact: true }).click()]);
  };
  const follow = async (page: Page, name: string): Promise<void> => {
    await Promise.all([page.waitForEvent('load'), page.getByRole('link', { name }).first().click()]);
  };

  test('eve asks, support makes sure of her, she waits a day, and is in again without what she lost', async () => {
    const eve = await windows.open();
    await signIn(eve, world.cast.eve.email);
    assert.equal(place(eve), '/login/code');
    await follow(eve, 'I lost it');
    await look(eve, 'lost-ask');
    await eve.fill('main [name=reason]', 'My phone and my keys are at the bottom of a lake.');
    await press(eve, 'Ask for help');
    assert.match(await eve.innerText('main'), /Your request is on its way/);
    await look(eve, 'lost-asked');

    const staff = await windows.open();
    await signIn(staff, 'root');
    await staff.goto('/admin/recoveries');
    await look(staff, 'lost-staff-list');
    await follow(staff, 'Eve Adams');
    assert.match(await staff.innerText('main'), /bottom of a lake/);
    await look(staff, 'lost-staff-one');
    await staff.fill('main [name=note]', 'Called the number in her contract.');
    await press(staff, 'I am sure it is them');
    assert.equal(place(staff), '/admin/recoveries');

    await eve.goto('/login/recovery');
    assert.match(await eve.innerText('main'), /waiting time/);
    await look(eve, 'lost-waiting');
    world.clock.turn(hours(24));
    await signIn(eve, world.cast.eve.email);
    assert.equal(place(eve), '/login/code', 'until then the factor is asked as ever');
    await follow(eve, 'I lost it');
    assert.match(await eve.innerText('main'), /Open the link that we sent to e•••@/);
    await look(eve, 'lost-ready');
    await press(eve, 'Send the link again');
    assert.match(await eve.innerText('main'), /on its way/);
    // The letter is read on another device.
    const link = /https?:\/\/[^/]+(\/recovery\/finish\/[\w-]+)/.exec((await world.letterTo(world.cast.eve.email)).text);
    const other = await windows.open();
    await other.goto(link?.[1] ?? '');
    await look(other, 'lost-link');
    await follow(other, 'Sign in');
    await other.fill('main [name=email]', world.cast.eve.email);
    await other.fill('main [name=password]', PASSWORD);
    await press(other, 'Sign in');
    assert.match(await other.innerText('main'), /You can go on/);
    await look(other, 'lost-finish');
    await press(other, 'Take the lost factors away');
    assert.equal(place(other), '/user/security');
    assert.match((await world.letterTo(world.cast.eve.email)).text, /second factor/i);

    const again = await windows.open();
    await signIn(again, world.cast.eve.email);
    assert.match(place(again), /^\/account/, 'what was lost is asked no more');
  });
});

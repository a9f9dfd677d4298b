// Second factors in a browser: an app set up by what the QR code shows on the screen, backup codes kept and used, and every page
// of them narrow and wide, light and dark, without a barrier.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import jsQr from 'jsqr';
import type { Page } from 'playwright-core';
import { systemActor } from '#domain/audit/actor.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { minutes } from '#kit/duration.ts';
import type { Windows } from '#tests/browser/windows.ts';
import { signIn, windowsOn } from '#tests/browser/windows.ts';
import { browserMissing, look } from '#tests/browser.ts';
import type { TestApp } from '#tests/factors.ts';
import { appWith, seedIn } from '#tests/factors.ts';
import type { World } from '#tests/world.ts';
import { testWorld } from '#tests/world.ts';

describe('second factors in a browser', { skip: browserMissing() }, () => {
  let world: World;
  let windows: Windows;
  let page: Page;
  let app: TestApp;
  let codes: string[];

  before(async () => {
    world = await testWorld('sqlite');
    windows = await windowsOn(world);
    page = await windows.open();
  });
  after(async () => {
    await windows?.close();
    await world.close();
  });

  const press = async (on: Page): Promise<void> => {
    await on.click('main form button[type=submit]:not([hidden] *)');
    await on.waitForLoadState();
  };
  /** What a camera in front of the screen reads. */
  const readFromScreen = async (on: Page): Promise<string> => {
    const png = (await on.locator('svg.dw-qr').screenshot()).toString('base64');
    // Text, not a function: it runs in the browser, whose names this program does not know.
    const painted = await on.evaluate<{ data: number[]; width: number; height: number }>(`(async () => {
      const image = new Image();
      image.src = 'data:image/png;base64,${png}';
      await image.decode();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [image.width, image.height];
      const context = canvas.getContext('2d');
      context.drawImage(image, 0, 0);
      const { data, width, height } = context.getImageData(0, 0, image.width, image.height);
      return { data: [...data], width, height };
    })()`);
    const read = jsQr.default(Uint8ClampedArray.from(painted.data), painted.width, painted.height);
    return read?.data ?? 'nothing that can be read';
  };

  test('an app is set up by the QR code on the screen, in the dark too, and the backup codes are kept', async () => {
    await signIn(page, 'ada@example.test');
    await page.goto('/user/security');
    await look(page, 'factors-overview');
    await page.goto('/user/security/app');
    await look(page, 'factors-app-new');
    await page.emulateMedia({ colorScheme: 'dark' });
    app = appWith(world, seedIn(await readFromScreen(page)));
    await page.emulateMedia({ colorScheme: null });
    await page.fill('[name=code]', '000000');
    await press(page);
    await look(page, 'factors-app-wrong');
    await page.fill('[name=code]', await app.shows());
    await page.fill('[name=name]', 'A telephone with a very long name that somebody gave to it');
    await press(page);
    await look(page, 'factors-codes-new');
    codes = await page.locator('#secret-codes li').allInnerTexts();
    assert.equal(codes.length, 10);
    await press(page);
    assert.match(await page.innerText('main'), /ready to use/);
    for (const [path, name] of [
      ['/user/security', 'factors-overview-on'],
      ['/user/security/app', 'factors-apps'],
      ['/user/security/backup-codes', 'factors-codes'],
    ] as const) {
      await page.goto(path);
      await look(page, name);
    }
    await page.goto('/user/security/app');
    await page.click('main .dw-links a');
    await look(page, 'factors-app');
    await page.click('main a[href$="/removal"]');
    await look(page, 'factors-app-removal');
  });

  test('its code signs in; a backup code does, once; a while later it is asked again', async () => {
    const other = await windows.open();
    await signIn(other, 'ada@example.test');
    await look(other, 'factors-login-code');
    await other.fill('[name=code]', await app.next());
    await press(other);
    await other.goto('/user/security');
    assert.match(await other.innerText('h1'), /Sign-in and security/);

    const lost = await windows.open();
    await signIn(lost, 'ada@example.test');
    await lost.click('text=Use a backup code instead');
    await look(lost, 'factors-login-backup-code');
    await lost.fill('[name=code]', codes[0] ?? '');
    await press(lost);
    await lost.goto('/user/security/backup-codes');
    assert.match(await lost.innerText('main'), /9 codes are left/);

    world.clock.turn(minutes(15));
    await page.goto('/user/security/app');
    assert.match(page.url(), /confirm-identity/);
    await look(page, 'factors-confirm-code');
    await page.click('text=Use a backup code instead');
    await look(page, 'factors-confirm-backup-code');
    await page.fill('[name=code]', codes[1] ?? '');
    await press(page);
    assert.match(page.url(), /\/user\/security\/app$/);
  });

  test('who must have one sets it up on the way in; staff switch one off', async () => {
    await changeSettings(world.ctx, systemActor('Test'), {
      'second-factor-required-users': 'on',
      'second-factor-grace-days': '7',
    });
    const eve = await windows.open();
    await signIn(eve, 'eve@example.test');
    await look(eve, 'factors-grace');
    await changeSettings(world.ctx, systemActor('Test'), { 'second-factor-grace-days': '0' });
    const late = await windows.open();
    await signIn(late, 'ben@example.test');
    await look(late, 'factors-set-up');
    await late.click('main a[href*="/set-up/app"]');
    await look(late, 'factors-set-up-app');
    const bens = appWith(world, seedIn(await readFromScreen(late)));
    await late.fill('[name=code]', await bens.shows());
    await press(late);
    assert.match(late.url(), /backup-codes\/new/);
    await press(late);
    assert.doesNotMatch(late.url(), /security/);

    const root = await windows.open();
    await signIn(root, 'root');
    await root.goto('/admin/account/security');
    await look(root, 'factors-staff-overview');
    await root.goto(`/admin/users/${world.cast.ben.id}/second-factor`);
    await look(root, 'factors-staff-off');
    world.clock.turn(minutes(15));
    await root.goto('/admin/account/security/app');
    await look(root, 'factors-confirm-password');
  });
});

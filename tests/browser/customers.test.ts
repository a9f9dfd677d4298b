// The customers' pages as people meet them: in a browser, by keyboard, on a phone, in the dark, without script.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { addMember } from '#domain/access/member-changes.ts';
import { offerSetup } from '#domain/administrators/setup.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { addClient } from '#domain/clients/client-creation.ts';
import { closeClient } from '#domain/clients/client-status.ts';
import { sendPasswordLink } from '#domain/login/password-links.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import type { Windows } from '#tests/browser/windows.ts';
import { signIn, windowsOn } from '#tests/browser/windows.ts';
import { browserMissing, look } from '#tests/browser.ts';
import type { World } from '#tests/world.ts';
import { CODE, PASSWORD, profile, testWorld } from '#tests/world.ts';

const actor = systemActor('Test');
const LONG =
  'A company whose name goes on and on: Sons, Daughters & Grandchildren Holding International GmbH & Co. KGaA';

describe("the customers' pages in a browser", { skip: browserMissing() }, () => {
  let world: World;
  let windows: Windows;
  let billing: string;
  const elsewhere = createServer((request, response) =>
    response.setHeader('content-type', 'text/html').end(`<title>Billing</title>${request.url}`),
  );

  before(async () => {
    world = await testWorld('sqlite');
    await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done));
    billing = `http://127.0.0.1:${portOf(elsewhere.address())}`;
    await changeSettings(world.ctx, actor, {
      'company-name': 'Northwind Hosting',
      'support-address': 'help@northwind.test',
      'sso-destinations': `clientarea:invoices ${billing}/invoices/{client_id}\nclientarea:tickets ${billing}/tickets`,
    });
    for (let at = 0; at < 9; at += 1) {
      const clientId = await addClient(world.ctx, actor, profile({ companyName: at === 0 ? LONG : `Company ${at}` }));
      await addMember(world.ctx, actor, world.cast.eve.id, clientId, ['profile', 'invoices']);
      if (at === 8) await closeClient(world.ctx, actor, clientId);
    }
    windows = await windowsOn(world);
  });
  after(async () => {
    await windows?.close();
    await world.close();
    elsewhere.close();
  });

  const portOf = (address: string | AddressInfo | null): number =>
    typeof address === 'object' && address !== null ? address.port : 0;

  test('the entrance has no barrier and nothing that scrolls sideways', async () => {
    const page = await windows.open();
    await world.ctx.transaction((tx) => sendPasswordLink(tx, actor, world.cast.ben.id, 'asked'));
    const link = new URL((await world.letterTo('ben@example.test')).link).pathname;
    for (const [name, address] of [
      ['login', '/login'],
      ['admin-login', '/admin/login'],
      ['reset', '/password/reset'],
      ['reset-sent', '/password/reset/sent'],
      ['set-password', link],
      ['set-password-unknown', '/password/set/unknown'],
      ['setup-closed', '/setup?token=x'],
      ['register', '/register'],
      ['not-found', '/nothing-here'],
    ] as const) {
      await page.goto(address);
      await look(page, `entrance-${name}`);
    }
    await page.goto('/login');
    await page.click('main button[type=submit]');
    await page.waitForLoadState();
    assert.equal(await page.evaluate('document.activeElement.getAttribute("role")'), 'alert');
    await look(page, 'entrance-login-empty');
    await signIn(page, 'cleo@example.test');
    await look(page, 'entrance-code');
    await page.fill('[name=code]', CODE);
    await page.click('main button[type=submit]');
    await page.waitForURL(/\/account\/\d+$/);
    await page.context().close();
  });

  test('the set-up page makes the first administrator', async () => {
    const empty = await testWorld('sqlite', { cast: false });
    try {
      await empty.app.listen({ port: 0, host: '127.0.0.1' });
      const page = await windows.open();
      const address = `http://localhost:${portOf(empty.app.server.address())}`;
      await page.goto(`${address}/setup?token=${await offerSetup(empty.ctx)}`);
      await look(page, 'entrance-setup');
      for (const [name, value] of Object.entries({
        firstName: 'Ruth',
        lastName: 'Root',
        email: 'ruth@northwind.test',
        username: 'root',
        password: 'a wholly different phrase',
      }))
        await page.fill(`[name=${name}]`, value);
      await page.click('main button[type=submit]');
      await page.waitForURL(`${address}/admin`);
      await page.context().close();
    } finally {
      await empty.close();
    }
  });

  test('the client area has no barrier and nothing that scrolls sideways', async () => {
    const page = await windows.open();
    await signIn(page, 'ada@example.test');
    const home = `/account/${world.cast.ada.clientId}`;
    for (const [name, address] of [
      ['home', home],
      ['details', `${home}/details`],
      ['single-sign-on', `${home}/single-sign-on`],
      ['profile', '/user/profile'],
      ['password', '/user/password'],
      ['sessions', '/user/sessions'],
      ['logout', '/logout'],
      ['no-account', `/account/${world.cast.eve.clientId}`],
    ] as const) {
      await page.goto(address);
      await look(page, `client-${name}`);
    }
    await page.goto(`${home}/details`);
    await page.fill('[name=city]', '');
    await page.click('main button[type=submit]');
    await page.waitForLoadState();
    await look(page, 'client-details-wrong');
    await page.context().close();
  });

  test('a member, somebody with many accounts, and a closed account have none either', async () => {
    const ben = await windows.open();
    await signIn(ben, 'ben@example.test');
    await look(ben, 'client-home-member');
    await ben.goto(`/account/${world.cast.ada.clientId}/details`);
    await look(ben, 'client-refused');
    await ben.context().close();
    const eve = await windows.open();
    await signIn(eve, 'eve@example.test');
    await look(eve, 'client-choose');
    await eve.click(`main >> text=${LONG.slice(0, 30)}`);
    await eve.waitForLoadState();
    await look(eve, 'client-home-long');
    await eve.goto('/account');
    await eve.click('main >> text=Company 8');
    await eve.waitForLoadState();
    await look(eve, 'client-home-closed');
    await eve.context().close();
  });

  test('one signs in, saves details and signs out by keyboard alone', async () => {
    const page = await windows.open();
    await page.goto('/login');
    await page.keyboard.type('ada@example.test'); // the cursor is in the first field already
    await page.keyboard.press('Tab');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/account\/\d+$/);
    await page.goto(`/account/${world.cast.ada.clientId}/details`);
    await page.focus('[name=city]');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('Keytown');
    await page.keyboard.press('Enter');
    await page.waitForSelector('text=The account details are saved');
    await page.focus('.dw-menu-person > summary');
    await page.keyboard.press('Enter');
    await page.focus('.dw-menu-button');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/login$/);
    assert.match((await page.textContent('main')) ?? '', /You are signed out/);
    await page.context().close();
  });

  test('all of it works without script', async () => {
    const page = await windows.open({ javaScriptEnabled: false });
    await signIn(page, 'ada@example.test');
    assert.match(page.url(), /\/account\/\d+$/);
    await page.goto('/user/profile');
    await page.fill('[name=firstName]', 'Augusta');
    await page.click('main button[type=submit]');
    await page.waitForSelector('text=Your profile is saved');
    await page.click('.dw-menu-person > summary');
    await page.click('.dw-menu-button');
    await page.waitForURL(/\/login$/);
    await page.context().close();
  });

  test("an older link leads through signing in to the operator's page, past every policy of the browser", async () => {
    const page = await windows.open();
    const refused: string[] = [];
    page.on('console', (message) => refused.push(message.text()));
    await page.goto('/clientarea.php?action=invoices');
    await page.fill('[name=email]', 'ada@example.test');
    await page.fill('[name=password]', PASSWORD);
    await page.click('main button[type=submit]');
    await page.waitForURL(`${billing}/invoices/${world.cast.ada.clientId}`).catch(() => {});
    assert.equal(page.url(), `${billing}/invoices/${world.cast.ada.clientId}`, refused.join('\n'));
    await page.context().close();
  });

  test('a form of another site signs nobody in', async () => {
    const page = await windows.open();
    await page.goto(billing);
    await page.setContent(
      `<form method="post" action="${windows.origin}/login"><input name="email" value="eve@example.test"><input name="password" value="${PASSWORD}"></form>`,
    );
    await page.evaluate('document.forms[0].submit()');
    await page.waitForURL(/\/login$/);
    await page.goto(`${windows.origin}/user/profile`);
    assert.match(page.url(), /\/login\?goto=/);
    await page.context().close();
  });
});

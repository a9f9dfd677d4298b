// People and what they own, as they meet it in a browser: another address up to its way back, an account handed over and
// accepted, and what staff see of both.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { ownerIdOf } from '#domain/access/members.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { letterHistory, liveLetterOf } from '#domain/mail/outbox.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { userOf } from '#domain/users/users.ts';
import { days } from '#kit/duration.ts';
import type { Windows } from '#tests/browser/windows.ts';
import { signIn, windowsOn } from '#tests/browser/windows.ts';
import { browserMissing, look } from '#tests/browser.ts';
import type { World } from '#tests/world.ts';
import { testWorld } from '#tests/world.ts';

const FRESH = 'a wholly different phrase';

describe('people and what they own, in a browser', { skip: browserMissing() }, () => {
  let world: World;
  let windows: Windows;

  before(async () => {
    world = await testWorld('sqlite');
    await changeSettings(world.ctx, systemActor('Test'), { 'company-name': 'Northwind Hosting' });
    windows = await windowsOn(world);
  });
  after(async () => {
    await windows?.close();
    await world.close();
  });

  const press = async (page: Page, button = 'main form button[type=submit]'): Promise<void> => {
    await page.click(button);
    await page.waitForLoadState();
  };
  /** The path in the newest letter to an address that begins so. */
  const linkTo = async (address: string, path: string): Promise<string> => {
    for (let tries = 0; tries < 100; tries += 1) {
      for (const { id, to } of await letterHistory(world.ctx, {}, { limit: 30 })) {
        const found = new RegExp(`${path}[^\\s]*`).exec((await liveLetterOf(world.ctx, id)).text);
        if (to === address && found) return found[0];
      }
      await new Promise((done) => setTimeout(done, 10));
    }
    throw new Error(`no ${path} in a letter to ${address}`);
  };

  test('ben takes another address, whoever reads the old one puts it back, and ben signs in with a new password', async () => {
    const page = await windows.open();
    await signIn(page, 'ben@example.test');
    await page.goto('/user/profile');
    await look(page, 'people-profile');
    await page.click('main >> text=Your address');
    await page.waitForLoadState();
    await page.fill('[name=email]', 'ben@elsewhere.test');
    await press(page);
    await look(page, 'people-email-waiting');
    await page.goto(await linkTo('ben@elsewhere.test', '/user/email/confirm/'));
    await look(page, 'people-email-confirm');
    await press(page);
    assert.match((await page.textContent('main')) ?? '', /Your address is changed/);
    assert.match((await page.textContent('main')) ?? '', /ben@elsewhere\.test/);

    const other = await windows.open();
    await signIn(other, 'root');
    await other.goto(`/admin/users/${world.cast.ben.id}`);
    await look(other, 'people-admin-user');
    await other.goto(`/admin/users/${world.cast.ben.id}/email-undos`);
    await look(other, 'people-admin-email-undos');

    const anywhere = await windows.open();
    const undo = await linkTo('ben@example.test', '/email/undo/');
    await anywhere.goto(undo);
    await look(anywhere, 'people-undo');
    await anywhere.fill('[name=password]', FRESH);
    await press(anywhere);
    assert.match((await anywhere.textContent('body')) ?? '', /Your address is back/);
    await page.goto('/user/profile');
    assert.match(page.url(), /\/login/); // signed out everywhere
    await signIn(page, 'ben@example.test', FRESH);
    assert.match(page.url(), /\/account\/\d+$/);
    await anywhere.goto(undo);
    await look(anywhere, 'people-undo-over');
    for (const context of [page, other, anywhere]) await context.context().close();
  });

  test('ada hands the account over, ben accepts on a phone, and ada could put it back', async () => {
    const { ada, ben } = world.cast;
    const page = await windows.open();
    await signIn(page, ada.email);
    await page.goto(`/account/${ada.clientId}/ownership`);
    await press(page);
    await page.check(`[name=to][value="${ben.id}"]`);
    await look(page, 'people-ownership');
    await press(page);
    await look(page, 'people-ownership-waiting');

    const phone = await windows.open();
    await phone.setViewportSize({ width: 360, height: 740 });
    await signIn(phone, ben.email, FRESH);
    assert.match((await phone.textContent('main')) ?? '', /Ada Lovelace offers you this account/);
    await phone.goto(await linkTo(ben.email, `/account/${ada.clientId}/ownership/offer`));
    await look(phone, 'people-ownership-offer');
    await phone.setViewportSize({ width: 360, height: 740 });
    await phone.click('text=Accept and own it');
    await phone.waitForLoadState();
    assert.match((await phone.textContent('main')) ?? '', /The account is yours/);
    assert.equal(await ownerIdOf(world.ctx, ada.clientId), ben.id);
    await phone.goto(`/account/${ada.clientId}/ownership`);
    await look(phone, 'people-ownership-settling');
    await page.goto(`/account/${ada.clientId}/ownership/offer`);
    await look(page, 'people-ownership-offer-over');
    await page.goto(await linkTo(ada.email, '/ownership/undo/'));
    await look(page, 'people-ownership-undo');
    for (const context of [page, phone]) await context.context().close();
  });

  test('staff see what can be put back, copy details either way, and find those that differ', async () => {
    const { ada, eve } = world.cast;
    await changeClient(world.ctx, systemActor('Test'), eve.clientId, {
      lastName: 'Adams-Smith',
      email: 'bills@example.test',
    });
    const page = await windows.open();
    await signIn(page, 'root');
    await page.goto(`/admin/clients/${ada.clientId}/ownership`);
    await look(page, 'people-admin-ownership');
    await page.goto(`/admin/clients/${ada.clientId}/users`);
    await look(page, 'people-admin-users-tab');
    await page.goto('/admin/users');
    await look(page, 'people-admin-users');
    await page.goto('/admin/users/drift');
    await look(page, 'people-admin-drift');
    await page.goto(`/admin/clients/${eve.clientId}`);
    await look(page, 'people-admin-client');
    await page.click('main >> text=Compare');
    await page.waitForLoadState();
    await look(page, 'people-admin-owner-match');
    await page.click('text=Copy the client’s details to the owner');
    await page.waitForLoadState();
    assert.match((await page.textContent('main')) ?? '', /The owner has the client’s details now/);
    const { lastName, email } = await userOf(world.ctx, eve.id);
    assert.deepEqual([lastName, email], ['Adams-Smith', 'bills@example.test']);
    await look(page, 'people-admin-owner-alike');
    await page.context().close();
  });

  test('eve takes a copy of her data; as an owner she cannot delete herself, ada can', async () => {
    const page = await windows.open();
    await signIn(page, 'bills@example.test');
    await page.goto('/user/export');
    await look(page, 'people-export');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('main form button[type=submit]')]);
    assert.match(download.suggestedFilename(), /^my-data-\d{4}-\d\d-\d\d\.json$/);
    await page.goto('/user/deletion');
    await look(page, 'people-deletion-owner');
    world.clock.turn(days(8));
    const other = await windows.open();
    await signIn(other, 'ada@example.test');
    await other.goto('/user/deletion');
    await look(other, 'people-deletion');
    await press(other);
    assert.match((await other.textContent('body')) ?? '', /You are deleted/);
    for (const context of [page, other]) await context.context().close();
  });
});

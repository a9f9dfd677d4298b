// ada hires ben for seven days: the letter, a phone, what he may do, and the end of it, in a browser.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { invitationsOf } from '#domain/access/invitations.ts';
import { addMember, removeMember } from '#domain/access/member-changes.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { translator } from '#src/locales/words.ts';
import type { Windows } from '#tests/browser/windows.ts';
import { signIn, windowsOn } from '#tests/browser/windows.ts';
import { browserMissing, look } from '#tests/browser.ts';
import type { World } from '#tests/world.ts';
import { CODE, PASSWORD, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const PHONE = { width: 360, height: 740 };

describe('invitations in a browser', { skip: browserMissing() }, () => {
  let world: World;
  let windows: Windows;

  before(async () => {
    world = await testWorld('sqlite');
    await changeSettings(world.ctx, SYSTEM, {
      'company-name': 'Northwind Hosting',
      'sso-destinations': 'clientarea:invoices https://billing.example.test/{client_id}',
    });
    const { ada, ben } = world.cast;
    await removeMember(world.ctx, SYSTEM, ben.id, ada.clientId); // he has yet to be invited
    windows = await windowsOn(world);
  });
  after(async () => {
    await windows?.close();
    await world.close();
  });

  const linkTo = async (email: string): Promise<string> => new URL((await world.letterTo(email)).link).pathname;
  const send = (page: Page): Promise<void> => page.click('main .dw-form-end button[type=submit]');
  const main = async (page: Page): Promise<string> => (await page.textContent('main')) ?? '';

  test('ada invites ben with two permissions for seven days; he accepts on a phone, in Turkish; ada ends it; his next click says who can grant it', async () => {
    const ada = await windows.open();
    await signIn(ada, 'ada@example.test');
    await ada.click('text=People');
    await look(ada, 'access-people-alone');
    await ada.click('text=Invite somebody');
    await look(ada, 'access-invite');
    await send(ada);
    await ada.waitForLoadState();
    await look(ada, 'access-invite-wrong');
    await ada.fill('[name=email]', 'ben@example.test');
    await ada.click('[name=preset][value=billing]');
    assert.equal(await ada.isChecked('[value=quotes]'), true, 'by script the ticks are there at once');
    for (const name of ['profile', 'contacts', 'quotes', 'emails'])
      await ada.uncheck(`[name=permissions][value=${name}]`);
    await ada.check('[value=tickets]');
    await ada.check('[name=lasts][value="7"]');
    await send(ada);
    await ada.waitForSelector('text=The invitation is on its way to ben@example.test');
    await look(ada, 'access-people-waiting');

    const ben = await windows.open({ viewport: PHONE, locale: 'tr-TR' });
    const t = translator('tr');
    const holds = async (words: string) => assert.ok((await main(ben)).includes(words), words);
    await ben.goto(await linkTo('ben@example.test'));
    assert.equal(await ben.getAttribute('html', 'lang'), 'tr');
    await holds(t('access.invited.title', { inviter: 'Ada Lovelace', account: 'Analytical Engines Ltd' }));
    await look(ben, 'access-invited-stranger');
    await ben.click(`text=${t('access.invited.sign-in')}`);
    await ben.fill('[name=email]', 'ben@example.test');
    await ben.fill('[name=password]', PASSWORD);
    await ben.click('main button[type=submit]');
    await ben.waitForLoadState();
    await look(ben, 'access-invited-signed-in');
    await send(ben);
    await ben.waitForURL(/\/account\/\d+$/);
    await holds(t('client.permission.invoices'));
    await holds(t('client.permission.tickets'));
    await holds(t('access.home.until', { date: '8 Haz 2026' }));
    const home = await main(ben);
    for (const key of ['client.permission.domains', 'client.place.profile'] as const)
      assert.ok(!home.includes(t(key)), `just what he may, and not ${t(key)}`);
    await look(ben, 'access-home-for-a-week');

    await ada.goto(`/account/${world.cast.ada.clientId}/users`);
    assert.match(await main(ada), /Ben Guest/);
    await look(ada, 'access-people');
    await ada.click(`main a[href$="/users/${world.cast.ben.id}"]`);
    await look(ada, 'access-member');
    await ada.click('text=End access …');
    await look(ada, 'access-removal');
    await send(ada);
    await ada.waitForSelector('text=Ben Guest can no longer enter this account');

    await ben.reload();
    await holds(t('errors.access-ended', { account: 'Analytical Engines Ltd', date: '1 Haz 2026' }));
    await holds(t('errors.access-ended.why', { known: 'yes', owner: 'Ada Lovelace' }));
    await look(ben, 'access-ended');
    await ada.context().close();
    await ben.context().close();
  });

  test('inviting works without script; somebody new comes in; what does not fit is said; links that open nothing are kind', async () => {
    const ada = await windows.open({ javaScriptEnabled: false });
    await signIn(ada, 'ada@example.test');
    const people = `/account/${world.cast.ada.clientId}/users`;
    await ada.goto(`${people}/invite`);
    await ada.fill('[name=email]', 'newcomer@example.test');
    await ada.click('[name=preset][value=readonly]');
    assert.equal(await ada.inputValue('[name=email]'), 'newcomer@example.test');
    assert.equal(
      await ada.isChecked('[name=permissions][value=domains]'),
      true,
      'without script, drawn again with ticks',
    );
    await ada.press('[name=email]', 'Enter');
    await ada.waitForURL(new RegExp(`${people}$`));
    assert.match(await main(ada), /The invitation is on its way to newcomer@example.test/);
    await ada.context().close();

    const page = await windows.open({ viewport: PHONE });
    const link = await linkTo('newcomer@example.test');
    await page.goto(link);
    await look(page, 'access-invited-new');
    await page.fill('[name=firstName]', 'New');
    await send(page);
    await page.waitForLoadState();
    await look(page, 'access-invited-new-wrong');
    await page.fill('[name=lastName]', 'Comer');
    await page.fill('[name=password]', PASSWORD);
    await send(page);
    await page.waitForURL(/\/account\/\d+$/);
    await page.goto(link);
    await look(page, 'access-invitation-over');
    await page.goto(`/user/accounts/${world.cast.ada.clientId}/leaving`);
    await look(page, 'access-leaving');

    const owner = await windows.open();
    await signIn(owner, 'ada@example.test');
    const [id] = await invitationFor(owner, 'again@example.test');
    for (const which of ['fresh-letter', 'cancellation']) {
      await owner.goto(`${people}/invitations/${id}/${which}`);
      await look(owner, `access-${which}`);
    }
    const eve = await windows.open();
    await signIn(eve, 'eve@example.test');
    const other = await linkTo('again@example.test');
    await eve.goto(other);
    await look(eve, 'access-invited-other-address');
    await eve.goto(`${other}/declining`);
    await look(eve, 'access-declining');
    for (const one of [owner, page, eve]) await one.context().close();
  });

  test('an account that asks for a second factor, and what staff see', async () => {
    const { cleo, ben } = world.cast;
    await addMember(world.ctx, SYSTEM, ben.id, cleo.clientId, ['products']);
    const page = await windows.open();
    await signIn(page, 'cleo@example.test');
    await page.fill('[name=code]', CODE);
    await page.click('main button[type=submit]');
    await page.waitForURL(/\/account\/\d+$/);
    await page.goto(`/account/${cleo.clientId}/users/second-factor`);
    await look(page, 'access-second-factor');
    await send(page);
    await page.waitForSelector('text=From now on everyone who enters this account');
    const guest = await windows.open();
    await signIn(guest, 'ben@example.test');
    assert.match(await main(guest), /You have none yet: set one up/);
    await look(guest, 'access-second-factor-needed');

    const root = await windows.open();
    await root.goto('/admin/login');
    await root.fill('[name=username]', 'root');
    await root.fill('[name=password]', PASSWORD);
    await root.click('main button[type=submit]');
    await root.waitForURL(/\/admin$/);
    const users = `/admin/clients/${cleo.clientId}/users`;
    await root.goto(`${users}/new`);
    await root.fill('[name=email]', 'hired@example.test');
    await root.click('[name=preset][value=technical]');
    await send(root);
    await root.waitForSelector('text=The invitation is on its way to hired@example.test');
    await look(root, 'access-admin-users');
    for (const [name, path] of [
      ['new', `${users}/new`],
      ['member', `${users}/${ben.id}`],
      ['second-factor', `${users}/second-factor`],
    ] as const) {
      await root.goto(path);
      await look(root, `access-admin-${name}`);
    }
    for (const one of [page, guest, root]) await one.context().close();
  });

  const invitationFor = async (ada: Page, email: string): Promise<number[]> => {
    await ada.goto(`/account/${world.cast.ada.clientId}/users/invite`);
    await ada.fill('[name=email]', email);
    await ada.check('[name=permissions][value=tickets]');
    await send(ada);
    await ada.waitForLoadState();
    return (await invitationsOf(world.ctx, world.cast.ada.clientId))
      .filter((one) => one.email === email)
      .map(({ id }) => id);
  };
});

// The set-up half of the admin area in a real browser: no page has a barrier or scrolls sideways, wide or at 320 px, with
// little in it or with long names; and the form with the longest list of ticks is filled in by the keyboard alone.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { addAdministrator } from '#domain/administrators/administrators.ts';
import { allowAddress } from '#domain/administrators/allowed-addresses.ts';
import { addCredential, saveApiRole } from '#domain/administrators/api-credentials.ts';
import { addRole, listRoles } from '#domain/administrators/roles.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { banAddress } from '#domain/guard/bans.ts';
import { sendPasswordLink } from '#domain/login/password-links.ts';
import { addWebhook, sendTest } from '#domain/webhooks/webhooks.ts';
import { findPages } from '#src/app.ts';
import type { Windows } from '#tests/browser/windows.ts';
import { windowsOn } from '#tests/browser/windows.ts';
import { browserMissing, look } from '#tests/browser.ts';
import { signedIn } from '#tests/staff.ts';
import type { World } from '#tests/world.ts';
import { testWorld } from '#tests/world.ts';

const OURS =
  /^src\/web\/admin\/(?:administrators|roles|api-credentials|api-roles|allowed-addresses|bans|destinations|settings|letters|log|staff-log|account|webhooks)(?:\.ts|\/)/;

/** Every page of ours that can be looked at; the ids are of what `fillWith` makes. */
const ADDRESSES = (await findPages())
  .filter(({ file, page: { get } }) => OURS.test(file) && get)
  // Things of one's own that root has none of: tests/browser/{factors,passkeys}.test.ts look at them.
  .filter(({ address }) => !/^\/admin\/account\/security\/.*(?::|\/removal$)/.test(address))
  .flatMap(({ address }) =>
    address.includes(':area')
      ? ['general', 'people', 'security', 'mail', 'api'].map((area) => address.replace(':area', area))
      : address
          .replace('/administrators/:id', '/administrators/3')
          .replace('/roles/:id', '/roles/4')
          .replace(':name', 'clientarea%3Ainvoices')
          .replaceAll(/:\w+/g, '1'),
  );

describe('the set-up pages in a browser', { skip: browserMissing(), timeout: 180_000 }, () => {
  let world: World;
  let windows: Windows;
  let page: Page;
  before(async () => {
    world = await testWorld('sqlite');
    await fillWith(world);
    const root = await signedIn(world, 'root');
    windows = await windowsOn(world);
    page = await windows.open();
    const cookies = [...root.cookies].map(([name, value]) => ({ name, value, url: windows.origin }));
    await page.context().addCookies(cookies);
  });
  after(async () => {
    await windows?.close();
    await world?.close();
  });

  for (const address of [...ADDRESSES, '/admin/roles/1', '/admin/log?text=nothing', '/admin/bans?q=nothing']) {
    test(`${address} is without barriers and fits its window`, async () => {
      const answer = await page.goto(address);
      assert.equal(answer?.status(), 200);
      await look(page, address.replaceAll(/[^a-z0-9]+/gi, '-').slice(1));
    });
  }

  test('a role is made by the keyboard, its refusal takes the focus, and the mended form goes through', async () => {
    await page.goto('/admin/roles/new');
    await page.locator('[name=name]').focus();
    await page.keyboard.type('Night shift');
    await page.locator('[value="Main Homepage"]').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.dw-summary:focus');
    await look(page, 'role-refused');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.dw-tone-success:focus');
    assert.ok((await listRoles(world.ctx)).some((role) => role.name === 'Night shift'));
  });

  test('the secret of a credential fits a phone and is without barriers', async () => {
    await page.goto('/admin/api-credentials/new');
    await page.fill('[name=description]', 'Billing');
    await page.check('[value=every]');
    await page.click('main .dw-form button[type=submit]');
    await page.waitForSelector('#secret-secret');
    await look(page, 'credential-made');
  });
});

/** Something in every list: long names, addresses without spaces, ranges of both families. */
async function fillWith({ ctx, cast }: World): Promise<void> {
  const actor = systemActor('Test');
  const long = 'Wolfeschlegelsteinhausenbergerdorff'.repeat(5);
  const name = 'Accounts department with a rather long name that goes on and on';
  const roleId = await addRole(ctx, actor, { name, permissions: ['Main Homepage', 'My Account', 'List Invoices'] });
  const email = `${'maximiliana'.repeat(5)}@a-very-long-host-name-without-any-spaces.example.test`;
  const person = { username: 'maxine', firstName: 'Maximiliana', lastName: long, email, passwordHash: undefined };
  await addAdministrator(ctx, actor, { roleId, ...person });
  const role = await saveApiRole(ctx, actor, undefined, {
    name: 'Billing',
    description: long,
    actions: ['getclients'],
  });
  const credential = { everyAction: false, roleIds: [role], allowedAddresses: ['2001:db8::/48'], expiresAt: undefined };
  await addCredential(ctx, actor, { administratorId: cast.root.id, description: long, ...credential });
  await allowAddress(ctx, actor, { range: '2001:db8:1234:5678::/64', note: long });
  await banAddress(ctx, actor, { range: '2001:db8:ffff::/48', reason: long, expiresAt: undefined, source: 'manual' });
  await ctx.transaction((tx) => sendPasswordLink(tx, actor, cast.ada.id, 'asked'));
  const webhook = await addWebhook(ctx, actor, {
    url: `https://hooks.example.test/${'a-long-path-'.repeat(12)}`,
    description: 'The billing system of the whole group, and its reports',
    events: 'every',
  });
  await sendTest(ctx, actor, webhook.id);
}

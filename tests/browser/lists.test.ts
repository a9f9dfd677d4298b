// The lists of staff and the security log in a browser: narrow and wide, light and dark, without a barrier. That all of it
// works without a script is tried in tests/flows.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { systemActor } from '#domain/audit/actor.ts';
import { addClient } from '#domain/clients/client-creation.ts';
import { closeClient } from '#domain/clients/client-status.ts';
import { addGroup } from '#domain/clients/groups.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import type { Windows } from '#tests/browser/windows.ts';
import { signIn, windowsOn } from '#tests/browser/windows.ts';
import { browserMissing, look } from '#tests/browser.ts';
import type { World } from '#tests/world.ts';
import { profile, testWorld } from '#tests/world.ts';

describe('lists in a browser', { skip: browserMissing() }, () => {
  let world: World;
  let windows: Windows;
  let staff: Page;
  let customer: Page;

  before(async () => {
    world = await testWorld('sqlite');
    await filled();
    windows = await windowsOn(world);
    staff = await windows.open();
    await signIn(staff, 'root');
    customer = await windows.open();
    await signIn(customer, 'ada@example.test');
  });
  after(async () => {
    await windows?.close();
    await world.close();
  });

  async function filled(): Promise<void> {
    const { ctx } = world;
    const actor = systemActor('Test');
    await changeSettings(ctx, actor, { 'company-name': 'Northwind Hosting' });
    for (const [name, colour] of [
      ['Resellers', '#336699'],
      ['Schools and universities with a long name', '#aa5500'],
    ] as const)
      await addGroup(ctx, actor, {
        name,
        colour,
        discountPercent: '0.00',
        suspendExempt: false,
        separateInvoices: false,
      });
    for (let at = 0; at < 12; at += 1) {
      const given = profile({ firstName: 'Person', lastName: `Number ${at}`, email: `person${at}@example.test` });
      const id = await ctx.transaction((tx) => addClient(tx, actor, given));
      if (at === 3) await closeClient(ctx, actor, id);
    }
  }

  test('a filter is kept, several clients are ticked and changed, and the refused are named', async () => {
    await staff.goto('/admin/clients?q=person');
    await staff.click('text=Keep this filter');
    await staff.fill('[name=name]', 'Persons of all kinds');
    await staff.check('[name=shared]');
    await look(staff, 'lists-filter-new');
    await staff.click('main button[type=submit]');
    await staff.waitForSelector('text=The filter was kept.');
    for (const tick of await staff.locator('[name^=pick-]').all()) await tick.check();
    await look(staff, 'lists-clients');
    await staff.click('.dw-selection-end button');
    await staff.waitForSelector('text=Change 12 clients');
    await staff.selectOption('[name=act]', { label: 'Set the status to Inactive' });
    await look(staff, 'lists-bulk');
    await staff.click('main button[type=submit]');
    await staff.waitForSelector('text=Done');
    assert.match(await staff.innerText('main'), /Changed\s+11[\s\S]*Refused\s+1[\s\S]*closed already/);
    await look(staff, 'lists-bulk-done');
    await staff.goto('/admin/filters');
    await look(staff, 'lists-filters');
  });

  test('a list is downloaded', async () => {
    await staff.goto('/admin/clients/export?q=person');
    await look(staff, 'lists-export');
    const [download] = await Promise.all([staff.waitForEvent('download'), staff.click('main button[type=submit]')]);
    assert.match(download.suggestedFilename(), /^clients-.*\.csv$/);
    await staff.goto('/admin/users');
    await look(staff, 'lists-users');
    await staff.goto('/admin/log?user=root');
    await look(staff, 'lists-log');
  });

  test('a person finds their security log in their menu', async () => {
    await customer.goto('/user/profile');
    await customer.click('[data-menu=person] summary, summary:has-text("Ada")');
    await customer.click('text=Security log');
    await customer.waitForURL('**/user/activity');
    await look(customer, 'lists-activity');
  });
});

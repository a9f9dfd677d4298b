// Letter texts as staff meet them in a browser: written, looked at, kept, and read again by the customer.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { systemActor } from '#domain/audit/actor.ts';
import { addTemplate, saveText } from '#domain/mail/template-changes.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import type { Windows } from '#tests/browser/windows.ts';
import { windowsOn } from '#tests/browser/windows.ts';
import { browserMissing, look, overflow } from '#tests/browser.ts';
import type { World } from '#tests/world.ts';
import { PASSWORD, testWorld } from '#tests/world.ts';

const actor = systemActor('Test');
const BODY = `Dear {{ client_first_name }},

in June our offices are open from nine to five. {% if client_company_name != "" %}We look forward to seeing <b>{{ client_company_name }}</b>.{% endif %}

<h2>What is new</h2>
<ul><li>Backups every <i>hour</i></li><li>A second data centre: <a href="https://status.example.com/">its state</a></li></ul>
<blockquote>It has never been quicker.</blockquote>
<table><tr><td>Small</td><td>5 EUR</td></tr><tr><td>Large, with a name that goes on and on and on</td><td>50 EUR</td></tr></table>`;

describe('letter texts in a browser', { skip: browserMissing() }, () => {
  let world: World;
  let windows: Windows;
  let newsId: number;

  before(async () => {
    world = await testWorld('sqlite');
    await changeSettings(world.ctx, actor, { 'company-name': 'Northwind Hosting' });
    const words = {
      subject: 'News for {{ client_name }}',
      body: BODY,
      small: 'You are a client of {{ company_name }}.',
    };
    newsId = await addTemplate(world.ctx, actor, { name: 'Monthly News', type: 'general', ...words });
    windows = await windowsOn(world);
  });
  after(async () => {
    await windows?.close();
    await world.close();
  });

  const send = async (page: Page, name = 'main form.dw-form button[type=submit]:not([name])'): Promise<void> => {
    await page.click(name);
    await page.waitForLoadState();
  };

  test('staff write a text, see it, keep it, set it back, and send a letter', async () => {
    const page = await windows.open();
    await page.goto('/admin/login');
    await page.fill('[name=username]', 'root');
    await page.fill('[name=password]', PASSWORD);
    await send(page);
    await page.goto('/admin/letter-templates');
    await look(page, 'letters-list');
    await page.click('text=Password Reset Validation');
    await page.waitForURL(/\/letter-templates\/\d+\/en$/);
    await look(page, 'letters-editor');
    await page.fill('[name=body]', 'Hello {{ name }},\n\nno link here.');
    await send(page);
    assert.match((await page.textContent('[role=alert]')) ?? '', /does not hold its link/);
    await look(page, 'letters-refused');
    await page.fill('[name=body]', 'Hello {{ name }},\n\nopen this:\n\n{% button "Open the door" %}');
    await send(page, 'button[name=act]');
    assert.match((await page.textContent('.dw-letter')) ?? '', /Hello Robin Sample,open this:Open the door/);
    await send(page);
    assert.match((await page.textContent('main')) ?? '', /The text is saved/);
    await page.click('text=Set back');
    await page.waitForURL(/reset$/);
    await look(page, 'letters-reset');
    await send(page);
    await page.click('nav.dw-tabs >> text=Sending');
    await page.waitForURL(/\/letter-templates\/\d+$/);
    await look(page, 'letters-delivery');
    await page.goto(`/admin/letter-templates/${newsId}/en`);
    await look(page, 'letters-own');
    await page.goto('/admin/letter-templates/new');
    await look(page, 'letters-new');
    const client = `/admin/clients/${world.cast.ada.clientId}/letters`;
    await page.goto(client);
    await page.click('main >> text=Send a letter');
    await page.waitForURL(/letters\/new$/);
    await look(page, 'letters-choose');
    await page.click('text=Monthly News');
    await page.waitForURL(/template=\d+$/);
    await look(page, 'letters-send');
    await send(page);
    await page.waitForURL(new RegExp(`${client}$`));
    await page.goto(`${client}/new?template=own`);
    await look(page, 'letters-own-words');
    await page.goto('/admin/settings/mail');
    await look(page, 'letters-settings');
    await page.goto('/admin/roles/2');
    assert.equal(await overflow(page), 0);
    await page.context().close();
  });

  test('a text that can no longer be used is marked, and the customer reads what was sent', async () => {
    await saveText(world.ctx, actor, newsId, 'en', { subject: 'Old', body: 'x', small: '' });
    await world.ctx.db
      .updateTable('email_template_texts')
      .set({ fault: 'there is no field called gone here' })
      .execute();
    const staff = await windows.open();
    await staff.goto('/admin/login');
    await staff.fill('[name=username]', 'root');
    await staff.fill('[name=password]', PASSWORD);
    await send(staff);
    await staff.goto('/admin/letter-templates');
    await look(staff, 'letters-faulty-list');
    await staff.goto(`/admin/letter-templates/${newsId}/en`);
    await look(staff, 'letters-faulty');
    await staff.context().close();
    const page = await windows.open();
    await page.goto('/login');
    await page.fill('[name=email]', 'ada@example.test');
    await page.fill('[name=password]', PASSWORD);
    await send(page);
    await page.goto(`/account/${world.cast.ada.clientId}/emails`);
    await look(page, 'emails-list');
    await page.click('text=News for Ada Lovelace');
    await page.waitForURL(/emails\/\d+$/);
    assert.match((await page.textContent('.dw-letter')) ?? '', /seeing Analytical Engines Ltd\./);
    await look(page, 'emails-one');
    await page.context().close();
  });
});

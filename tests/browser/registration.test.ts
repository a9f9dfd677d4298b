// Opening an account in a browser: the form, the letter, the first sign-in; and the pages of staff around it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { systemActor } from '#domain/audit/actor.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { addGroup } from '#domain/clients/groups.ts';
import { addField } from '#domain/fields/custom-fields.ts';
import { banEmail, isRefused } from '#domain/guard/banned-emails.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { register } from '#domain/signup/registration.ts';
import { pageOfRegistrations, settleRegistrations } from '#domain/signup/registration-settling.ts';
import { seconds } from '#kit/duration.ts';
import type { Windows } from '#tests/browser/windows.ts';
import { windowsOn } from '#tests/browser/windows.ts';
import { browserMissing, look } from '#tests/browser.ts';
import type { World } from '#tests/world.ts';
import { PASSWORD, profile, testWorld } from '#tests/world.ts';

const actor = systemActor('Test');

describe('opening an account in a browser', { skip: browserMissing() }, () => {
  let world: World;
  let windows: Windows;
  before(async () => {
    world = await testWorld('sqlite');
    await changeSettings(world.ctx, actor, {
      'company-name': 'Northwind Hosting',
      'terms-address': 'https://northwind.test/terms',
      'email-verification': 'on',
      'email-verification-needed': 'before-login',
    });
    const field = { description: '', options: [], pattern: '', adminOnly: false, required: false, onInvoice: false };
    const ordered = { ...field, onOrderForm: true };
    await addField(world.ctx, actor, {
      ...ordered,
      name: 'How did you find us?',
      type: 'dropdown',
      options: ['A friend', 'A search'],
      required: true,
      position: 1,
    });
    await addField(world.ctx, actor, {
      ...ordered,
      name: 'Website',
      type: 'link',
      description: 'Where we can look at your work.',
      position: 2,
    });
    await addField(world.ctx, actor, { ...ordered, name: 'Phone password', type: 'password', position: 3 });
    windows = await windowsOn(world);
  });
  after(async () => {
    await windows?.close();
    await world.close();
  });

  const send = async (page: Page): Promise<void> => {
    await page.click('main form button[type=submit]:not([data-reveal])');
    await page.waitForLoadState();
  };
  const settled = async (): Promise<void> => {
    const received = world.ctx.db.selectFrom('registrations').select('id').where('state', '=', 'received');
    while ((await received.execute()).length > 0) await settleRegistrations(world.ctx);
  };

  test('Nora registers, confirms her address, and is in', async () => {
    const page = await windows.open();
    await page.goto('/login');
    await page.click('text=Open an account');
    await page.waitForURL('/register');
    await look(page, 'registration-form');
    world.clock.turn(seconds(5));
    const typed = profile({ firstName: 'Nora', lastName: 'Newman', companyName: '', email: 'nora@example.test' });
    for (const [name, value] of Object.entries({ ...typed, phoneNumber: '+44 20 7946 0000' })) {
      if (name === 'country') await page.selectOption('[name=country]', value);
      else await page.fill(`[name=${name}]`, value);
    }
    await page.fill('[name=password]', 'several words in a row');
    await page.evaluate('document.querySelector("main form").noValidate = true');
    await send(page);
    assert.match(await page.innerText('main'), /Please accept the terms/);
    assert.equal(await page.inputValue('[name=city]'), 'Sampletown', 'nothing typed is lost');
    await look(page, 'registration-errors');
    world.clock.turn(seconds(5));
    await page.fill('[name=password]', 'several words in a row');
    await page.selectOption('select[name^=custom-]', 'A friend');
    await page.check('[name=terms]');
    await send(page);
    await page.waitForURL('/register/sent');
    await look(page, 'registration-sent');
    await settled();
    await page.goto('/login');
    await page.fill('[name=email]', 'nora@example.test');
    await page.fill('[name=password]', 'several words in a row');
    await send(page);
    await page.waitForURL('/login/confirm');
    await look(page, 'registration-confirm');
    await page.goto(new URL((await world.letterTo('nora@example.test')).link).pathname);
    await look(page, 'registration-verify');
    await page.fill('[name=email]', 'nora@example.test');
    await page.fill('[name=password]', 'several words in a row');
    await send(page);
    await page.waitForURL(/\/account\/\d+$/);
    assert.match(await page.innerText('main'), /Your e-mail address is confirmed/);
    await page.goto(`${page.url()}/details`);
    await look(page, 'registration-details');
    await page.goto('/account/new');
    await look(page, 'registration-further');
    await page.context().close();
  });

  test('somebody who has not confirmed is asked on every page', async () => {
    await changeSettings(world.ctx, actor, { 'email-verification-needed': 'never' });
    world.clock.turn(seconds(2));
    const page = await windows.open();
    await page.goto('/login');
    await page.fill('[name=email]', 'ada@example.test');
    await page.fill('[name=password]', PASSWORD);
    await send(page);
    await page.waitForURL(/\/account\/\d+$/);
    await look(page, 'registration-banner');
    await page.click('text=Send it again');
    await page.waitForURL('/user/confirmation');
    assert.match(await page.innerText('main'), /on its way/);
    await look(page, 'registration-own-address');
    await page.context().close();
  });

  test('the pages of staff have no barrier and nothing that scrolls sideways', async () => {
    const { ctx, cast } = world;
    const gold = await addGroup(ctx, actor, {
      name: 'Gold partners',
      colour: '#ffcc00',
      discountPercent: '12.5',
      suspendExempt: true,
      separateInvoices: false,
    });
    await addGroup(ctx, actor, {
      name: 'Staff and friends',
      colour: '#ffffff',
      discountPercent: '0',
      suspendExempt: false,
      separateInvoices: true,
    });
    await changeClient(ctx, actor, cast.ada.clientId, { groupId: gold });
    const ban = await banEmail(ctx, actor, { pattern: 'spam.test', note: 'A flood in May' });
    await banEmail(ctx, actor, { pattern: 'somebody.with.a.long.name@a-rather-long-domain.example.test', note: '' });
    for (let at = 0; at < 3; at += 1) await isRefused(ctx, 'x@mail.spam.test');
    await changeSettings(ctx, actor, { 'registration-approval': 'all' });
    for (const name of ['quill', 'rosa']) {
      const form = { language: '', currencyId: undefined, marketingOptIn: false, acceptsTerms: true };
      await register(
        ctx,
        {
          ...form,
          profile: profile({ firstName: name, companyName: '', email: `${name}@example.test` }),
          fields: new Map([
            [1, 'A friend'],
            [3, 'secret'],
          ]),
          password: 'several words in a row',
        },
        '192.0.2.7',
      );
    }
    await settled();
    const [waiting] = (await pageOfRegistrations(ctx, {}, 5)).rows;
    const page = await windows.open();
    await page.goto('/admin/login');
    await page.fill('[name=username]', 'root');
    await page.fill('[name=password]', PASSWORD);
    await send(page);
    for (const [name, path] of [
      ['fields', '/admin/fields'],
      ['field-new', '/admin/fields/new'],
      ['field-removal', '/admin/fields/1/removal'],
      ['groups', '/admin/groups'],
      ['group', `/admin/groups/${gold}`],
      ['currencies', '/admin/currencies'],
      ['currency-new', '/admin/currencies/new'],
      ['currency', '/admin/currencies/1'],
      ['banned', '/admin/banned-emails'],
      ['banned-new', '/admin/banned-emails/new'],
      ['banned-removal', `/admin/banned-emails/${ban}/removal`],
      ['queue', '/admin/registrations'],
      ['queue-one', `/admin/registrations/${waiting?.id}`],
      ['queue-refusal', `/admin/registrations/${waiting?.id}/refusal`],
      ['client', `/admin/clients/${cast.ada.clientId}`],
      ['client-secret', `/admin/clients/${cast.ada.clientId}/fields/3`],
      ['user-verification', `/admin/users/${cast.eve.id}/verification`],
      ['settings', '/admin/settings/people'],
    ] as const) {
      await page.goto(path);
      await look(page, `registration-admin-${name}`);
    }
    await page.context().close();
  });
});

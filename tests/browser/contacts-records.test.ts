// Contacts and records in a browser: narrow and wide, light and dark, without a barrier; a file goes up and comes down again.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { addAlert } from '#domain/alerts/alerts.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { changeConsent } from '#domain/consent/consent.ts';
import { unsubscribeToken } from '#domain/consent/unsubscribing.ts';
import { addContact, chooseBillingContact, NO_LETTERS } from '#domain/contacts/contacts.ts';
import { changeCredit } from '#domain/credit/credit.ts';
import { addFile } from '#domain/files/files.ts';
import { addNote } from '#domain/notes/notes.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import type { Windows } from '#tests/browser/windows.ts';
import { signIn, windowsOn } from '#tests/browser/windows.ts';
import { browserMissing, look } from '#tests/browser.ts';
import type { World } from '#tests/world.ts';
import { testWorld } from '#tests/world.ts';

const LONG = 'accounts-payable-and-receivable-of-the-international-holding@a-very-long-host-name.example.test';

describe('contacts and records in a browser', { skip: browserMissing() }, () => {
  let world: World;
  let windows: Windows;
  let customer: Page;
  let staff: Page;
  let home: string;
  let file: string;
  let ids: { contact: number; note: number; file: number };

  before(async () => {
    world = await testWorld('sqlite');
    ids = await filled();
    windows = await windowsOn(world);
    home = `/account/${world.cast.ada.clientId}`;
    file = `/admin/clients/${world.cast.ada.clientId}`;
    customer = await windows.open();
    await signIn(customer, 'ada@example.test');
    staff = await windows.open();
    await signIn(staff, 'root');
  });
  after(async () => {
    await windows?.close();
    await world.close();
  });

  /** A client with a little of everything, long names among it. */
  async function filled(): Promise<typeof ids> {
    const { ctx, cast } = world;
    const { clientId } = cast.ada;
    const root = { kind: 'administrator', administratorId: cast.root.id, name: 'root', ip: '10.0.0.1' } as const;
    await changeSettings(ctx, systemActor('Test'), { 'company-name': 'Northwind Hosting' });
    const contact = await addContact(ctx, root, clientId, {
      firstName: 'Robin',
      lastName: 'Sample',
      companyName: 'Sample & Daughters International Bookkeeping GmbH & Co. KGaA',
      email: LONG,
      phoneNumber: '+44 20 7946 0001',
      emailPreferences: { ...NO_LETTERS, invoice: true, support: true },
    });
    await addContact(ctx, root, clientId, { firstName: 'Kim', lastName: 'Short', email: 'kim@example.test' });
    await chooseBillingContact(ctx, root, clientId, contact);
    await addNote(ctx, root, clientId, { body: 'Prefers to be called in the morning.', isSticky: false });
    const note = await addNote(ctx, root, clientId, {
      body: 'Owes an answer about the contract.\nAsk before changing the billing address.',
      isSticky: true,
    });
    await changeCredit(ctx, root, clientId, {
      type: 'add',
      amountMinor: 125_000,
      description: 'Goodwill after the outage',
    });
    await changeCredit(ctx, root, clientId, { type: 'remove', amountMinor: 2450, description: 'Invoice 2026-117' });
    const kept = await addFile(ctx, root, clientId, {
      upload: { filename: 'Contract 2026.txt', bytes: Buffer.from('Signed by both.\n') },
      title: 'Contract for the year 2026, with its annexes',
      adminOnly: false,
    });
    await addFile(ctx, root, clientId, {
      upload: { filename: 'assessment.csv', bytes: Buffer.from('risk;low\n') },
      title: 'Credit assessment',
      adminOnly: true,
    });
    await addAlert(ctx, root, clientId, { text: 'Your card runs out this month.', tone: 'warning', link: '/account' });
    await changeClient(
      ctx,
      { kind: 'user', userId: cast.ada.id, name: 'ada@example.test', ip: '192.0.2.1' },
      clientId,
      {
        marketingOptIn: true,
      },
    );
    await changeConsent(ctx, root, clientId, false, { source: 'staff', reason: 'Asked by phone on 3 May' });
    return { contact, note, file: kept };
  }

  test('the pages of customers have no barrier and nothing that scrolls sideways', async () => {
    for (const [name, address] of [
      ['home', home],
      ['contacts', `${home}/contacts`],
      ['contacts-new', `${home}/contacts/new`],
      ['contact', `${home}/contacts/${ids.contact}`],
      ['contact-removal', `${home}/contacts/${ids.contact}/removal`],
      ['email-preferences', `${home}/email-preferences`],
      ['files', `${home}/files`],
    ] as const) {
      await customer.goto(address);
      await look(customer, `records-client-${name}`);
    }
    await customer.goto(`${home}/contacts/new`);
    await customer.click('main button[type=submit]');
    await customer.waitForLoadState();
    assert.equal(await customer.evaluate('document.activeElement.getAttribute("role")'), 'alert');
    await look(customer, 'records-client-contacts-wrong');
    await customer.goto(`${home}/email-preferences`);
    await customer.uncheck('[name=emailPreferences][value=domain]');
    await customer.click('main button[type=submit]');
    await customer.waitForLoadState();
    await look(customer, 'records-client-preferences-refused');
  });

  test('the pages of staff have none either', async () => {
    for (const [name, address] of [
      ['summary', file],
      ['contacts', `${file}/contacts`],
      ['contact', `${file}/contacts/${ids.contact}`],
      ['notes', `${file}/notes`],
      ['note', `${file}/notes/${ids.note}`],
      ['note-removal', `${file}/notes/${ids.note}/removal`],
      ['files', `${file}/files`],
      ['files-new', `${file}/files/new`],
      ['file', `${file}/files/${ids.file}`],
      ['credit', `${file}/credit`],
      ['credit-addition', `${file}/credit/addition`],
      ['credit-removal', `${file}/credit/removal`],
      ['credit-log', '/admin/credit-log'],
      ['consent', `${file}/consent`],
      ['consent-change', `${file}/consent/change`],
      ['alerts', `${file}/alerts`],
      ['alerts-new', `${file}/alerts/new`],
    ] as const) {
      await staff.goto(address);
      await look(staff, `records-admin-${name}`);
    }
  });

  test('the pages for ending news have none, and work for a stranger', async () => {
    const page = await windows.open();
    const token = unsubscribeToken(world.ctx, world.cast.ada.clientId, 'ada@example.test');
    await page.goto(`/unsubscribe/${token}`);
    await look(page, 'records-unsubscribe');
    await page.click('main button[type=submit]');
    await page.waitForSelector('text=You get no more news and offers');
    await look(page, 'records-unsubscribe-done');
    await page.goto('/unsubscribe/broken');
    await look(page, 'records-unsubscribe-unknown');
    await page.goto('/unsubscribe');
    await look(page, 'records-unsubscribe-ask');
    await page.context().close();
  });

  test('staff upload a file and share it; the customer saves it, and it is whole', async () => {
    const bytes = Buffer.from('%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n'.padEnd(700_000, '\n'));
    await staff.goto(`${file}/files/new`);
    await staff.fill('[name=title]', 'Report');
    await staff.check('[name=shared]');
    await staff.setInputFiles('[name=file]', { name: 'Bericht März.pdf', mimeType: 'application/pdf', buffer: bytes });
    await staff.click('main button[type=submit]');
    await staff.waitForSelector('text=the customer sees it');
    await customer.goto(`${home}/files`);
    const [download] = await Promise.all([
      customer.waitForEvent('download'),
      customer.click('main a:has-text("Report")'),
    ]);
    assert.equal(download.suggestedFilename(), 'Bericht März.pdf');
    assert.ok((await readFile(await download.path())).equals(bytes));
    await staff.goto(`${file}/files/new`);
    await staff.setInputFiles('[name=file]', {
      name: 'photo.png',
      mimeType: 'image/png',
      buffer: Buffer.from('<!doctype html><script>document.title="run"</script>'),
    });
    await staff.click('main button[type=submit]');
    await staff.waitForLoadState();
    await look(staff, 'records-admin-files-refused');
    assert.match((await staff.textContent('main')) ?? '', /not what the end of its name says/);
  });

  test('a file far too large is refused with words, not with a broken connection', async () => {
    await staff.goto(`${file}/files/new`);
    const huge = Buffer.alloc(14 * 1024 * 1024, 'a');
    await staff.setInputFiles('[name=file]', { name: 'huge.txt', mimeType: 'text/plain', buffer: huge });
    await staff.click('main button[type=submit]');
    await staff.waitForSelector('text=10 MiB is the most');
  });
});

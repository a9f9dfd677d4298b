// Delegated staff: every page of clients and users, seen and posted to by every role that lacks its permission, and the
// whole admin area posted to by somebody who may only look (authentik CVE-2026-25227).

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Permission } from '#domain/administrators/permissions.ts';
import { PERMISSIONS } from '#domain/administrators/permissions.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { findPages } from '#src/app.ts';
import { addRecords, linkOwner } from '#tests/records.ts';
import { addressFor, isAboutOwnThing, peoplePages, signedIn, staffWith, stateOf, tokenOf } from '#tests/staff.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';
import type { FoundPage } from '#web/front/found-pages.ts';

const pages = await peoplePages();
const asked = (page: FoundPage): Permission | 'any' => page.page.who.permission;
/** Every permission that a page asks for: one, or none, or two. */
const needs = ({ page: { who } }: FoundPage): Permission[] =>
  [who.permission, who.also].filter((one) => one && one !== 'any');
const permissions = [...new Set(pages.flatMap(needs))];
const LOOKING = PERMISSIONS.filter((one) => /^(?:View|List) |^Main Homepage$|^My Account$/.test(one));

onBothDatabases('staff with a limited role', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
    await addRecords(world, world.cast.ada.clientId);
    await linkOwner(world, world.cast.ada.clientId);
  });
  after(() => world.close());

  const statusOf = async (browser: TestBrowser, page: FoundPage) =>
    (await browser.get(addressFor(world, page.address))).statusCode;
  const postedTo = async (browser: TestBrowser, page: FoundPage, csrf: string) =>
    browser.postRaw(addressFor(world, page.address), { csrf, ...EVERY_FIELD }, { 'sec-fetch-site': 'same-origin' });

  test('the pages ask for the permissions that the documentation names', () => {
    assert.deepEqual([...permissions].sort(), [
      'Add New Client',
      'Add/Edit Client Notes',
      'Allow Login as Owner',
      'Close Clients',
      'Delete Client',
      'Delete Client Notes',
      'Delete Users',
      'Edit Clients Details',
      'List Clients',
      'List Users',
      'Manage Clients Files',
      'Manage Credits',
      'Manage Users',
      'Mass Data Export',
      'Mass Mail',
      'Merge Clients',
      'Reset User Credentials',
      'Verify Identity',
      'View Activity Log',
      'View Clients Notes',
      'View Clients Summary',
      'View Credit Log',
      'View Email Message Log',
    ]);
    assert.ok(pages.length > 20);
    for (const { page, file } of pages) assert.ok(asked({ page } as FoundPage) !== 'any' || !page.post, file);
  });

  for (const held of permissions) {
    test(`who holds ${held} alone sees those pages and no other`, async () => {
      const browser = await staffWith(world, [held]);
      for (const page of pages.filter((one) => one.page.get)) {
        const found = isAboutOwnThing(page) ? 404 : 200;
        const expected = needs(page).every((one) => one === held) ? found : 403;
        assert.equal(await statusOf(browser, page), expected, `${page.address} with ${held}`);
      }
    });

    test(`who holds everything but ${held} is refused by its pages, and posts to them in vain`, async () => {
      const browser = await staffWith(
        world,
        PERMISSIONS.filter((one) => one !== held),
      );
      const csrf = await tokenOf(browser);
      const before = await stateOf(world);
      for (const page of pages.filter((one) => one.page.get && needs(one).includes(held)))
        assert.equal(await statusOf(browser, page), 403, page.address);
      for (const page of pages.filter((one) => one.page.post && needs(one).includes(held))) {
        assert.equal((await postedTo(browser, page, csrf)).statusCode, 403, page.address);
        assert.deepEqual(await stateOf(world), before, page.address);
      }
    });
  }

  test('a refusal names the permission and the role, and shows nothing of the page', async () => {
    const sam = await signedIn(world, 'sam');
    const answer = await sam.get(addressFor(world, '/admin/clients/:id/profile'));
    assert.equal(answer.statusCode, 403);
    assert.match(answer.body, /Edit Clients Details/);
    assert.match(answer.body, /Support Operator/);
    assert.doesNotMatch(answer.body, /Analytical/);
  });

  test('sam, who supports, is shown no button that leads to a refusal', async () => {
    const sam = await signedIn(world, 'sam');
    const seen = new Set<string>();
    for (const page of pages.filter((one) => one.page.get)) {
      const answer = await sam.get(addressFor(world, page.address));
      if (answer.statusCode !== 200) continue;
      for (const [, href = ''] of answer.body.matchAll(/href="(\/admin\/(?:clients|users)[^"#]*)"/g)) seen.add(href);
    }
    assert.ok(seen.size > 10);
    for (const href of seen) assert.equal((await sam.get(href.replaceAll('&amp;', '&'))).statusCode, 200, href);
  });

  test('who may only look is refused by every page of the admin area that writes, and nothing changes', async () => {
    await (await signedIn(world, 'root')).post(`/admin/users/${world.cast.ada.id}/password-letter`);
    const letter = (await letterHistory(world.ctx, { userId: world.cast.ada.id }, { limit: 1 }))[0]?.id;
    const browser = await staffWith(world, LOOKING);
    const csrf = await tokenOf(browser);
    const writing = (await findPages()).filter(({ room, page }) => room === 'admin' && page.post);
    assert.ok(writing.length > 15);
    const before = await stateOf(world);
    for (const page of writing.filter((one) => !isOwn(one))) {
      const answer = await postedTo(
        browser,
        { ...page, address: filled(world, page.address.replace('/letters/:id', `/letters/${letter}`)) },
        csrf,
      );
      assert.equal(answer.statusCode, 403, page.address);
      assert.deepEqual(await stateOf(world), before, page.address);
    }
  });
});

/** Pages about oneself: whoever is signed in may change their own password, and what only they see. */
function isOwn(found: FoundPage): boolean {
  const { address, page } = found;
  if (isAboutOwnThing(found) || address.startsWith('/admin/filters')) return true;
  return address.startsWith('/admin/account') && ['any', 'My Account'].includes(page.who.permission);
}

function filled(world: World, address: string): string {
  return addressFor(world, address).replaceAll(/:\w+/g, '1');
}

/** Enough of every form that a post which got through would do something. */
const EVERY_FIELD = {
  firstName: 'Changed',
  lastName: 'Changed',
  companyName: 'Changed',
  email: 'changed@example.test',
  address1: 'Changed',
  city: 'Changed',
  state: 'Changed',
  postcode: 'AB1 2CD',
  country: 'GB',
  phoneNumber: '+442079460000',
  status: 'Inactive',
  groupId: '0',
  currency: '1',
  language: '',
  owner: 'new',
  welcome: '1',
  lenient: '1',
  password: 'nine paper boats drifting',
  permissions: ['orders'],
  emailPreferences: ['domain'],
  confirm: 'Analytical Engines Ltd',
  withUsers: '1',
  switch: 'tax-exempt',
  to: 'on',
  name: 'Changed',
  description: 'Changed',
  username: 'changed',
  roleId: '1',
};

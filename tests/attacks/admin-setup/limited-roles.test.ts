// The set-up pages against every role: each permission alone opens its pages and no other; all the others together do not.
// A stranger is sent to the sign-in, and a customer who is signed in is a stranger here.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addCredential, saveApiRole } from '#domain/administrators/api-credentials.ts';
import type { Permission } from '#domain/administrators/permissions.ts';
import { PERMISSIONS } from '#domain/administrators/permissions.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { banAddress } from '#domain/guard/bans.ts';
import { findPages } from '#src/app.ts';
import { addSignInRecords } from '#tests/sign-in-records.ts';
import { leadsTo, staffWith, stateOf, tokenOf } from '#tests/staff.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';
import type { FoundPage } from '#web/front/found-pages.ts';

const OURS =
  /^src\/web\/admin\/(?:administrators|roles|api-credentials|api-roles|allowed-addresses|bans|destinations|settings|letters|log|account|sign-in-providers|security-questions|recoveries)(?:\.ts|\/)/;
const pages = (await findPages()).filter(({ file }) => OURS.test(file));
const asked = ({ page }: FoundPage): Permission | 'any' => page.who.permission;
/** Pages about one thing of one's own: without the thing there is none. And one that is posted to alone. */
const isOwnThing = ({ address }: FoundPage): boolean =>
  address.endsWith('/sign-in-providers/:id/test') || /^\/admin\/account\/(?:.*:|security\/.*\/)/.test(address);
const permissions = [...new Set(pages.map(asked))].filter((one) => one !== 'any');

onBothDatabases('the set-up pages and limited roles', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
    const actor = systemActor('Test');
    await saveApiRole(world.ctx, actor, undefined, { name: 'R', description: '', actions: ['getclients'] });
    const credential = { description: '', roleIds: [], everyAction: true, allowedAddresses: [], expiresAt: undefined };
    await addCredential(world.ctx, actor, { administratorId: world.cast.sam.id, ...credential });
    await banAddress(world.ctx, actor, { range: '192.0.2.1', reason: '', expiresAt: undefined, source: 'manual' });
    await addSignInRecords(world, 'Text');
    const browser = await staffWith(world, ['List Users', 'Manage Users', 'Reset User Credentials']);
    await browser.post(`/admin/users/${world.cast.ada.id}/password-letter`);
  });
  after(() => world.close());

  const path = ({ address }: FoundPage): string =>
    address
      .replace(':area', 'general')
      .replace(':name', 'clientarea%3Aemails')
      .replace('/administrators/:id', `/administrators/${world.cast.sam.id}`)
      .replace('/roles/:id', '/roles/2')
      .replaceAll(/:\w+/g, '1');
  const post = (browser: TestBrowser, page: FoundPage, csrf: string) =>
    browser.postRaw(path(page), { csrf, ...EVERY_FIELD }, { 'sec-fetch-site': 'same-origin' });

  test('there are pages for each of these permissions, and only pages about oneself ask for none', () => {
    assert.deepEqual([...permissions].sort(), [
      'Add Banned IP',
      'Configure Admin Roles',
      'Configure Administrators',
      'Configure General Settings',
      'Configure Security Questions',
      'Configure Sign-In Integrations',
      'Manage API Credentials',
      'Manage Mail Queue',
      'My Account',
      'Reset User Credentials',
      'Unban Banned IP',
      'View Activity Log',
      'View Banned IPs',
      'View Email Message Log',
    ]);
    assert.ok(pages.length > 30, `${pages.length}`);
    for (const { address } of pages.filter((one) => asked(one) === 'any'))
      assert.match(address, /^\/admin\/account\/(?:password|sessions|security)(?:\/|$)/);
  });

  for (const held of permissions) {
    test(`who holds ${held} alone sees those pages and no other`, async () => {
      const browser = await staffWith(world, [held]);
      for (const page of pages.filter((one) => one.page.get)) {
        const isOpen = [held, 'any'].includes(asked(page));
        const { statusCode } = await browser.get(path(page));
        if (isOpen && isOwnThing(page)) assert.notEqual(statusCode, 403, path(page));
        else assert.equal(statusCode, isOpen ? 200 : 403, `${path(page)} with ${held}`);
      }
    });

    test(`who holds everything but ${held} is refused by its pages, and posts to them in vain`, async () => {
      const browser = await staffWith(
        world,
        PERMISSIONS.filter((one) => one !== held),
      );
      const csrf = await tokenOf(browser, '/admin/account/sessions');
      const before = await stateOf(world);
      for (const page of pages.filter((one) => asked(one) === held)) {
        if (page.page.get) assert.equal((await browser.get(path(page))).statusCode, 403, path(page));
        if (page.page.post) assert.equal((await post(browser, page, csrf)).statusCode, 403, path(page));
        assert.deepEqual(await stateOf(world), before, path(page));
      }
    });
  }

  test('strangers and customers are sent to the sign-in of staff, whatever they post', async () => {
    const ada = world.browser();
    await ada.signIn('ada@example.test');
    const adasToken = await tokenOf(ada, '/user/profile');
    const before = await stateOf(world);
    for (const page of pages) {
      for (const [browser, csrf] of [
        [world.browser(), ''],
        [ada, adasToken],
      ] as const) {
        if (page.page.get) assert.match(leadsTo(await browser.get(path(page))), /^\/admin\/login\?goto=/);
        if (page.page.post) assert.match(leadsTo(await post(browser, page, csrf)), /^\/admin\/login/);
      }
    }
    assert.deepEqual(await stateOf(world), before);
  });

  test('a post without the token of this browser’s forms is refused by every page, and nothing changes', async () => {
    const browser = await staffWith(world, PERMISSIONS);
    const foreign = await tokenOf(await staffWith(world, PERMISSIONS), '/admin/account/sessions');
    const before = await stateOf(world);
    for (const page of pages.filter((one) => one.page.post)) {
      for (const csrf of ['', 'x', foreign]) {
        const looked = page.page.get ? (await browser.get(path(page))).statusCode : 0;
        const refused = looked === 303 ? 303 : 403; // a page that has nothing to ask just now leads elsewhere
        assert.equal((await post(browser, page, csrf)).statusCode, refused, path(page));
        assert.deepEqual(await stateOf(world), before, path(page));
      }
    }
  });
});

/** Enough of every form that a post which got through would do something. */
const EVERY_FIELD = {
  name: 'Changed',
  permissions: ['Main Homepage'],
  actions: ['getclients'],
  firstName: 'Changed',
  lastName: 'Changed',
  email: 'changed@example.test',
  username: 'changed',
  role: '2',
  how: 'letter',
  description: 'Changed',
  administrator: '2',
  reach: 'every',
  act: 'add',
  range: '203.0.113.0/24',
  lasts: 'good',
  address: 'https://changed.example.test/',
  'company-name': 'Changed',
  current: 'correct horse battery staple',
  password: 'nine paper boats drifting',
  session: 'others',
};

// Forged posts: another site makes the browser of whoever is signed in post to us. Every page that takes a post is tried.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findPages } from '#src/app.ts';
import { addressFor, signedIn, stateOf, tokenOf } from '#tests/staff.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const posting = (await findPages()).filter(
  ({ page, room }) => page.post && !page.acceptsForeignPosts && room !== 'entrance',
);

onBothDatabases('forged posts', (database) => {
  let world: World;
  let root: TestBrowser;
  let ada: TestBrowser;
  before(async () => {
    world = await testWorld(database);
    root = await signedIn(world, 'root');
    ada = world.browser();
    await ada.signIn('ada@example.test');
  });
  after(() => world.close());

  const FIELDS = {
    confirm: 'Analytical Engines Ltd',
    switch: 'tax-exempt',
    to: 'on',
    session: 'others',
    current: 'correct horse battery staple',
    password: 'nine paper boats drifting',
    permissions: 'orders',
    firstName: 'Changed',
    lastName: 'Changed',
    email: 'changed@example.test',
  };

  test('there are posts to try in both rooms', () => {
    assert.ok(posting.filter(({ room }) => room === 'admin').length > 15);
    assert.ok(posting.filter(({ room }) => room === 'client').length > 2);
  });

  for (const { address, room } of posting) {
    test(`a post to ${address} without our token, or from another site, changes nothing`, async () => {
      const browser = room === 'admin' ? root : ada;
      const csrf = await tokenOf(browser, room === 'admin' ? '/admin' : '/user/profile');
      assert.ok(csrf.length > 20);
      const path = addressFor(world, address)
        .replace(':client', String(world.cast.ada.clientId))
        .replaceAll(/:\w+/g, '1');
      const before = await stateOf(world);
      const looked = (await browser.get(path)).statusCode;
      for (const [fields, headers] of [
        [FIELDS, {}],
        [FIELDS, { 'sec-fetch-site': 'same-origin' }],
        [{ ...FIELDS, csrf: '' }, {}],
        [{ ...FIELDS, csrf: 'x'.repeat(csrf.length) }, {}],
        [{ ...FIELDS, csrf }, { 'sec-fetch-site': 'cross-site' }],
        [{ ...FIELDS, csrf }, { 'sec-fetch-site': 'same-site' }],
        [{ ...FIELDS, csrf }, { origin: 'https://evil.example' }],
      ] as const) {
        const answer = await browser.postRaw(path, fields, headers);
        // A page that has nothing to ask just now leads elsewhere, posted to or not.
        assert.ok(
          [403, 404, looked === 303 ? 303 : 403].includes(answer.statusCode),
          `${answer.statusCode} ${JSON.stringify(headers)}`,
        );
      }
      assert.deepEqual(await stateOf(world), before);
    });
  }

  test('the token of one administrator is worth nothing in the browser of another', async () => {
    const csrf = await tokenOf(await signedIn(world, 'sam'));
    const before = await stateOf(world);
    const path = addressFor(world, '/admin/clients/:id/close');
    assert.equal((await root.postRaw(path, { csrf }, { 'sec-fetch-site': 'same-origin' })).statusCode, 403);
    assert.deepEqual(await stateOf(world), before);
  });
});

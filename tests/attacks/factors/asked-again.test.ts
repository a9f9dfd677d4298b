// A cookie that was stolen, or a browser left open: whatever concerns signing in, ownership, credentials and settings asks again
// who this is (ASVS 5.0 V7.5.1, V7.5.3), on a look and on a post, and by whatever form was opened long before.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { minutes } from '#kit/duration.ts';
import { findPages } from '#src/app.ts';
import { addressFor, leadsTo, signedIn, stateOf, tokenOf } from '#tests/staff.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

/** Where a page that writes must ask again. */
const SENSITIVE = [
  /^\/user\/(?:email|password|export|deletion|security-question|support-pin)$/,
  /^\/user\/security\/(?:app|passkeys|backup-codes|duo|linked-accounts)(?:\/|$)/,
  /^\/account\/:client\/(?:ownership|single-sign-on|users\/second-factor|users\/:user\/recovery)/,
  /^\/admin\/account(?:$|\/password$|\/security\/(?:app|passkeys|backup-codes|duo|linked-accounts)(?:\/|$))/,
  /^\/admin\/(?:settings|administrators|roles|api-credentials|api-roles|sign-in-providers|recoveries)(?:\/|$)/,
  /^\/admin\/users\/:id\/(?:password|profile|second-factors?|security-question)$/,
  /^\/admin\/clients\/:id\/(?:ownership|acting)$/,
  /^\/admin\/webhooks\/(?:new|:id|:id\/secret)$/,
];
const pages = (await findPages()).filter(({ room }) => room !== 'entrance');
const asking = pages.filter(({ page }) => page.stepUp);

test('every page that writes about these asks again', () => {
  const writing = pages.filter(({ page }) => page.post);
  for (const pattern of SENSITIVE)
    assert.ok(
      writing.some(({ address }) => pattern.test(address)),
      String(pattern),
    );
  const forgotten = writing.filter(({ address, page }) => SENSITIVE.some((one) => one.test(address)) && !page.stepUp);
  assert.deepEqual(
    forgotten.map(({ address }) => address),
    [],
  );
});

onBothDatabases('asked again', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  test('half an hour after the sign-in none of them shows or does anything, whatever form was kept', async () => {
    const root = await signedIn(world, 'root');
    const ada = world.browser();
    await ada.signIn(world.cast.ada.email);
    const tokens = new Map<TestBrowser, string>([
      [root, await tokenOf(root)],
      [ada, await tokenOf(ada, '/user/profile')],
    ]);
    world.clock.turn(minutes(31));
    const state = await stateOf(world);
    for (const { address, page, room } of asking) {
      const browser = room === 'admin' ? root : ada;
      const path = addressFor(world, address)
        .replace(':client', String(world.cast.ada.clientId))
        .replaceAll(/:\w+/g, '1');
      const asks = new RegExp(`^/${room === 'admin' ? 'admin' : 'user'}/confirm-identity\\?goto=`);
      if (page.get) assert.match(leadsTo(await browser.get(path)), asks, path);
      if (!page.post) continue;
      const fields = {
        csrf: tokens.get(browser) ?? '',
        email: 'thief@example.test',
        password: 'nine paper boats drifting',
      };
      const posted = await browser.postRaw(path, fields, { 'sec-fetch-site': 'same-origin' });
      assert.match(leadsTo(posted), asks, path);
    }
    assert.deepEqual(await stateOf(world), state);
  });
});

// A sign-in with another site that waits for its second step while that site is no longer believed.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { changeProvider, removeProvider } from '#domain/login/federation/providers.ts';
import { proveAddress } from '#domain/users/users.ts';
import { comparable } from '#kit/text.ts';
import { giveApp } from '#tests/factors.ts';
import type { MadeUp } from '#tests/sign-in-providers.ts';
import { allowLoopback, begin, madeUpProvider, offer, sentTo, wish } from '#tests/sign-in-providers.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');

onBothDatabases('a sign-in with others, halfway', (database) => {
  let world: World;
  let site: MadeUp;
  let siteId: number;
  before(async () => {
    world = await testWorld(database, { start: Date.now() }); // the library reads the real clock
    site = await madeUpProvider({ sub: 'ada-1', email: 'ada@example.test', email_verified: true, name: 'Ada There' });
    await allowLoopback(world);
    siteId = await offer(world, 'openid', 'site', { issuer: site.issuer });
    await proveAddress(world.ctx, SYSTEM, world.cast.ada.id, comparable(world.cast.ada.email));
  });
  after(async () => {
    await world.close();
    await site.close();
  });

  const isIn = async (browser: TestBrowser) => (await browser.get('/user/profile')).statusCode === 200;

  test('the site is switched off, closed to customers, or removed before the second factor: nobody gets in', async () => {
    const { ctx, cast } = world;
    const linking = world.browser();
    await linking.get(site.answerTo(await begin(linking, 'site')));
    await linking.signIn(cast.ada.email);
    await linking.post('/user/security/linked-accounts/confirm');
    const app = await giveApp(world, { kind: 'user', id: cast.ada.id });
    const halfIn = async () => {
      const browser = world.browser();
      assert.equal(sentTo(await browser.get(site.answerTo(await begin(browser, 'site')))).pathname, '/login/code');
      return browser;
    };
    const now = wish({ issuer: site.issuer });
    const over = [
      () => changeProvider(ctx, SYSTEM, siteId, { ...now, enabled: false }),
      () => changeProvider(ctx, SYSTEM, siteId, { ...now, forUsers: false }),
      () => removeProvider(ctx, SYSTEM, siteId),
    ];
    for (const happens of over) {
      const browser = await halfIn();
      await happens();
      await browser.post('/login/code', { code: await app.next() });
      assert.equal(await isIn(browser), false, String(happens));
      if (happens !== over[2]) await changeProvider(ctx, SYSTEM, siteId, now);
    }
  });
});

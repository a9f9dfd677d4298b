// A sign-in with another site that waits for its second step while that site is no longer believed.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { signInAs } from '#domain/login/federation/federated-sign-in.ts';
import { insertIdentity } from '#domain/login/federation/identities.table.ts';
import { linkedIdentitiesOf, unlinkByStaff } from '#domain/login/federation/linked-accounts.ts';
import { changeProvider, listProviders, removeProvider } from '#domain/login/federation/providers.ts';
import { signIn } from '#domain/login/sign-in.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
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

  test('the account elsewhere is taken away the moment before the session opens: none does', async () => {
    const { ctx, cast } = world;
    const provider = await offer(world, 'openid', 'late', { issuer: site.issuer });
    const told = { issuer: site.issuer, subject: 'ben-1', email: 'ben@elsewhere.test' };
    const row = { ...told, side: 'user', user_id: cast.ben.id, administrator_id: null } as const;
    const at = { linked_at: ctx.now(), last_used_at: null };
    assert.ok(await insertIdentity(ctx, { ...row, ...at, provider_id: provider }));
    const found = (await listProviders(ctx)).find(({ id }) => id === provider) ?? assert.fail('no provider');
    const names = { firstName: '', lastName: '', addressVerified: false, vouchesFactor: false };
    const identity = { ...told, ...names, providerId: provider };
    const opening = { ip: '192.0.2.1', userAgent: 'x', origin: 'login' } as const;
    const steps = async () => {
      const visit = { browser: 'b', ip: '192.0.2.1', device: undefined };
      const step = await signInAs(ctx, 'user', { provider: found, identity, goto: '' }, visit);
      return step.at === 'proved' ? step.proof : assert.fail(step.at);
    };
    assert.ok(await signIn(ctx, await steps(), opening));
    const proof = await steps();
    const [link] = await linkedIdentitiesOf(ctx, { kind: 'user', id: cast.ben.id });
    await unlinkByStaff(ctx, SYSTEM, cast.ben.id, link?.id ?? 0);
    await assert.rejects(signIn(ctx, proof, opening), { code: 'login-refused' });
    assert.deepEqual(await sessionsOf(ctx, { userId: cast.ben.id }), []);
  });
});

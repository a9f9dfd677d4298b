// A device cookie in two hands: copied from a browser that is trusted or known, or planted by whoever used a shared browser
// before. None of it may leave a stranger with a browser on which somebody else is known, or trusted.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { devicesOf, knownDevice, trustDevice } from '#domain/devices/devices.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { days, minutes, seconds } from '#kit/duration.ts';
import { leadsTo } from '#tests/attacks/entrance/posted.ts';
import { giveApp } from '#tests/factors.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');

onBothDatabases('a copied device cookie', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());
  beforeEach(() => world.clock.turn(days(2)));

  const device = (browser: TestBrowser): string => browser.cookies.get('doorward-device') ?? '';
  const withDevice = (cookie: string, ip = '203.0.113.66'): TestBrowser => {
    const browser = world.browser({ ip });
    browser.cookies.set('doorward-device', cookie);
    return browser;
  };
  const known = (who: { id: number }, cookie: string) => knownDevice(world.ctx, { kind: 'user', id: who.id }, cookie);

  test('the thief of a trusted browser’s cookie who knows the password: trust and session end when the owner comes', async () => {
    const { eve } = world.cast;
    const of = { kind: 'user', id: eve.id } as const;
    const owner = world.browser();
    await owner.signIn(eve.email);
    const [mine] = await devicesOf(world.ctx, of);
    await world.ctx.transaction((tx) => trustDevice(tx, SYSTEM, of, mine?.deviceId ?? 0));
    const stolen = device(owner);
    owner.cookies.delete('doorward-session');
    const thief = withDevice(stolen);
    assert.equal(leadsTo(await thief.signIn(eve.email)), '/');
    assert.ok((await known(eve, device(thief)))?.trustedUntil, 'the thief holds a trusted browser now');
    world.clock.turn(minutes(1));
    assert.equal(leadsTo(await owner.signIn(eve.email)), '/');
    assert.equal(await known(eve, device(thief)), undefined, 'no longer');
    assert.notEqual((await thief.get('/user/profile')).statusCode, 200, 'nor is the thief in');
    assert.equal((await owner.get('/user/profile')).statusCode, 200);
    assert.equal((await auditLines(world.ctx, { event: 'user.device.copied' }, { limit: 9 })).length, 1);
    assert.match(
      (await owner.get('/user/activity')).body,
      /The cookie of a browser was copied/,
      'its owner reads of it',
    );
    // The owner goes on with a browser of their own, and an old copy does nothing to it.
    const now = device(owner);
    await withDevice(stolen).signIn(eve.email);
    assert.ok(await known(eve, now));
  });

  test('signing in as oneself on a shared browser, and keeping its cookie, makes no browser of the next person’s', async () => {
    const { ada, eve } = world.cast;
    const shared = world.browser();
    await shared.signIn(eve.email);
    const kept = device(shared);
    shared.cookies.delete('doorward-session');
    await shared.signIn(ada.email);
    assert.ok(await known(ada, device(shared)));
    const thief = withDevice(kept);
    await thief.signIn(eve.email); // at once, as two tabs would
    assert.equal(await known(ada, device(thief)), undefined);
    assert.equal(await known(ada, kept), undefined);
    assert.ok(await known(ada, device(shared)), 'and takes nothing from them');
  });

  test('nor does being quicker than the next person, with the cookie that the shared browser still has', async () => {
    const { ada, eve } = world.cast;
    const shared = world.browser();
    await shared.signIn(eve.email);
    const planted = device(shared);
    const thief = withDevice(planted);
    await thief.signIn(eve.email);
    shared.cookies.delete('doorward-session');
    world.clock.turn(seconds(10));
    await shared.signIn(ada.email);
    assert.equal(await known(ada, device(thief)), undefined);
    assert.ok(await known(ada, device(shared)));
    world.clock.turn(minutes(1));
    await thief.signIn(eve.email);
    assert.equal(await known(ada, device(thief)), undefined);
    assert.ok(await known(ada, device(shared)));
  });

  test('two tabs of one person are no theft', async () => {
    const { ada } = world.cast;
    const browser = world.browser();
    await browser.signIn(ada.email);
    const tab = withDevice(device(browser), '127.0.0.1');
    browser.cookies.delete('doorward-session');
    await browser.signIn(ada.email);
    await tab.signIn(ada.email);
    assert.equal(device(tab), device(browser));
    assert.ok(await known(ada, device(tab)));
  });

  test('on a known device nobody shuts themselves out: what they got wrong is forgotten once a second step let them in', async () => {
    const { ben } = world.cast;
    const browser = world.browser();
    await browser.signIn(ben.email);
    const app = await giveApp(world, { kind: 'user', id: ben.id });
    for (let round = 0; round < 4; round++) {
      browser.cookies.delete('doorward-session');
      for (let slip = 0; slip < 2; slip++)
        assert.equal((await browser.signIn(ben.email, 'a slip')).statusCode, 422, `round ${round}`);
      assert.equal(leadsTo(await browser.signIn(ben.email)), '/login/code', `round ${round}`);
      world.clock.turn(minutes(1));
      assert.equal(leadsTo(await browser.post('/login/code', { code: await app.next() })), '/');
    }
  });

  test('the lost laptop of a colleague: whoever ends their sessions ends that it is trusted', async () => {
    const { root, sam } = world.cast;
    await changeSettings(world.ctx, SYSTEM, { 'admin-trusted-device-days': '30', 'admin-remember-days': '30' });
    const of = { kind: 'administrator', id: sam.id } as const;
    const laptop = world.browser();
    await laptop.post('/admin/login', { username: sam.username, password: PASSWORD, remember: '1' });
    const [lost] = await devicesOf(world.ctx, of);
    await world.ctx.transaction((tx) => trustDevice(tx, SYSTEM, of, lost?.deviceId ?? 0));
    assert.ok((await knownDevice(world.ctx, of, device(laptop)))?.trustedUntil);
    const desk = world.browser();
    await desk.signIn(root.username);
    await desk.post(`/admin/administrators/${sam.id}/sessions/end`);
    assert.equal((await knownDevice(world.ctx, of, device(laptop)))?.trustedUntil, undefined);
    assert.notEqual((await laptop.get('/admin')).statusCode, 200);
    assert.equal((await desk.get('/admin')).statusCode, 200);
  });
});

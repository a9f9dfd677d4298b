// Spoofed forwarding headers: X-Forwarded-For, X-Real-IP, Forwarded, CF-Connecting-IP, True-Client-IP from a peer that nobody
// trusts are ignored, in limits, logs, allow-lists, bans and captchas; and nonsense in them opens nothing. That a trusted
// proxy is believed, and how far, is in src/domain/guard/visitor.test.ts; the list of the API in tests/wire/hostile.test.ts.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { banAddress } from '#domain/guard/bans.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { csrfOf } from '#tests/attacks/entrance/posted.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const NAMES = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'cf-connecting-ip', 'true-client-ip', 'client-ip'] as const;

onBothDatabases('spoofed forwarding headers', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  const claiming = (name: string, ip: string) => ({ [name]: name === 'forwarded' ? `for=${ip}` : ip });
  const signIn = async (
    ip: string,
    headers: Record<string, string>,
    fields: Record<string, string>,
    path = '/login',
  ) => {
    const browser = world.browser({ ip });
    const csrf = csrfOf(await browser.get(path));
    return browser.postRaw(path, { csrf, ...fields }, { 'sec-fetch-site': 'same-origin', ...headers });
  };

  test('one guesser who claims another address each time is paused like any other, and stands in the log by the own one', async () => {
    const own = '203.0.113.60';
    const statuses: number[] = [];
    for (let at = 0; at < 8; at += 1) {
      const headers = claiming(NAMES[at % NAMES.length] ?? '', `198.51.${at}.7`);
      const answer = await signIn(own, headers, { email: 'ada@example.test', password: 'wrong password here' });
      statuses.push(answer.statusCode);
    }
    assert.deepEqual(statuses, [422, 422, 422, 422, 422, 429, 429, 429]);
    const lines = await auditLines(world.ctx, { event: 'user.login.failed' }, { limit: 20 });
    assert.deepEqual(new Set(lines.map((line) => line.ip)), new Set([own]));
  });

  test('nobody has another address shut out by claiming it, nor escapes a ban', async () => {
    const own = '203.0.114.61';
    const victim = '198.51.100.200';
    for (let at = 0; at < 3; at += 1)
      await signIn(own, claiming('x-forwarded-for', victim), { username: 'root', password: 'wrong' }, '/admin/login');
    assert.equal((await world.app.inject({ url: '/login', remoteAddress: victim })).statusCode, 200);
    for (const name of NAMES) {
      const answer = await world.app.inject({ url: '/login', remoteAddress: own, headers: claiming(name, victim) });
      assert.equal(answer.statusCode, 403, name);
    }
    await banAddress(world.ctx, SYSTEM, {
      range: '203.0.115.0/24',
      reason: '',
      expiresAt: undefined,
      source: 'manual',
    });
    for (const name of NAMES) {
      const answer = await world.app.inject({
        url: '/',
        remoteAddress: '203.0.115.9',
        headers: claiming(name, '127.0.0.1'),
      });
      assert.equal(answer.statusCode, 403, name);
    }
  });

  test('X-Forwarded-For ("a") and other nonsense, from a stranger or through a trusted proxy, fails closed', async () => {
    await changeSettings(world.ctx, SYSTEM, { 'trusted-proxies': '10.0.0.0/8' });
    const nonsense = [
      'a',
      '',
      ',',
      ', ,',
      '127.0.0.1,a',
      '010.1.1.1',
      '1.2.3.4.5',
      '::ffff:999.1.1.1',
      '<script>',
      `${'1,'.repeat(5000)}1`,
    ];
    for (const value of nonsense) {
      for (const remoteAddress of ['203.0.115.9', '10.0.0.1']) {
        const answer = await world.app.inject({ url: '/login', remoteAddress, headers: { 'x-forwarded-for': value } });
        assert.equal(
          answer.statusCode,
          remoteAddress === '10.0.0.1' ? 200 : 403,
          `${remoteAddress} ${value.slice(0, 20)}`,
        );
      }
    }
    const through = (value: string) =>
      world.app.inject({ url: '/login', remoteAddress: '10.0.0.1', headers: { 'x-forwarded-for': value } });
    assert.equal(
      (await through('127.0.0.1, 203.0.115.9')).statusCode,
      403,
      'what the visitor wrote before counts for nothing',
    );
    assert.equal((await through('203.0.115.9, 10.0.0.7')).statusCode, 403);
    assert.equal((await through('203.0.115.9, a')).statusCode, 200, 'nonsense hides nobody but the proxy’s own peer');
    await changeSettings(world.ctx, SYSTEM, { 'trusted-proxies': '' });
  });
});

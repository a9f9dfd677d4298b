// Guessing passwords: from many networks, at many names, at the admin area; and guessing so that somebody else is shut out.
// ASVS 5.0 V6.3.1, V6.3.5; behaviours.md 3.5 and section 15, numbers 5 and 6.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { changeRole, listRoles } from '#domain/administrators/roles.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { banAddress, liftBan, listBans } from '#domain/guard/bans.ts';
import { findHolder } from '#domain/login/holder.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { countTry } from '#domain/login/tries.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { days, hours, minutes, seconds } from '#kit/duration.ts';
import { laterDone } from '#kit/later.ts';
import type { Context } from '#src/context.ts';
import { leadsTo } from '#tests/attacks/entrance/posted.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const WRONG = 'wrong horse battery staple';

onBothDatabases('brute force', (database) => {
  let world: World;
  let ctx: Context;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  const offer = (name: string, ip: string, side: 'user' | 'administrator' = 'user') =>
    offerPassword(ctx, { side, name, password: WRONG, source: { kind: 'visitor', ip }, ip, isPersonThere: true });
  const lettersTo = async (address: string, kind: string) =>
    (await letterHistory(ctx, {}, { limit: 200 })).filter((one) => one.to === address && one.kind === kind);
  /** Letters are written after the answer. */
  const lettersAreWritten = laterDone;

  test('1,000 bad logins for a victim from other networks: the victim on a known device still gets in', async () => {
    const { email } = world.cast.ada;
    const home = world.browser({ ip: '198.51.100.7' });
    assert.equal((await home.signIn(email)).statusCode, 303);
    assert.ok(
      [...home.cookies.keys()].some((name) => name.endsWith('device')),
      'the device is known from now on',
    );
    const holder = await findHolder(ctx, 'user', email);
    let lookedAt = 0;
    for (let at = 0; at < 1000; at += 1) {
      const source = { kind: 'visitor', ip: `10.${at >> 8}.${at & 255}.1` } as const;
      const wasLookedAt = await countTry(ctx, 'user', email, source, holder).then(
        () => true,
        () => false,
      );
      if (wasLookedAt) lookedAt += 1;
      if (at % 10 === 9) world.clock.turn(seconds(30));
    }
    // 50 minutes of guessing through a thousand networks: ten, then one after 1, 2, 4, 8, 15 and 15 minutes.
    assert.ok(lookedAt >= 13 && lookedAt <= 16, `${lookedAt} of a thousand guesses were looked at`);
    const stranger = world.browser({ ip: '203.0.113.5' });
    assert.equal(
      (await stranger.signIn(email)).statusCode,
      429,
      'a device and a network never seen wait with the guessers',
    );
    const elsewhere = world.browser({ ip: '203.0.113.6' });
    for (const [name, value] of home.cookies) if (name.endsWith('device')) elsewhere.cookies.set(name, value);
    assert.equal((await elsewhere.signIn(email)).statusCode, 303, 'a known device gets in, from any network');
    const noCookies = world.browser({ ip: '203.0.113.99' });
    assert.equal((await noCookies.signIn(email)).statusCode, 303, 'and so does the network of the last sign-in');
  });

  test('a made-up or foreign device cookie lifts no limit', async () => {
    const { email } = world.cast.ben;
    const eve = world.browser({ ip: '198.51.101.7' });
    await eve.signIn('eve@example.test');
    const devices = [...eve.cookies].filter(([name]) => name.endsWith('device'));
    for (let at = 0; at < 5; at += 1) await offer(email, '203.0.114.1');
    for (const value of [devices[0]?.[1] ?? '', 'x'.repeat(43), '1', '']) {
      const thief = world.browser({ ip: '203.0.114.1' });
      if (devices[0] && value !== '') thief.cookies.set(devices[0][0], value);
      assert.equal((await thief.signIn(email)).statusCode, 429, value.slice(0, 5));
    }
    world.clock.turn(days(1));
  });

  test('the owner is told at the tenth failure, once a day, of the time and the network, by a letter without any link', async () => {
    const { email } = world.cast.eve;
    for (let at = 0; at < 10; at += 1) {
      assert.equal((await offer(email, `10.50.${at}.1`)).at, 'refused');
      if (at === 8) {
        await lettersAreWritten();
        assert.deepEqual(await lettersTo(email, 'failed-sign-ins'), [], 'nine are no reason');
      }
    }
    await lettersAreWritten();
    assert.equal((await lettersTo(email, 'failed-sign-ins')).length, 1);
    const { subject, text } = await world.letterTo(email);
    assert.match(subject, /Somebody tried to sign in as you/);
    assert.match(
      text,
      /eve@example\.test .* wrong 10 times, the last time on \w+ \d+, 2026 at .* UTC, from the address 10\.50\.9\.1/,
    );
    assert.doesNotMatch(text, /https?:/);
    world.clock.turn(hours(2));
    for (let at = 0; at < 10; at += 1) {
      await offer(email, `10.51.${at}.1`).catch(() => world.clock.turn(minutes(15)));
      world.clock.turn(minutes(2));
    }
    await lettersAreWritten();
    assert.equal((await lettersTo(email, 'failed-sign-ins')).length, 1, 'once a day');
    for (let at = 0; at < 10; at += 1) await offer('nobody@example.test', `10.52.${at}.1`);
    await lettersAreWritten();
    assert.deepEqual(await lettersTo('nobody@example.test', 'failed-sign-ins'), []);
    world.clock.turn(days(1));
  });

  const admin = (name: string, ip: string) => offer(name, ip, 'administrator');
  const open = async (ip: string) => (await world.app.inject({ url: '/login', remoteAddress: ip })).statusCode;
  const rangesBanned = async () => (await listBans(ctx)).map((ban) => ban.range);
  const freed = async () => {
    for (const ban of await listBans(ctx)) await liftBan(ctx, SYSTEM, ban.id);
  };

  test('three wrong passwords of staff shut the address out for a quarter of an hour, and nobody else', async () => {
    await listRoles(ctx).then(async (roles) => {
      const role = roles.find((one) => one.name === 'Support Operator');
      if (role) await changeRole(ctx, SYSTEM, role.id, { ...role, mailKinds: ['account'] });
    });
    const ip = '203.0.113.20';
    for (let at = 0; at < 2; at += 1) await admin('sam', ip);
    assert.equal(await open(ip), 200);
    await admin('sam', ip);
    const page = await world.app.inject({ url: '/', remoteAddress: ip });
    assert.equal(page.statusCode, 403);
    assert.match(page.body, /Too many sign-ins to the admin area failed from there/);
    assert.match(page.body, /This ends on /);
    assert.equal(await open('203.0.113.21'), 200, 'the neighbour is not meant');
    const [ban] = await listBans(ctx);
    assert.deepEqual([ban?.range, ban?.source, ban?.expiresAt], [ip, 'admin-login', ctx.now() + minutes(15)]);
    const [line] = await auditLines(ctx, { event: 'ban.ip.added' }, { limit: 1 });
    assert.match(line?.description ?? '', /203\.0\.113\.20 was banned: 3 failed sign-ins to the admin area/);
    await lettersAreWritten();
    const { text } = await world.letterTo('root@staff.example.test');
    assert.match(text, /3 sign-ins to the admin area failed from 203\.0\.113\.20 .* The name was: sam/);
    assert.match(text, /shut out of everything until/);
    assert.deepEqual(
      await lettersTo('sam@staff.example.test', 'admin-sign-in-failures'),
      [],
      'a role that asked for none',
    );
    world.clock.turn(minutes(15));
    assert.equal(await open(ip), 200);
  });

  test('a name that nobody has counts like one that somebody has, and what was typed is told to nobody', async () => {
    for (let at = 0; at < 3; at += 1) await admin('my secret passphrase', '203.0.113.22');
    assert.equal(await open('203.0.113.22'), 403);
    await lettersAreWritten();
    const { text } = await world.letterTo('root@staff.example.test');
    assert.match(text, /The name was: one that nobody has/);
    assert.doesNotMatch(
      JSON.stringify(await ctx.db.selectFrom('audit_log').selectAll().execute()),
      /secret passphrase/,
    );
    await freed();
  });

  test('failures of several names, of several addresses, of customers, and before a success add up to no ban', async () => {
    for (const name of ['root', 'sam', 'root', 'sam']) await admin(name, '203.0.115.23');
    for (const ip of ['203.0.116.24', '203.0.116.25', '203.0.116.26']) await admin('root', ip);
    for (let at = 0; at < 4; at += 1) await offer('ada@example.test', '203.0.117.27');
    const root = world.browser({ ip: '203.0.118.28' });
    for (let round = 0; round < 2; round += 1) {
      for (let at = 0; at < 2; at += 1) await admin('root', '203.0.118.28');
      assert.equal(leadsTo(await root.signIn('root')), '/admin');
      await root.post('/admin/logout', {}, { from: '/admin' });
    }
    assert.deepEqual(await rangesBanned(), []);
    world.clock.turn(days(1));
  });

  test('never shut out: the machine itself, a trusted proxy, whoever is listed; and nobody where the setting says never', async () => {
    await changeSettings(ctx, SYSTEM, {
      'trusted-proxies': '10.9.0.0/16',
      'whitelisted-addresses': '192.0.2.0/24 # office',
    });
    for (const ip of ['127.0.0.1', '::1', '10.9.1.1', '192.0.2.30'])
      for (let at = 0; at < 3; at += 1) await admin(`staff at ${ip}`, ip);
    assert.deepEqual(await rangesBanned(), []);
    await lettersAreWritten();
    assert.match((await world.letterTo('root@staff.example.test')).text, /among those that are never shut out/);
    world.clock.turn(days(1));
    const before = (await lettersTo('root@staff.example.test', 'admin-sign-in-failures')).length;
    await changeSettings(ctx, SYSTEM, { 'whitelisted-login-failure-notices': 'off' });
    for (let at = 0; at < 3; at += 1) await admin('sam', '192.0.2.31');
    await lettersAreWritten();
    assert.equal((await lettersTo('root@staff.example.test', 'admin-sign-in-failures')).length, before);
    await changeSettings(ctx, SYSTEM, { 'failed-admin-login-ban-minutes': '0' });
    for (let at = 0; at < 3; at += 1) await admin('root', '203.0.119.32');
    assert.deepEqual(await rangesBanned(), []);
    await changeSettings(ctx, SYSTEM, { 'failed-admin-login-ban-minutes': '15', 'trusted-proxies': '' });
    world.clock.turn(days(1));
  });

  test('of IPv6 the whole connection is shut out, unless somebody who is spared is on it; a longer ban stays longer', async () => {
    for (const last of ['1', '2', '3']) await admin('sixth', `2001:db8:1:2::${last}`);
    assert.deepEqual(await rangesBanned(), ['2001:db8:1:2::/64']);
    assert.equal(await open('2001:db8:1:2:ffff::1'), 403);
    await freed();
    await changeSettings(ctx, SYSTEM, { 'whitelisted-addresses': '2001:db8:1:3::7' });
    for (const last of ['1', '2', '3']) await admin('sixth', `2001:db8:1:3::${last}`);
    assert.deepEqual(await rangesBanned(), ['2001:db8:1:3::3']);
    await freed();
    await changeSettings(ctx, SYSTEM, { 'whitelisted-addresses': '' });
    const ip = '203.0.120.33';
    await banAddress(ctx, SYSTEM, { range: ip, reason: 'by hand', expiresAt: undefined, source: 'manual' });
    for (let at = 0; at < 3; at += 1) await admin('root', ip); // as if it had come a moment before the ban
    const [ban] = await listBans(ctx);
    assert.deepEqual([ban?.source, ban?.expiresAt], ['manual', undefined]);
    await freed();
  });

  test('50 wrong passwords of staff at once from one address end in one ban', async () => {
    world.clock.turn(days(1));
    await Promise.allSettled(Array.from({ length: 50 }, () => admin('root', '203.0.121.34')));
    assert.deepEqual(await rangesBanned(), ['203.0.121.34']);
    assert.equal(
      (await auditLines(ctx, { event: 'ban.ip.added' }, { limit: 1000 })).filter((line) =>
        line.description.includes('203.0.121.34'),
      ).length,
      1,
    );
    await freed();
  });

  test('whoever is banned reads the reason that staff wrote only where staff say so', async () => {
    const root = world.browser();
    await root.signIn('root');
    const ban = (range: string, more = {}) =>
      root.post('/admin/bans/new', { range, reason: 'Too many orders that were never paid', lasts: 'hour', ...more });
    await ban('203.0.122.35');
    await ban('203.0.122.36', { reasonShown: '1' });
    const page = async (ip: string) => (await world.app.inject({ url: '/login', remoteAddress: ip })).body;
    assert.doesNotMatch(await page('203.0.122.35'), /never paid/);
    assert.match(await page('203.0.122.36'), /The reason: Too many orders that were never paid/);
    await freed();
    assert.equal((await root.signIn('root', PASSWORD)).statusCode, 303);
  });
});

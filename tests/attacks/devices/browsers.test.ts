// Attacks on what a browser keeps: the session, the cookie that it is known by, the one that it is remembered by.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deleteUser } from '#domain/access/deletion.ts';
import { removeMember } from '#domain/access/member-changes.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { devicesOf, knownDevice, meetDevice, trustDevice } from '#domain/devices/devices.ts';
import { rememberedOf } from '#domain/devices/remembered.ts';
import { restoreRemembered } from '#domain/login/remembered.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import { checkUserSession } from '#domain/sessions/signed-in.ts';
import { days, hours, minutes, seconds } from '#kit/duration.ts';
import { csrfOf, leadsTo } from '#tests/attacks/entrance/posted.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const FROM = { ip: '192.0.2.1', userAgent: 'Test browser' };

onBothDatabases('what a browser keeps', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  const rememberedBrowser = async (email: string): Promise<TestBrowser> => {
    const browser = world.browser({ ip: FROM.ip });
    await browser.post('/login', { email, password: PASSWORD, remember: '1' });
    assert.ok(browser.cookies.has('doorward-remember'));
    return browser;
  };
  const copyOf = (browser: TestBrowser, ip: string): TestBrowser => {
    const copy = world.browser({ ip });
    for (const [name, value] of browser.cookies) if (name !== 'doorward-session') copy.cookies.set(name, value);
    return copy;
  };
  const isIn = async (browser: TestBrowser): Promise<boolean> =>
    (await browser.get('/user/profile')).statusCode === 200;
  const lettersTo = async (address: string, kind: string) =>
    (await letterHistory(world.ctx, {}, { limit: 100 })).filter((one) => one.to === address && one.kind === kind);

  test('a copied "remember me" that was used before ends all of it, for the thief and the owner, who is told', async () => {
    const { ada } = world.cast;
    const owner = await rememberedBrowser(ada.email);
    const thief = copyOf(owner, '203.0.113.66');
    world.clock.turn(hours(25));
    assert.equal(await isIn(owner), true);
    world.clock.turn(seconds(31));
    assert.match(leadsTo(await thief.get('/user/profile')), /^\/login/);
    assert.match((await thief.get('/login')).body, /used by somebody else too/);
    assert.match(leadsTo(await owner.get('/user/profile')), /^\/login/, 'the session that came of it ends too');
    assert.match((await owner.get('/login')).body, /used by somebody else too/);
    assert.equal(await isIn(owner), false);
    assert.equal(await isIn(thief), false);
    assert.equal((await rememberedOf(world.ctx, { kind: 'user', id: ada.id })).size, 0);
    assert.equal((await lettersTo(ada.email, 'remembered-copied')).length, 1);
    assert.match((await world.letterTo(ada.email)).text, /203\.0\.113\.66/);
    assert.equal((await auditLines(world.ctx, { event: 'user.remembered.copied' }, { limit: 9 })).length, 1);
  });

  test('the thief who is quicker than the owner is found out when the owner comes', async () => {
    const { ada } = world.cast;
    const owner = await rememberedBrowser(ada.email);
    const thief = copyOf(owner, '203.0.113.66');
    world.clock.turn(hours(25));
    assert.equal(await isIn(thief), true);
    world.clock.turn(minutes(1));
    assert.equal(await isIn(owner), false);
    assert.equal(await isIn(thief), false);
  });

  test('fifty tabs that come back at once are no theft: one session, one cookie, for all of them', async () => {
    const { eve } = world.cast;
    const owner = await rememberedBrowser(eve.email);
    const cookie = owner.cookies.get('doorward-remember') ?? '';
    world.clock.turn(hours(25));
    const before = (await sessionsOf(world.ctx, { userId: eve.id })).length;
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => restoreRemembered(world.ctx, 'user', cookie, FROM)),
    );
    const given = new Set(answers.map((one) => (one.at === 'restored' ? `${one.token} ${one.cookie.value}` : one.at)));
    assert.equal(given.size, 1);
    assert.equal((await sessionsOf(world.ctx, { userId: eve.id })).length, before + 1);
    const [first] = answers;
    assert.ok(first?.at === 'restored' && 'who' in (await checkUserSession(world.ctx, first.token)));
    world.clock.turn(seconds(31));
    const replays = await Promise.all(
      Array.from({ length: 50 }, () => restoreRemembered(world.ctx, 'user', cookie, FROM)),
    );
    assert.equal(replays.filter(({ at }) => at === 'stolen').length, 1, 'told once');
    assert.equal(replays.filter(({ at }) => at === 'restored').length, 0);
    assert.deepEqual(await checkUserSession(world.ctx, first.token), { ended: 'remember-stolen' });
    assert.equal((await restoreRemembered(world.ctx, 'user', first.cookie.value, FROM)).at, 'over');
  });

  test('a made-up, cut, foreign or other side’s cookie opens nothing and ends nothing', async () => {
    const owner = await rememberedBrowser(world.cast.eve.email);
    const cookie = owner.cookies.get('doorward-remember') ?? '';
    const [selector = '', secret = ''] = cookie.split('.');
    const forged = [
      '',
      '.',
      selector,
      `${selector}.`,
      `.${secret}`,
      `${'A'.repeat(22)}.${secret}`,
      `${cookie}x`,
      `${selector}.${secret}.${secret}`,
      "' or 1=1 --",
      'x'.repeat(5000),
    ];
    for (const one of forged) assert.equal((await restoreRemembered(world.ctx, 'user', one, FROM)).at, 'over', one);
    assert.equal((await restoreRemembered(world.ctx, 'administrator', cookie, FROM)).at, 'over');
    const staff = world.browser();
    staff.cookies.set('doorward-admin-remember', cookie);
    assert.match(leadsTo(await staff.get('/admin')), /^\/admin\/login/);
    world.clock.turn(hours(25));
    assert.equal(await isIn(owner), true);
  });

  test('a stolen database signs nobody in: neither cookie stands there', async () => {
    const owner = await rememberedBrowser(world.cast.eve.email);
    const kept = [owner.cookies.get('doorward-remember')?.split('.')[1], owner.cookies.get('doorward-device')];
    const rows = JSON.stringify([
      await world.ctx.db.selectFrom('remembered').selectAll().execute(),
      await world.ctx.db.selectFrom('devices').selectAll().execute(),
      await world.ctx.db.selectFrom('known_devices').selectAll().execute(),
    ]);
    for (const secret of kept) assert.ok(secret && !rows.includes(secret));
  });

  test('the cookie of a trusted browser signs nobody in, and takes no factor away from anybody else', async () => {
    const { cleo, eve } = world.cast;
    const browser = world.browser();
    await browser.signIn(eve.email);
    const [device] = await devicesOf(world.ctx, { kind: 'user', id: eve.id });
    await trustDevice(world.ctx, SYSTEM, { kind: 'user', id: eve.id }, device?.deviceId ?? 0);
    const thief = world.browser();
    thief.cookies.set('doorward-device', browser.cookies.get('doorward-device') ?? '');
    assert.match(leadsTo(await thief.get('/user/profile')), /^\/login/);
    assert.equal(leadsTo(await thief.signIn(cleo.email)), '/login/code', 'trusted by eve, not by cleo');
    assert.equal((await thief.signIn(cleo.email, 'not the password')).statusCode, 422);
    for (const forged of ['A'.repeat(43), '', 'x', "' or 1=1 --", '1']) {
      thief.cookies.set('doorward-device', forged);
      assert.equal(leadsTo(await thief.signIn(cleo.email)), '/login/code', forged);
    }
  });

  test('trust ends with the browser’s old cookie, and everywhere when the person signs out everywhere', async () => {
    const { cleo } = world.cast;
    const of = { kind: 'user', id: cleo.id } as const;
    const met = await world.ctx.transaction(async (tx) => {
      const first = await meetDevice(tx, of, undefined, FROM);
      await trustDevice(tx, SYSTEM, of, first.deviceId);
      return first;
    });
    const browser = world.browser();
    browser.cookies.set('doorward-device', met.token);
    assert.equal(leadsTo(await browser.signIn(cleo.email)), '/');
    const thief = world.browser();
    world.clock.turn(minutes(1));
    thief.cookies.set('doorward-device', met.token);
    assert.equal(leadsTo(await thief.signIn(cleo.email)), '/login/code', 'the cookie was replaced since');
    await browser.post('/user/sessions', { session: 'everywhere' });
    assert.equal(leadsTo(await browser.signIn(cleo.email)), '/login/code');
    assert.equal(await knownDevice(world.ctx, { kind: 'administrator', id: cleo.id }, met.token), undefined);
  });

  test('browsers of others are neither seen, distrusted nor forgotten by their number', async () => {
    const { ada, eve } = world.cast;
    const [hers, mine] = [await rememberedBrowser(ada.email), await rememberedBrowser(eve.email)];
    const [device] = await devicesOf(world.ctx, { kind: 'user', id: ada.id });
    for (const act of ['forget', 'distrust', 'constructor', '']) {
      for (const number of [String(device?.deviceId), '0', '-1', '1e0', 'x', '']) {
        await mine.post('/user/security/devices', { device: number, act });
        assert.match((await mine.get('/user/security/devices')).body, /not in your list any more/, `${act} ${number}`);
      }
    }
    world.clock.turn(hours(25));
    assert.equal(await isIn(hers), true);
  });

  test('a session planted before the sign-in is not the one after it', async () => {
    const browser = world.browser();
    const planted = 'p'.repeat(43);
    browser.cookies.set('doorward-session', planted);
    browser.cookies.set('doorward-device', planted);
    browser.cookies.set('doorward-remember', `${'p'.repeat(22)}.${planted}`);
    await browser.post('/login', { email: world.cast.eve.email, password: PASSWORD, remember: '1' });
    for (const [name, value] of browser.cookies) assert.ok(!value.includes(planted), name);
    assert.equal(await isIn(browser), true);
  });

  test('whoever signs in on a browser ends what somebody else was remembered by there', async () => {
    const browser = await rememberedBrowser(world.cast.ada.email);
    const kept = browser.cookies.get('doorward-remember') ?? '';
    const csrf = csrfOf(await browser.get('/user/profile'));
    const fields = { csrf, email: world.cast.eve.email, password: PASSWORD };
    assert.equal(leadsTo(await browser.postRaw('/login', fields, { 'sec-fetch-site': 'same-origin' })), '/');
    assert.equal(browser.cookies.has('doorward-remember'), false);
    assert.equal((await restoreRemembered(world.ctx, 'user', kept, FROM)).at, 'over');
  });

  test('cookies are out of reach of scripts and other hosts, and no browser keeps one longer than it holds', async () => {
    const browser = world.browser();
    const answer = await browser.post('/login', { email: world.cast.eve.email, password: PASSWORD, remember: '1' });
    const named = new Map(answer.cookies.map((one) => [one.name, one]));
    for (const name of ['doorward-session', 'doorward-device', 'doorward-remember']) {
      const cookie = named.get(name);
      assert.ok(cookie?.httpOnly && cookie.path === '/' && cookie.sameSite === 'Lax' && !cookie.domain, name);
    }
    assert.equal(named.get('doorward-remember')?.maxAge, days(30) / 1000);
    assert.equal(named.get('doorward-session')?.maxAge, undefined);
  });

  test('deleting a person, or their session, makes the next request nobody’s, remembered or not', async () => {
    const { ben } = world.cast;
    const browser = await rememberedBrowser(ben.email);
    await world.ctx.db.deleteFrom('sessions').where('user_id', '=', ben.id).execute();
    await world.ctx.db.deleteFrom('remembered').where('user_id', '=', ben.id).execute();
    assert.match(leadsTo(await browser.get('/user/profile')), /^\/login/);
    const again = await rememberedBrowser(ben.email);
    await removeMember(world.ctx, SYSTEM, ben.id, world.cast.ada.clientId);
    await deleteUser(world.ctx, SYSTEM, ben.id);
    assert.match(leadsTo(await again.get('/user/profile')), /^\/login/);
    assert.deepEqual(await devicesOf(world.ctx, { kind: 'user', id: ben.id }), []);
  });
});

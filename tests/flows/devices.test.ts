// The browsers that people use: remembered, trusted, known; where they are signed in; what they are told.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { devicesOf } from '#domain/devices/devices.ts';
import { rememberedOf } from '#domain/devices/remembered.ts';
import sweep from '#domain/devices/sweep-devices.job.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { setUserDisabled } from '#domain/users/users.ts';
import { days, hours, minutes, seconds } from '#kit/duration.ts';
import { leadsTo } from '#tests/attacks/entrance/posted.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { CODE, onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const SYSTEM = systemActor('Test');

onBothDatabases('browsers', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  const set = async (values: Readonly<Record<string, string>>): Promise<void> => {
    await changeSettings(world.ctx, SYSTEM, values);
    world.clock.turn(seconds(2)); // settings are kept for a second
  };
  const rememberedBrowser = async (email: string, options: { ip?: string } = {}): Promise<TestBrowser> => {
    const browser = world.browser({ userAgent: FIREFOX, ...options });
    const answer = await browser.post('/login', { email, password: PASSWORD, remember: '1' });
    assert.equal(answer.statusCode, 303);
    assert.ok(browser.cookies.has('doorward-remember'));
    return browser;
  };
  const isIn = async (browser: TestBrowser): Promise<boolean> =>
    (await browser.get('/user/profile')).statusCode === 200;
  const newestDetails = async (event: string): Promise<string> => {
    const query = world.ctx.db.selectFrom('audit_log').select('details').where('event', '=', event);
    return (await query.orderBy('id', 'desc').limit(1).executeTakeFirst())?.details ?? '';
  };
  const lettersTo = async (address: string, kind: string) =>
    (await letterHistory(world.ctx, {}, { limit: 100 })).filter((one) => one.to === address && one.kind === kind);

  test('whoever ticks it stays signed in after their session ran out, for thirty days and no longer', async () => {
    const { ada } = world.cast;
    assert.match((await world.browser().get('/login')).body, /name="remember"/);
    const browser = await rememberedBrowser(ada.email);
    const answer = await browser.get('/user/profile');
    assert.equal(answer.statusCode, 200);
    const secrets = new Set<string | undefined>([browser.cookies.get('doorward-remember')]);
    for (let day = 1; day <= 4; day += 1) {
      world.clock.turn(days(7));
      assert.equal(await isIn(browser), true, `week ${day}`);
      secrets.add(browser.cookies.get('doorward-remember'));
    }
    assert.equal(secrets.size, 5, 'each use gives another');
    world.clock.turn(days(3));
    assert.match(leadsTo(await browser.get('/user/profile')), /^\/login/);
    assert.equal(browser.cookies.has('doorward-remember'), false);
  });

  test('nobody is remembered who did not tick it, and no staff, unless the operator wants that', async () => {
    const [ben, root] = [world.browser(), world.browser()];
    await ben.signIn(world.cast.ben.email);
    assert.doesNotMatch((await root.get('/admin/login')).body, /name="remember"/);
    await root.post('/admin/login', { username: 'root', password: PASSWORD, remember: '1' });
    assert.equal(ben.cookies.has('doorward-remember') || root.cookies.has('doorward-admin-remember'), false);
    world.clock.turn(hours(25));
    assert.match(leadsTo(await root.get('/admin')), /^\/admin\/login/);
    await set({ 'admin-remember-days': '7', 'remember-days': '0' });
    assert.match((await root.get('/admin/login')).body, /name="remember"/);
    assert.doesNotMatch((await ben.get('/login')).body, /name="remember"/);
    await root.post('/admin/login', { username: 'root', password: PASSWORD, remember: '1' });
    world.clock.turn(hours(25));
    assert.equal((await root.get('/admin/account/sessions')).statusCode, 200);
    await set({ 'admin-remember-days': '0', 'remember-days': '30' });
    world.clock.turn(hours(25));
    assert.match(leadsTo(await root.get('/admin')), /^\/admin\/login/, 'what is not offered any more holds no more');
  });

  test('a remembered session is no fresh proof: what asks again asks again', async () => {
    const browser = await rememberedBrowser(world.cast.eve.email);
    world.clock.turn(hours(25));
    assert.match(leadsTo(await browser.get('/user/email')), /^\/user\/confirm-identity/);
    const [line] = await auditLines(world.ctx, { event: 'user.login.success' }, { limit: 1 });
    assert.match(line?.description ?? '', /remembered/);
    assert.match(await newestDetails('user.login.success'), /"remembered".*"password"/);
  });

  test('only a person who opens a page is signed in again: no post, no look ahead, no picture', async () => {
    const browser = await rememberedBrowser(world.cast.eve.email);
    const before = browser.cookies.get('doorward-remember');
    world.clock.turn(hours(25));
    await browser.postRaw('/user/profile', { firstName: 'X' });
    await browser.get('/user/profile', { 'sec-purpose': 'prefetch' });
    await browser.get('/user/profile', { 'sec-fetch-dest': 'image' });
    assert.equal(browser.cookies.get('doorward-remember'), before);
    assert.equal(await isIn(browser), true);
  });

  test('signing out forgets the browser, and is told to other programs', async () => {
    const browser = await rememberedBrowser(world.cast.eve.email);
    const kept = new Map(browser.cookies);
    await browser.post('/logout');
    assert.equal(browser.cookies.has('doorward-remember'), false);
    for (const [name, value] of kept) browser.cookies.set(name, value);
    browser.cookies.delete('doorward-session');
    assert.equal(await isIn(browser), false);
    assert.ok(world.ctx.bus.toldOutside.includes('user.logout') && world.ctx.bus.toldOutside.includes('admin.logout'));
  });

  test('ending a session from elsewhere, all others, or everywhere ends what it is remembered by', async () => {
    const { eve } = world.cast;
    const [here, there, third] = [
      await rememberedBrowser(eve.email),
      await rememberedBrowser(eve.email, { ip: '198.51.100.7' }),
      await rememberedBrowser(eve.email, { ip: '198.51.100.8' }),
    ];
    const page = (await here.get('/user/sessions')).body;
    assert.match(page, /Firefox on Linux.*This device.*Stays signed in/s);
    const id = /198\.51\.100\.7[\s\S]*?name="session" value="(\d+)"/.exec(page)?.[1] ?? '';
    await here.post('/user/sessions', { session: id });
    assert.deepEqual([await isIn(there), await isIn(third)], [false, true]);
    assert.equal(await isIn(there), false, 'nor at the second try');
    await here.post('/user/sessions', { session: 'others' });
    assert.deepEqual([await isIn(third), await isIn(third), await isIn(here)], [false, false, true]);
    world.clock.turn(hours(25));
    assert.equal(await isIn(here), true, 'their own browser is remembered still');
    assert.equal(leadsTo(await here.post('/user/sessions', { session: 'everywhere' })), '/login');
    assert.match((await here.get('/login')).body, /signed out everywhere/);
    assert.deepEqual([await isIn(here), await isIn(here)], [false, false]);
    assert.equal((await rememberedOf(world.ctx, { kind: 'user', id: eve.id })).size, 0);
  });

  test('a new password forgets every browser but keeps the session that chose it', async () => {
    const { eve } = world.cast;
    const [here, there] = [await rememberedBrowser(eve.email), await rememberedBrowser(eve.email)];
    const fresh = 'another wholly different phrase';
    await here.post('/user/password', { current: PASSWORD, password: fresh });
    assert.deepEqual([await isIn(here), await isIn(there), await isIn(there)], [true, false, false]);
    world.clock.turn(hours(25));
    assert.equal(await isIn(here), false);
    await here.post('/login', { email: eve.email, password: fresh });
    await here.post('/user/password', { current: fresh, password: PASSWORD });
  });

  test('a second factor is not asked on a trusted browser, for thirty days, and never in place of a fresh proof', async () => {
    const { cleo } = world.cast;
    const of = { kind: 'user', id: cleo.id } as const;
    const browser = world.browser({ userAgent: FIREFOX });
    assert.equal(leadsTo(await browser.signIn(cleo.email)), '/login/code');
    assert.match((await browser.get('/login/code')).body, /name="trust"/);
    assert.equal(leadsTo(await browser.post('/login/code', { code: CODE, trust: '1' })), '/');
    const device = browser.cookies.get('doorward-device');
    assert.match((await browser.get('/user/sessions')).body, /Trusted/);
    await browser.post('/logout');
    assert.equal(leadsTo(await browser.signIn(cleo.email)), '/');
    assert.notEqual(browser.cookies.get('doorward-device'), device, 'another cookie with each sign-in');
    assert.match(leadsTo(await browser.get('/user/email')), /^\/user\/confirm-identity/);
    assert.equal(leadsTo(await world.browser().signIn(cleo.email)), '/login/code', 'elsewhere it is asked');
    world.clock.turn(days(29));
    assert.equal(leadsTo(await browser.signIn(cleo.email)), '/');
    world.clock.turn(days(1));
    assert.equal(leadsTo(await browser.signIn(cleo.email)), '/login/code', 'over, though no cleaner ran');
    assert.equal((await devicesOf(world.ctx, of)).length, 1);
  });

  test('what a person wrote down wrong elsewhere does not keep them out on their own browser', async () => {
    const { ben } = world.cast;
    const own = world.browser({ ip: '192.0.2.50' });
    assert.equal(leadsTo(await own.signIn(ben.email)), '/');
    await own.post('/logout');
    for (let number = 0; number < 30; number += 1)
      await world.browser({ ip: `198.51.${number}.9` }).signIn(ben.email, 'not the password');
    assert.equal((await world.browser({ ip: '203.0.113.9' }).signIn(ben.email)).statusCode, 429);
    assert.equal(leadsTo(await own.signIn(ben.email)), '/');
  });

  test('a sign-in on a new browser is told once, by a letter without a link that signs anybody in', async () => {
    const { ben } = world.cast;
    world.clock.turn(days(2));
    const before = (await lettersTo(ben.email, 'new-device')).length;
    const fresh = world.browser({ ip: '8.8.8.8', userAgent: FIREFOX });
    await fresh.signIn(ben.email);
    const { text, subject } = await world.letterTo(ben.email);
    assert.match(subject, /new sign-in/);
    assert.match(text, /Firefox on Linux/);
    assert.match(text, /8\.8\.8\.8/);
    assert.match(text, /United States/);
    assert.doesNotMatch(text, /token|\/login\/|password\/set/);
    await fresh.post('/logout');
    await fresh.signIn(ben.email);
    assert.equal((await lettersTo(ben.email, 'new-device')).length, before + 1, 'the same browser is known');
    for (let number = 0; number < 8; number += 1) await world.browser().signIn(ben.email);
    assert.equal((await lettersTo(ben.email, 'new-device')).length, before + 5, 'a mailbox is not filled');
    assert.equal((await lettersTo('sam@staff.example.test', 'new-device')).length, 0);
    await world.browser().signIn('sam');
    assert.equal((await lettersTo('sam@staff.example.test', 'new-device')).length, 0, 'not at the very first');
    await world.browser().signIn('sam');
    assert.equal((await lettersTo('sam@staff.example.test', 'new-device')).length, 1);
    world.clock.turn(days(2));
    await set({ 'new-device-letters': '' });
    await world.browser().signIn(ben.email);
    assert.equal(
      (await lettersTo(ben.email, 'new-device')).length,
      before + 5,
      'nor where the operator does not want it',
    );
    await set({ 'new-device-letters': 'on' });
  });

  test('a session is held to its network or its address where the operator wants that, and says why it ended', async () => {
    const { eve } = world.cast;
    const moving = async (from: string, to: string): Promise<[boolean, string]> => {
      const [first, second] = [world.browser({ ip: from }), world.browser({ ip: to })];
      await first.signIn(eve.email);
      for (const [name, value] of first.cookies) second.cookies.set(name, value);
      const answer = await second.get('/user/profile');
      const said = answer.statusCode === 200 ? '' : (await second.get('/login')).body;
      return [await isIn(first), said];
    };
    assert.deepEqual(await moving('192.0.2.1', '198.51.100.1'), [true, ''], 'from anywhere, unless told');
    await set({ 'session-address-check': 'network' });
    assert.deepEqual(await moving('192.0.2.1', '192.0.2.77'), [true, '']);
    const [isInStill, said] = await moving('192.0.2.1', '198.51.100.1');
    assert.equal(isInStill, false, 'it ends for both');
    assert.match(said, /used from another internet address/);
    await set({ 'session-address-check': 'exact' });
    assert.equal((await moving('192.0.2.1', '192.0.2.77'))[0], false);
    assert.match(await newestDetails('user.session.ended'), /address-moved/);
    const remembered = await rememberedBrowser(eve.email, { ip: '192.0.2.1' });
    const copy = world.browser({ ip: '198.51.100.1' });
    for (const [name, value] of remembered.cookies) copy.cookies.set(name, value);
    copy.cookies.delete('doorward-session');
    assert.equal(await isIn(copy), false, 'what is remembered stays there too');
    assert.equal(await isIn(remembered), true);
    const { body } = await world.api('ValidateLogin', { email: eve.email, password2: PASSWORD });
    const token = String(body['passwordhash']);
    const [cookie, posted] = [world.browser({ ip: '192.0.2.1' }), world.browser({ ip: '192.0.2.1' })];
    assert.equal((await posted.postRaw('/login/token', { token })).statusCode, 303);
    assert.equal(await isIn(posted), true, 'the exchanged session is of the browser that has it');
    const again = await world.api('ValidateLogin', { email: eve.email, password2: PASSWORD });
    cookie.cookies.set('doorward-session', String(again.body['passwordhash']));
    assert.equal(await isIn(cookie), false, 'the program’s own token is of the program’s address');
    await set({ 'session-address-check': 'off' });
    const [desk, cafe] = [world.browser({ ip: '192.0.2.1' }), world.browser({ ip: '198.51.100.1' })];
    await desk.signIn('root');
    for (const [name, value] of desk.cookies) cafe.cookies.set(name, value);
    assert.match(
      leadsTo(await cafe.get('/admin')),
      /^\/admin\/login/,
      'staff stay in their network unless told otherwise',
    );
  });

  test('browsers are listed for their person, can be distrusted, and forgotten', async () => {
    const { eve } = world.cast;
    const [here, there] = [
      await rememberedBrowser(eve.email),
      await rememberedBrowser(eve.email, { ip: '198.51.100.7' }),
    ];
    const page = (await here.get('/user/security/devices')).body;
    assert.match(page, /Firefox on Linux/);
    assert.match(page, /Stays signed in until/);
    const [newest] = await devicesOf(world.ctx, { kind: 'user', id: eve.id });
    assert.equal(newest?.ip, '198.51.100.7');
    const device = String(newest?.deviceId);
    await here.post('/user/security/devices', { device, act: 'forget' });
    assert.match((await here.get('/user/security/devices')).body, /was forgotten/);
    assert.deepEqual([await isIn(there), await isIn(there)], [false, false]);
    await here.post('/user/security/devices', { device, act: 'forget' });
    assert.match((await here.get('/user/security/devices')).body, /not in your list any more/);
  });

  test('a deactivated person is not remembered, and is not when they are back', async () => {
    const { eve } = world.cast;
    const browser = await rememberedBrowser(eve.email);
    await setUserDisabled(world.ctx, SYSTEM, eve.id, true);
    assert.equal(await isIn(browser), false);
    await setUserDisabled(world.ctx, SYSTEM, eve.id, false);
    world.clock.turn(minutes(1));
    assert.equal(await isIn(browser), false);
  });

  test('browsers that nobody came back on are forgotten when their cookie is too old to be kept, and no sooner', async () => {
    const { eve } = world.cast;
    const of = { kind: 'user', id: eve.id } as const;
    await rememberedBrowser(eve.email);
    world.clock.turn(days(399));
    await rememberedBrowser(eve.email);
    const count = async (table: 'devices' | 'remembered'): Promise<number> =>
      (await world.ctx.db.selectFrom(table).select('id').execute()).length;
    const kept = (await devicesOf(world.ctx, of)).filter((one) => one.lastSeenAt > world.clock.now() - days(400));
    assert.ok(kept.length > 1);
    await sweep.run(world.ctx);
    assert.equal((await devicesOf(world.ctx, of)).length, kept.length);
    assert.equal(await count('remembered'), 1);
    world.clock.turn(days(2));
    await sweep.run(world.ctx);
    assert.equal((await devicesOf(world.ctx, of)).length, 1);
    assert.equal(await count('devices'), 1);
  });
});

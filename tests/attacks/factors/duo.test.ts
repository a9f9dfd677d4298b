// Duo through the front door: set up, as the second step, where it is asked again who this is, on the way in, taken away; of
// customers and staff. And what somebody would try against it: a push that was denied, another's yes, a visit that is used
// twice or at once, of another browser, person or purpose, tokens that say something else, and a Duo that is gone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { publicOrigin } from '#domain/settings/public-url.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { hours, minutes, seconds } from '#kit/duration.ts';
import type { DuoLie } from '#tests/duo.ts';
import { DuoStandIn, pathOf, promptsIn, useDuo } from '#tests/duo.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const actor = systemActor('Test');
const OWN = '/user/security/duo';
const STAFF_OWN = '/admin/account/security/duo';
const CONFIRM = '/user/confirm-identity/duo';

onBothDatabases('Duo at the door', (database) => {
  let world: World;
  let duo: DuoStandIn;
  before(async () => {
    duo = await DuoStandIn.start();
    world = await testWorld(database);
    await useDuo(world.ctx);
  });
  after(async () => {
    await world.close();
    await duo.stop();
  });

  const to = (answer: { headers: Record<string, unknown> }): string => String(answer.headers['location'] ?? '');
  /** The first link to Duo on a page; `at` for another. */
  const promptAt = async (browser: TestBrowser, page: string, at = 0): Promise<string> => {
    const { body } = await browser.get(page);
    const prompt = promptsIn(body)[at];
    assert.ok(prompt, body);
    return prompt;
  };
  const passDuo = async (browser: TestBrowser, page: string, lie?: DuoLie) =>
    browser.get(pathOf(duo.approve(await promptAt(browser, page), lie)));
  const atSecondStep = async (name: string): Promise<TestBrowser> => {
    const browser = world.browser();
    const door = name.includes('@') ? '/login/duo' : '/admin/login/duo';
    assert.equal(to(await browser.signIn(name)), door);
    return browser;
  };
  const signedIn = async (name: string): Promise<TestBrowser> => {
    const browser = await atSecondStep(name);
    const staff = !name.includes('@');
    assert.equal(to(await passDuo(browser, staff ? '/admin/login/duo' : '/login/duo')), staff ? '/admin' : '/');
    return browser;
  };
  const sessions = async (): Promise<number> =>
    (await world.ctx.db.selectFrom('sessions').select('id').execute()).length;
  const newestSession = async () =>
    world.ctx.db.selectFrom('sessions').select('methods').orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow();
  /** Back on the page that asked, with this sentence; nobody is in. */
  const refusedTo = async (browser: TestBrowser, answer: { headers: Record<string, unknown> }, says: RegExp) => {
    assert.equal(to(answer), '/login/duo');
    assert.match((await browser.get('/login/duo')).body, says);
    assert.match(to(await browser.get('/user/security')), /^\/login/);
  };

  test('a customer sets it up by showing it once, and it stands on the overview', async () => {
    const browser = world.browser();
    await browser.signIn(world.cast.ada.email);
    const other = world.browser();
    await other.signIn(world.cast.ada.email);
    assert.match((await browser.get('/user/security')).body, /href="\/user\/security\/duo"/);
    const prompt = await promptAt(browser, OWN);
    assert.equal(DuoStandIn.nameIn(prompt), world.cast.ada.email);
    const added = await browser.get(pathOf(duo.approve(prompt)));
    assert.equal(to(added), '/user/security/backup-codes/new', added.body);
    assert.match((await browser.get('/user/security')).body, /You are known there as ada@example\.test/);
    assert.match((await browser.get(OWN)).body, /ada@example\.test/);
    assert.equal((await other.get('/user/security')).statusCode, 303, 'every other session ends (ASVS 5.0 V7.4.3)');
    assert.match((await world.letterTo(world.cast.ada.email)).text, /Duo/);
  });

  test('after the password it is asked for, and opens the door with both methods', async () => {
    const browser = await atSecondStep(world.cast.ada.email);
    const page = await browser.get('/login/duo?goto=%2Fuser%2Fsecurity');
    assert.doesNotMatch(page.body, /ada@example/, 'who it is, is not said before the second step');
    const [prompt = ''] = promptsIn(page.body);
    const answer = await browser.get(pathOf(duo.approve(prompt)));
    assert.equal(to(answer), '/user/security', answer.body);
    assert.equal((await newestSession()).methods, 'password,duo');
    const row = await world.ctx.db.selectFrom('duo_holders').select('last_used_at').executeTakeFirstOrThrow();
    assert.equal(row.last_used_at, world.clock.now());
  });

  test('by the other link the browser is trusted, and not asked again', async () => {
    const browser = await atSecondStep(world.cast.ada.email);
    const trusting = await promptAt(browser, '/login/duo', 1);
    assert.equal(to(await browser.get(pathOf(duo.approve(trusting)))), '/');
    await browser.post('/logout', {}, { from: '/user/security' });
    assert.equal(to(await browser.signIn(world.cast.ada.email)), '/');
    await atSecondStep(world.cast.ada.email); // another browser is asked
  });

  test('after a quarter of an hour it is asked again who this is, by Duo', async () => {
    const browser = await signedIn(world.cast.ada.email);
    world.clock.turn(minutes(16));
    const away = to(await browser.get(OWN));
    assert.equal(away, `/user/confirm-identity?goto=${encodeURIComponent(OWN)}`);
    const asks = to(await browser.get(away));
    assert.equal(asks, `${CONFIRM}?${new URLSearchParams({ goto: OWN })}`);
    const denied = await passDuo(browser, asks, { claims: { auth_result: { result: 'deny' } } });
    assert.equal(to(denied), asks);
    assert.match((await browser.get(asks)).body, /Duo did not confirm/);
    assert.equal((await browser.get(OWN)).statusCode, 303, 'nothing was proved');
    assert.equal(to(await passDuo(browser, asks)), OWN);
    assert.equal((await browser.get(OWN)).statusCode, 200);
  });

  test('staff use theirs alike, under their user name', async () => {
    const browser = world.browser();
    await browser.signIn('root');
    const prompt = await promptAt(browser, STAFF_OWN);
    assert.equal(DuoStandIn.nameIn(prompt), 'root');
    assert.equal(to(await browser.get(pathOf(duo.approve(prompt)))), '/admin/account/security/backup-codes/new');
    const again = await signedIn('root');
    world.clock.turn(minutes(16));
    const page = `/admin/confirm-identity/duo?goto=${encodeURIComponent(STAFF_OWN)}`;
    assert.equal(to(await passDuo(again, page)), STAFF_OWN);
    assert.match((await again.get(STAFF_OWN)).body, /root/);
  });

  test('who must have a second factor sets it up on the way in', async () => {
    const { ctx } = world;
    await changeSettings(ctx, actor, { 'second-factor-required-users': 'on', 'second-factor-grace-days': '0' });
    const browser = world.browser();
    assert.equal(to(await browser.signIn(world.cast.ben.email)), '/login/set-up');
    assert.match((await browser.get('/login/set-up')).body, /href="\/login\/set-up\/duo"/);
    const before = await sessions();
    const denied = await passDuo(browser, '/login/set-up/duo', { claims: { auth_result: { result: 'deny' } } });
    assert.equal(to(denied), '/login/set-up/duo');
    assert.equal(await sessions(), before);
    const prompt = await promptAt(browser, '/login/set-up/duo');
    const [one, other] = [pathOf(duo.approve(prompt)), pathOf(duo.approve(prompt))];
    const answers = await Promise.all([browser.get(one), browser.get(other)]);
    assert.equal(answers.filter((answer) => to(answer).startsWith('/user/security/backup-codes/new')).length, 1);
    assert.equal(await sessions(), before + 1);
    assert.equal((await newestSession()).methods, 'password,duo');
    await changeSettings(ctx, actor, { 'second-factor-required-users': '' });
    assert.equal(to(await browser.get(OWN)), '', 'they are in');
  });

  test('an address that is not confirmed is no name at Duo', async () => {
    await changeSettings(world.ctx, actor, { 'email-verification': 'on' });
    const browser = world.browser();
    await browser.signIn(world.cast.eve.email);
    const page = await browser.get(OWN);
    assert.deepEqual(promptsIn(page.body), []);
    assert.match(page.body, /href="\/user\/confirmation"/);
    await changeSettings(world.ctx, actor, { 'email-verification': '' });
    assert.equal(promptsIn((await browser.get(OWN)).body).length, 1);
  });

  test('denied push, another person’s yes, and tokens that say something else let nobody in', async () => {
    const lies: Readonly<Record<string, DuoLie>> = {
      'denied push': { claims: { auth_result: { result: 'deny', status: 'deny' } } },
      'another name': { claims: { preferred_username: 'eve@example.test' } },
      'another nonce': { claims: { nonce: 'of-another-visit' } },
      'another audience': { claims: { aud: 'DIYYYYYYYYYYYYYYYYYY' } },
      'another issuer': { claims: { iss: 'https://evil.example/oauth/v1/token' } },
      'another secret': { secret: 'z'.repeat(40) },
      'no signature': { alg: 'none' },
    };
    const before = await sessions();
    let browser = await atSecondStep(world.cast.ada.email);
    for (const [at, [what, lie]] of Object.entries(lies).entries()) {
      if (at === 4) browser = await atSecondStep(world.cast.ada.email); // five tries a sign-in
      await refusedTo(browser, await passDuo(browser, '/login/duo', lie), /Duo did not confirm/);
      assert.equal(await sessions(), before, what);
    }
    const prompt = await promptAt(browser, '/login/duo');
    const back = new URL(duo.approve(prompt));
    back.searchParams.set('duo_code', 'made-up');
    await refusedTo(browser, await browser.get(pathOf(back.href)), /Duo did not confirm/);
    const said = new URLSearchParams({ error: 'access_denied', state: back.searchParams.get('state') ?? '' });
    await refusedTo(browser, await browser.get(`/login/duo/callback?${said}`), /Duo did not confirm/);
    assert.equal(await sessions(), before);
  });

  test('five tries, and the sign-in starts anew', async () => {
    world.clock.turn(hours(1)); // the person's own limit, spent above, is fresh again
    const browser = await atSecondStep(world.cast.ada.email);
    const deny: DuoLie = { claims: { auth_result: { result: 'deny' } } };
    const prompts = [];
    for (let i = 0; i < 6; i += 1) prompts.push(await promptAt(browser, '/login/duo'));
    for (const prompt of prompts.slice(1))
      assert.equal(to(await browser.get(pathOf(duo.approve(prompt, deny)))), '/login/duo');
    assert.equal(to(await browser.get(pathOf(duo.approve(prompts[0] ?? '')))), '/login', 'right, and too late');
  });

  test('a visit that Duo said yes to twice, offered many times at once, opens one session', async () => {
    world.clock.turn(hours(1));
    const browser = await atSecondStep(world.cast.ada.email);
    const prompt = await promptAt(browser, '/login/duo');
    const before = await sessions();
    const backs = [1, 2, 3, 4].map(() => pathOf(duo.approve(prompt)));
    const answers = await Promise.all(backs.map((back) => browser.get(back)));
    assert.equal(answers.filter((answer) => to(answer) === '/').length, 1);
    assert.equal(await sessions(), before + 1);
    // And afterwards, for a sign-in that begins in the same browser: the visit is spent, whatever code comes with it.
    const again = world.browser();
    for (const [name, value] of browser.cookies) if (/visit/.test(name)) again.cookies.set(name, value);
    await again.signIn(world.cast.ada.email);
    await refusedTo(again, await again.get(pathOf(duo.approve(prompt))), /Duo did not confirm/);
    assert.equal(await sessions(), before + 1);
  });

  test('a visit of another browser, person, purpose or side, or one that is too old, counts for nothing', async () => {
    world.clock.turn(hours(1));
    const thief = await atSecondStep(world.cast.ada.email);
    const owner = await atSecondStep(world.cast.ada.email);
    const before = await sessions();
    // Somebody who knows the password sends the owner their own link, or takes what the owner came back with.
    const ofOwner = duo.approve(await promptAt(owner, '/login/duo'));
    await refusedTo(thief, await thief.get(pathOf(ofOwner)), /took too long, or was used already/);
    const ben = await atSecondStep(world.cast.ben.email);
    const ofBen = duo.approve(await promptAt(ben, '/login/duo'));
    for (const [name, value] of thief.cookies) if (/visit/.test(name)) ben.cookies.set(name, value);
    const ofBenHere = duo.approve(await promptAt(ben, '/login/duo'));
    for (const back of [ofBen, ofBenHere]) await refusedTo(thief, await thief.get(pathOf(back)), /took too long/);
    // Their own code with the state of the other one.
    const mixed = new URL(duo.approve(await promptAt(thief, '/login/duo')));
    mixed.searchParams.set('duo_code', new URL(ofBenHere).searchParams.get('duo_code') ?? '');
    await refusedTo(thief, await thief.get(pathOf(mixed.href)), /Duo did not confirm/);
    assert.equal(await sessions(), before);

    const inside = await signedIn(world.cast.ada.email);
    const own = duo.approve(await promptAt(inside, CONFIRM));
    const asked = new URL(own).search;
    await inside.post('/logout', {}, { from: '/user/security' });
    await inside.signIn(world.cast.ada.email);
    await refusedTo(inside, await inside.get(`/login/duo/callback${asked}`), /took too long/);
    assert.match(to(await inside.get(`/admin/login/duo/callback${asked}`)), /^\/admin\/login/);

    const slow = await atSecondStep(world.cast.ada.email);
    const late = duo.approve(await promptAt(slow, '/login/duo'));
    world.clock.turn(minutes(5));
    await refusedTo(slow, await slow.get(pathOf(late)), /took too long/);
  });

  test('a code that was taken on its way is worth nothing in another visit of the same person', async () => {
    world.clock.turn(hours(1));
    const owner = await atSecondStep(world.cast.ada.email);
    const thief = await atSecondStep(world.cast.ada.email);
    const taken = new URL(duo.approve(await promptAt(owner, '/login/duo'))).searchParams.get('duo_code') ?? '';
    const back = new URL(duo.approve(await promptAt(thief, '/login/duo')));
    back.searchParams.set('duo_code', taken);
    await refusedTo(thief, await thief.get(pathOf(back.href)), /Duo did not confirm/);
  });

  test('who only looks ahead spends nothing, and the way on is ours', async () => {
    world.clock.turn(hours(1));
    const browser = await atSecondStep(world.cast.ada.email);
    const back = pathOf(duo.approve(await promptAt(browser, '/login/duo?goto=https%3A%2F%2Fevil.example%2F')));
    await browser.get(back, { 'sec-purpose': 'prefetch' });
    assert.equal(to(await browser.get(`${back}&goto=%2F%2Fevil.example`)), '/');
  });

  test('where Duo sends people back is our public address, whatever host a request names', async () => {
    const browser = await atSecondStep(world.cast.ada.email);
    const { body } = await browser.get('/login/duo', { host: 'evil.example' });
    const back = duo.approve(promptsIn(body)[0] ?? '');
    assert.equal(new URL(back).origin, await publicOrigin(world.ctx));
    assert.doesNotMatch(decodeURIComponent(promptsIn(body)[0] ?? ''), /evil/);
  });

  test('when Duo is gone the door stays shut, and the other ways are offered', async () => {
    world.clock.turn(hours(1));
    const root = await signedIn('root');
    const browser = await atSecondStep(world.cast.ada.email);
    const back = pathOf(duo.approve(await promptAt(browser, '/login/duo')));
    const before = await sessions();
    duo.is = 'gone';
    world.clock.turn(seconds(11));
    await refusedTo(browser, await browser.get(back), /Duo cannot be asked at the moment/);
    const page = await browser.get('/login/duo');
    assert.deepEqual(promptsIn(page.body), []);
    assert.match(page.body, /href="\/login\/recovery"/);
    duo.is = {
      status: 400,
      says: { error: 'invalid_client', error_description: 'Integration type does not support frameless access.' },
    };
    world.clock.turn(seconds(11));
    await refusedTo(browser, await browser.get(back), /Duo cannot be asked at the moment/);
    assert.equal(await sessions(), before);
    const settings = await root.get('/admin/settings/security');
    assert.match(settings.body, /Make a new one of the kind “Web SDK”/, 'staff are told what to do');
    assert.match(settings.body, /does not support frameless access/);
    duo.is = 'up';
    world.clock.turn(seconds(11));
    assert.equal(to(await passDuo(browser, '/login/duo')), '/');
    assert.doesNotMatch((await root.get('/admin/settings/security')).body, /Duo does not work/);
  });

  test('a session that showed a password alone adds none where a factor is, and strangers and staff in one’s place none', async () => {
    const { ctx, cast } = world;
    const browser = world.browser();
    await browser.signIn(cast.eve.email);
    const back = pathOf(duo.approve(await promptAt(browser, OWN)));
    // Another factor appears meanwhile: eve gets ben's row, as if it had been set up elsewhere.
    await ctx.db.updateTable('duo_holders').set({ user_id: cast.eve.id }).where('user_id', '=', cast.ben.id).execute();
    assert.equal(to(await browser.get(back)), OWN);
    assert.match(to(await browser.get(OWN)), /confirm-identity/);
    await ctx.db.updateTable('duo_holders').set({ user_id: cast.ben.id }).where('user_id', '=', cast.eve.id).execute();
    assert.match(to(await world.browser().get(back)), /^\/login\?goto=/);
    world.clock.turn(minutes(31));
    assert.notEqual((await browser.get(back)).statusCode, 200);
    // Staff in eve's place, who came by what eve's browser was sent back with.
    const root = await signedIn('root');
    await root.post(`/admin/clients/${cast.eve.clientId}/acting`, { reason: 'Ticket 4711', write: '1' });
    assert.equal((await root.get(OWN)).statusCode, 403);
    for (const page of [back, back.replace(OWN, CONFIRM), CONFIRM])
      assert.equal((await root.get(page)).statusCode, 403);
    const rows = await ctx.db.selectFrom('duo_holders').select('user_id').execute();
    assert.equal(rows.filter((row) => row.user_id === cast.eve.id).length, 0);
  });

  test('where it is allowed to nobody any more none is set up, and what is there is still asked for', async () => {
    await changeSettings(world.ctx, actor, { 'duo-users': '' });
    const browser = world.browser();
    await browser.signIn(world.cast.eve.email);
    assert.deepEqual(promptsIn((await browser.get(OWN)).body), []);
    assert.doesNotMatch((await browser.get('/user/security')).body, /security\/duo"/);
    await signedIn(world.cast.ada.email);
    await changeSettings(world.ctx, actor, { 'duo-client-secret': '' });
    await atSecondStep(world.cast.ada.email); // without credentials it stays due: nobody is let in past it
    await useDuo(world.ctx);
  });

  test('one’s own is removed after a warning, and staff switch it off', async () => {
    const browser = await signedIn(world.cast.ada.email);
    assert.match((await browser.get(`${OWN}/removal`)).body, /Your password alone signs you in/);
    assert.equal(to(await browser.post(`${OWN}/removal`)), '/user/security');
    assert.equal((await browser.get(`${OWN}/removal`)).statusCode, 404);
    assert.equal(to(await world.browser().signIn(world.cast.ada.email)), '/');
    const root = await signedIn('root');
    const off = `/admin/users/${world.cast.ben.id}/second-factor`;
    assert.match((await root.get(off)).body, /Duo/);
    assert.equal((await root.post(off, { reason: 'Lost the phone' })).statusCode, 303);
    assert.equal(to(await world.browser().signIn(world.cast.ben.email)), '/');
    const events = await world.ctx.db
      .selectFrom('audit_log')
      .select('event')
      .where('event', 'like', '%.2fa.%')
      .execute();
    for (const wanted of ['user.2fa.enabled', 'user.2fa.disabled', 'user.2fa.disabled_by_admin', 'admin.2fa.enabled'])
      assert.ok(
        events.some(({ event }) => event === wanted),
        wanted,
      );
  });
});

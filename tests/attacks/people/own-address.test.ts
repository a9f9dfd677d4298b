// Through the front door: taking over a sign-in by its address, or learning by it who is here.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { letterHistory, liveLetterOf } from '#domain/mail/outbox.ts';
import { userOf } from '#domain/users/users.ts';
import { hours, minutes } from '#kit/duration.ts';
import { csrfOf } from '#tests/attacks/entrance/posted.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

const FRESH = 'a wholly different phrase';

onBothDatabases('the address of a sign-in', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  const signedIn = async (email: string): Promise<TestBrowser> => {
    const browser = world.browser();
    await browser.signIn(email);
    return browser;
  };
  /** The path of the newest letter to an address that holds one of these links; the letter is written after the answer. */
  const pathIn = async (address: string, path: RegExp): Promise<string | undefined> => {
    for (let tries = 0; tries < 40; tries += 1) {
      for (const { id, to } of await letterHistory(world.ctx, {}, { limit: 30 })) {
        const found = to === address ? path.exec((await liveLetterOf(world.ctx, id)).text) : null;
        if (found) return found[0];
      }
      await sleep(5);
    }
    return undefined;
  };
  const CONFIRM = /\/user\/email\/confirm\/[\w-]{43}/;
  const UNDO = /\/email\/undo\/[\w-]{43}/;

  test('asking for an address that is taken, free, or kept for somebody answers alike: words, status, headers, what is shown', async () => {
    world.clock.turn(hours(25));
    const browser = await signedIn('ben@example.test');
    const answers: { status: number; shown: string; headers: string; to: string }[] = [];
    for (const email of ['ada@example.test', 'ADA@example.test', 'nobody-has@example.test']) {
      const posted = await browser.post('/user/email', { email });
      const shown = await browser.get('/user/email');
      const plain = (text: string): string =>
        text.replaceAll(new RegExp(email, 'g'), 'ADDRESS').replaceAll(/name="csrf" value="[^"]*"/g, '');
      const { date: _, 'set-cookie': cookie, ...headers } = posted.headers;
      answers.push({
        status: posted.statusCode,
        to: String(posted.headers.location),
        headers: JSON.stringify([headers, [cookie].flat().map((one) => String(one).split('=')[0])]),
        shown: plain(shown.body),
      });
    }
    assert.equal(answers[0]?.status, 303);
    for (const other of answers.slice(1)) assert.deepEqual(other, answers[0]);
    // Nor by the copy of one's data.
    const copy = (await browser.post('/user/export')).json();
    assert.ok(!JSON.stringify(copy.letters).includes('nobody-has@example.test'));
  });

  test('a confirm link that was forwarded opens nothing for a stranger or for somebody else, and stays whole', async () => {
    world.clock.turn(hours(25));
    const ben = await signedIn('ben@example.test');
    await ben.post('/user/email', { email: 'ben-fresh@example.test' });
    const link = (await pathIn('ben-fresh@example.test', CONFIRM)) ?? '';
    const stranger = world.browser();
    const away = await stranger.get(link);
    assert.deepEqual([away.statusCode, String(away.headers.location).startsWith('/login?goto=')], [303, true]);
    const eve = await signedIn('eve@example.test');
    assert.equal((await eve.get(link)).statusCode, 403);
    const csrf = csrfOf(await eve.get('/user/profile'));
    const posted = await eve.postRaw(link, { csrf }, { 'sec-fetch-site': 'same-origin' });
    assert.equal(posted.statusCode, 403);
    assert.equal((await userOf(world.ctx, world.cast.eve.id)).email, 'eve@example.test');
    assert.equal((await userOf(world.ctx, world.cast.ben.id)).email, 'ben@example.test');
    assert.equal((await ben.get(link)).statusCode, 200); // looking changes nothing
    assert.equal((await userOf(world.ctx, world.cast.ben.id)).email, 'ben@example.test');
    const before = ben.cookies.get('session') ?? [...ben.cookies.values()].join();
    assert.equal((await ben.post(link)).headers.location, '/user/profile');
    assert.equal((await userOf(world.ctx, world.cast.ben.id)).email, 'ben-fresh@example.test');
    const after = ben.cookies.get('session') ?? [...ben.cookies.values()].join();
    assert.notEqual(after, before); // under a new token: a stolen cookie of this very session is dead
    assert.equal((await ben.get('/user/profile')).statusCode, 200);
    assert.equal((await ben.get(link)).statusCode, 410);
  });

  test('a stolen cookie, a quarter of an hour after it was made, changes no address, takes no copy and deletes nobody', async () => {
    world.clock.turn(hours(25));
    const thief = await signedIn('eve@example.test');
    const drawn = csrfOf(await thief.get('/user/email')); // a form that was opened in time, and kept
    world.clock.turn(minutes(31));
    for (const [path, fields] of [
      ['/user/email', { email: 'thief@example.test' }],
      ['/user/export', {}],
      ['/user/deletion', {}],
      [`/account/${world.cast.eve.clientId}/ownership`, { to: String(world.cast.ben.id) }],
    ] as const) {
      const asked = `/user/confirm-identity?goto=${encodeURIComponent(path)}`;
      assert.equal((await thief.get(path)).headers.location, asked);
      const answer = await thief.postRaw(path, { ...fields, csrf: drawn }, { 'sec-fetch-site': 'same-origin' });
      assert.equal(answer.headers.location, asked);
    }
    assert.equal((await userOf(world.ctx, world.cast.eve.id)).email, 'eve@example.test');
    assert.equal(
      await letterHistory(world.ctx, {}, { limit: 90 }).then(
        (all) => all.filter((one) => one.to === 'thief@example.test').length,
      ),
      0,
    );
  });

  test('guessing the password there is counted with guessing it elsewhere', async () => {
    world.clock.turn(hours(25));
    const browser = await signedIn('cleo@example.test'); // asked for a code: not signed in, so nothing opens at all
    assert.equal((await browser.get('/user/email')).statusCode, 303);
    const eve = await signedIn('eve@example.test');
    for (let at = 0; at < 5; at += 1) await eve.post('/user/password', { current: `guess ${at}`, password: FRESH });
    world.clock.turn(minutes(16)); // it is asked again who this is
    for (let at = 0; at < 5; at += 1) await eve.post('/user/confirm-identity', { current: `guess ${at}` });
    assert.equal((await eve.post('/user/confirm-identity', { current: PASSWORD })).statusCode, 429);
  });

  test('an address changed by staff, or by a program, is told to the old one, which puts it back without signing in', async () => {
    world.clock.turn(hours(25));
    const admin = world.browser();
    await admin.signIn('root');
    const { ada } = world.cast;
    const victim = await signedIn(ada.email);
    const fields = { firstName: 'Ada', lastName: 'Lovelace', email: 'thief-one@example.test', language: '' };
    const saved = await admin.post(`/admin/users/${ada.id}/profile`, fields);
    assert.equal(saved.statusCode, 303);
    assert.equal((await victim.get('/user/profile')).statusCode, 303); // out
    const first = (await pathIn(ada.email, UNDO)) ?? '';
    const called = await world.api('UpdateUser', { user_id: ada.id, email: 'thief-two@example.test' });
    assert.equal(called.body['result'], 'success');
    assert.match((await world.letterTo('thief-one@example.test')).subject, /another address/);
    const stranger = world.browser();
    assert.match((await stranger.get(first)).body, /a•••@example\.test/);
    assert.ok(!(await stranger.get(first)).body.includes('thief'), 'the page names the new address');
    assert.equal((await userOf(world.ctx, ada.id)).email, 'thief-two@example.test'); // looking changes nothing
    assert.equal((await stranger.post(first, { password: 'short' })).statusCode, 422);
    assert.equal((await stranger.post(first, { password: FRESH })).headers.location, '/login');
    assert.equal((await userOf(world.ctx, ada.id)).email, ada.email);
    assert.equal((await stranger.get('/user/profile')).statusCode, 303); // nobody is signed in by it
    assert.equal((await world.browser().signIn(ada.email)).statusCode, 422);
    assert.equal((await world.browser().signIn(ada.email, FRESH)).statusCode, 303);
    const second = (await pathIn('thief-one@example.test', UNDO)) ?? '';
    assert.equal((await stranger.get(second)).statusCode, 410); // the thief's own way back died with it
    assert.equal((await stranger.get('/email/undo/unknown')).statusCode, 404);
  });

  test('the way back asks nobody for a second factor, and leaves it where it was', async () => {
    world.clock.turn(hours(25));
    const { cleo } = world.cast;
    // cleo's factor of the tests goes by the address, so it is asked for once the address is back.
    await world.api('UpdateUser', { user_id: cleo.id, email: 'moved-cleo@example.test' });
    const link = (await pathIn(cleo.email, UNDO)) ?? '';
    await world.browser().post(link, { password: FRESH });
    const answer = await world.browser().signIn(cleo.email, FRESH);
    assert.equal(answer.headers.location, '/login/code');
  });

  test('the host that a request names does not get into the links of these letters', async () => {
    world.clock.turn(hours(25));
    const eve = await signedIn('eve@example.test');
    await eve.post(
      '/user/email',
      { email: 'eve-fresh@example.test' },
      { headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' } },
    );
    await pathIn('eve-fresh@example.test', CONFIRM);
    assert.match((await world.letterTo('eve-fresh@example.test')).link, /^http:\/\/localhost:\d+\/user\/email/);
  });

  test('staff without the permission neither withdraw a way back nor copy details nor choose an owner', async () => {
    const sam = world.browser();
    await sam.signIn('sam');
    const { ada, ben } = world.cast;
    const posts = [
      [`/admin/clients/${ada.clientId}/ownership`, { to: String(ben.id) }],
      [`/admin/clients/${ada.clientId}/owner-match/to-owner`, {}],
      [`/admin/clients/${ada.clientId}/owner-match/to-client`, {}],
    ] as const;
    for (const [path, fields] of posts)
      assert.equal((await sam.post(path, fields, { from: '/admin' })).statusCode, 403, path);
    assert.equal((await world.browser().get(`/admin/users/${ada.id}/email-undos`)).statusCode, 303);
    assert.equal((await sam.get('/admin/users/drift')).statusCode, 200);
  });
});

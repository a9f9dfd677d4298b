// Whoever knows the password and not the code holds a cookie of a sign-in under way. It must open nothing.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findPages } from '#src/app.ts';
import { leadsTo } from '#tests/attacks/entrance/posted.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { CODE, onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

onBothDatabases('attempt cookie', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  const halfSignedIn = async (): Promise<TestBrowser> => {
    const browser = world.browser();
    assert.equal(leadsTo(await browser.signIn('cleo@example.test')), '/login/code');
    assert.equal(browser.cookies.has('doorward-session'), false);
    return browser;
  };
  const addresses = async (): Promise<{ address: string; opens: boolean }[]> => {
    const pages = (await findPages()).filter(({ room }) => room !== 'entrance');
    assert.ok(pages.length > 5);
    return pages.map(({ address, page }) => ({
      address: address.replace(':client', String(world.cast.cleo.clientId)).replace(/:\w+/g, '1'),
      opens: page.get !== undefined,
    }));
  };

  test('every page of the client area and the admin area sends it to sign in, by GET and by POST', async () => {
    const browser = await halfSignedIn();
    for (const { address, opens } of await addresses()) {
      const login = address.startsWith('/admin') ? '/admin/login' : '/login';
      const get = await browser.get(address);
      assert.ok(opens ? leadsTo(get).startsWith(login) : get.statusCode === 404, address);
      const post = await browser.postRaw(address, {}, { 'sec-fetch-site': 'same-origin' });
      assert.ok(post.statusCode === 404 || leadsTo(post).startsWith(login), `POST ${address} ${post.statusCode}`);
      assert.doesNotMatch(post.body, /cleo|Patra/i);
    }
  });

  test('its token is no session, no single sign-on token, no handed-over session, no set-up token, no link', async () => {
    const browser = await halfSignedIn();
    const token = browser.cookies.get('doorward-attempt') ?? '';
    assert.notEqual(token, '');
    const other = world.browser();
    for (const name of ['doorward-session', 'doorward-admin', '__Host-doorward-session'])
      other.cookies.set(name, token);
    assert.match(leadsTo(await other.get('/user/profile')), /^\/login/);
    assert.match(leadsTo(await other.get('/admin')), /^\/admin\/login/);
    assert.equal(leadsTo(await other.get(`/oauth/singlesignon.php?access_token=${token}`)), '/login');
    assert.equal(leadsTo(await other.postRaw('/login/token', { token })), '/login');
    assert.equal((await other.get(`/password/set/${token}`)).statusCode, 404);
    assert.equal((await other.get(`/setup?token=${token}`)).statusCode, 410);
    assert.equal(other.cookies.has('doorward-session'), false);
  });

  test('an attempt that waits for a code sets no password', async () => {
    const browser = await halfSignedIn();
    assert.equal(leadsTo(await browser.get('/login/new-password')), '/login');
    const again = await halfSignedIn();
    const csrf = /name="csrf" value="([^"]*)"/.exec((await again.get('/login/code')).body)?.[1] ?? '';
    const fields = { csrf, password: 'a phrase of my own choice' };
    const answer = await again.postRaw('/login/new-password', fields, { 'sec-fetch-site': 'same-origin' });
    assert.equal(leadsTo(answer), '/login');
    assert.equal(again.cookies.has('doorward-session'), false);
  });

  test("a customer's attempt is not taken at the staff's door", async () => {
    const browser = await halfSignedIn();
    assert.equal(leadsTo(await browser.get('/admin/login/code')), '/admin/login');
  });

  test('its token never stands in an address', async () => {
    const browser = world.browser();
    const answer = await browser.signIn('cleo@example.test');
    const token = browser.cookies.get('doorward-attempt') ?? '';
    assert.equal(leadsTo(answer).includes(token), false);
    assert.equal((await browser.get('/login/code')).body.includes(token), false);
  });

  test('five wrong codes end it, and the right one then opens nothing', async () => {
    world.clock.turn(3_600_000);
    const browser = await halfSignedIn();
    for (let tries = 0; tries < 5; tries += 1) {
      const page = await browser.get('/login/code');
      if (page.statusCode !== 200) break;
      await browser.post('/login/code', { code: '000000' });
    }
    assert.equal(leadsTo(await browser.get('/login/code')), '/login');
    const csrf = /name="csrf" value="([^"]*)"/.exec((await browser.get('/login')).body)?.[1] ?? '';
    const late = await browser.postRaw('/login/code', { csrf, code: CODE }, { 'sec-fetch-site': 'same-origin' });
    assert.equal(leadsTo(late), '/login');
    assert.equal(browser.cookies.has('doorward-session'), false);
  });

  test('ten minutes end it', async () => {
    const browser = await halfSignedIn();
    world.clock.turn(600_001);
    assert.equal(leadsTo(await browser.get('/login/code')), '/login');
  });

  test('50 posts of the right code at once open one session', async () => {
    world.clock.turn(3_600_000);
    const browser = await halfSignedIn();
    const attempt = browser.cookies.get('doorward-attempt') ?? '';
    const csrf = /name="csrf" value="([^"]*)"/.exec((await browser.get('/login/code')).body)?.[1] ?? '';
    const visit = browser.cookies.get('doorward-visit') ?? '';
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => {
        const copy = world.browser();
        copy.cookies.set('doorward-attempt', attempt);
        copy.cookies.set('doorward-visit', visit);
        return copy.postRaw('/login/code', { csrf, code: CODE }, { 'sec-fetch-site': 'same-origin' });
      }),
    );
    const opened = answers.filter((answer) =>
      answer.cookies.some(({ name, value }) => name === 'doorward-session' && value),
    );
    assert.equal(opened.length, 1);
    assert.equal((await world.browser().signIn('cleo@example.test', PASSWORD)).headers.location, '/login/code');
  });
});

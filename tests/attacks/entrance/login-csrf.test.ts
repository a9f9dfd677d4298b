// Login CSRF: a site that makes a visitor's browser sign in as the attacker, who then reads what the visitor enters.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { csrfOf, leadsTo } from '#tests/attacks/entrance/posted.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

onBothDatabases('login CSRF', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  const credentials = { email: 'eve@example.test', password: PASSWORD };
  const signedIn = (cookies: ReadonlyMap<string, string>): boolean => cookies.has('doorward-session');

  test('the right credentials without our form token sign in nobody', async () => {
    const browser = world.browser();
    const answer = await browser.postRaw('/login', credentials, { 'sec-fetch-site': 'same-origin' });
    assert.equal(answer.statusCode, 403);
    assert.equal(signedIn(browser.cookies), false);
  });

  test("the form token of the attacker's own browser is worth nothing in another", async () => {
    const theirs = csrfOf(await world.browser().get('/login'));
    const browser = world.browser();
    await browser.get('/login');
    const answer = await browser.postRaw('/login', { csrf: theirs, ...credentials });
    assert.equal(answer.statusCode, 403);
    assert.equal(signedIn(browser.cookies), false);
  });

  for (const [what, headers] of [
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling sub-domain', { 'sec-fetch-site': 'same-site' }],
    ['a foreign Origin, from a browser without Fetch Metadata', { origin: 'https://evil.example' }],
    ['an Origin that only begins like ours', { origin: 'http://localhost.evil.example' }],
  ] as const) {
    test(`a post from ${what} signs in nobody, even with the right token`, async () => {
      const browser = world.browser();
      const csrf = csrfOf(await browser.get('/login'));
      const answer = await browser.postRaw('/login', { csrf, ...credentials }, headers);
      assert.equal(answer.statusCode, 403);
      assert.equal(signedIn(browser.cookies), false);
    });
  }

  test('the staff door is held the same way', async () => {
    const browser = world.browser();
    const csrf = csrfOf(await browser.get('/admin/login'));
    const staff = { username: 'root', password: PASSWORD };
    for (const [fields, headers] of [
      [staff, {}],
      [{ csrf, ...staff }, { 'sec-fetch-site': 'cross-site' }],
    ] as const) {
      assert.equal((await browser.postRaw('/admin/login', fields, headers)).statusCode, 403);
      assert.equal(browser.cookies.has('doorward-admin'), false);
    }
  });

  test('/dologin.php, which older sites post to without a token, signs in nobody and says what to do', async () => {
    for (const headers of [{ 'sec-fetch-site': 'cross-site', origin: 'https://www.example.test' }, {}] as const) {
      const browser = world.browser();
      const answer = await browser.postRaw(
        '/dologin.php',
        { username: 'eve@example.test', password: PASSWORD },
        headers,
      );
      assert.equal(answer.statusCode, 200);
      assert.equal(signedIn(browser.cookies), false);
      assert.match(answer.body, /action="\/login"/);
      assert.match(answer.body, /value="eve@example\.test"/);
      assert.doesNotMatch(answer.body, new RegExp(PASSWORD));
    }
  });

  test('the form that /dologin.php draws signs in, in the browser it was drawn for', async () => {
    const browser = world.browser();
    const drawn = await browser.postRaw('/dologin.php', {
      username: 'eve@example.test',
      goto: 'clientarea.php?action=details',
    });
    const goto = /name="goto" value="([^"]*)"/.exec(drawn.body)?.[1] ?? '';
    const fields = { csrf: csrfOf(drawn), goto, ...credentials };
    const answer = await browser.postRaw('/login', fields, { 'sec-fetch-site': 'same-origin' });
    assert.equal(leadsTo(answer), '/clientarea.php?action=details');
    assert.equal(signedIn(browser.cookies), true);
  });

  test('nobody is signed out by a foreign post, nor by an image that names /logout', async () => {
    const browser = world.browser();
    await browser.signIn('ada@example.test');
    await browser.postRaw('/logout', {}, { 'sec-fetch-site': 'cross-site' });
    await browser.get('/logout', { 'sec-fetch-dest': 'image', 'sec-fetch-site': 'cross-site' });
    assert.equal((await browser.get(`/account/${world.cast.ada.clientId}`)).statusCode, 200);
  });
});

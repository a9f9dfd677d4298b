// Stored script: what people type about themselves is drawn inert, wherever it comes up.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { leadsTo } from '#tests/attacks/entrance/posted.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const SCRIPT = `"><script>alert('x')</script><img src=x onerror=alert(1)>{{7*7}}\${7*7}<!--`;

onBothDatabases('stored script', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  const assertInert = (body: string, where: string): void => {
    assert.doesNotMatch(body, /<script>alert|<img src=x|onerror=alert\(1\)>/, where);
    assert.doesNotMatch(body, /<script(?![^>]*src="\/assets\/)/, where);
    assert.doesNotMatch(body, / style=| on\w+="/, where);
  };

  test('in names, companies and addresses', async () => {
    const ada = world.browser();
    await ada.signIn('ada@example.test');
    const account = `/account/${world.cast.ada.clientId}`;
    const saved = await ada.post(`${account}/details`, {
      firstName: SCRIPT,
      lastName: SCRIPT,
      companyName: SCRIPT,
      address1: SCRIPT,
      city: SCRIPT,
      taxId: SCRIPT,
    });
    assert.equal(leadsTo(saved), `${account}/details`);
    await ada.post('/user/profile', { firstName: SCRIPT, lastName: 'Lovelace' });
    for (const path of [account, `${account}/details`, '/account', '/user/profile', '/user/sessions', '/logout']) {
      const page = await ada.get(path);
      assert.equal(page.statusCode, 200, path);
      assertInert(page.body, path);
      assert.match(String(page.headers['content-security-policy']), /default-src 'none'.*script-src 'self'/);
    }
    const ben = world.browser();
    await ben.signIn('ben@example.test');
    const home = await ben.get(account);
    assert.match(home.body, /&lt;script&gt;/, 'the owner is named to members, escaped');
    assertInert(home.body, 'home of a member');
    assertInert((await ben.get(`${account}/details`)).body, 'refusal that names the owner');
  });

  test('in what a browser calls itself', async () => {
    const browser = world.browser({ userAgent: `Mozilla/5.0 ${SCRIPT}` });
    await browser.signIn('eve@example.test');
    const page = await browser.get('/user/sessions');
    assertInert(page.body, 'sessions');
    assert.doesNotMatch(page.body, /alert/);
  });

  test('in what a refused form gives back', async () => {
    const browser = world.browser();
    for (const [path, fields] of [
      ['/login', { email: SCRIPT, password: 'x', goto: SCRIPT }],
      ['/admin/login', { username: SCRIPT, password: 'x', goto: SCRIPT }],
      ['/password/reset', { email: SCRIPT }],
    ] as const) {
      const answer = await browser.post(path, fields);
      assert.equal(answer.statusCode, 422, path);
      assertInert(answer.body, path);
    }
    assertInert((await browser.postRaw('/dologin.php', { username: SCRIPT, goto: SCRIPT })).body, '/dologin.php');
    assertInert((await browser.get(`/login?${new URLSearchParams({ goto: SCRIPT })}`)).body, 'goto');
    assertInert((await browser.get(`/${encodeURIComponent(SCRIPT)}`)).body, 'an address that is not there');
  });

  test('in what is searched for', async () => {
    const browser = world.browser();
    await browser.signIn('eve@example.test');
    assertInert(
      (await browser.get(`/account?${new URLSearchParams({ q: SCRIPT, for: SCRIPT, id: SCRIPT })}`)).body,
      'q',
    );
  });

  test('in a notice that somebody put into the cookie by hand', async () => {
    const browser = world.browser();
    const planted = { tone: '"><script>', key: 'entrance.logout.intro', values: { who: SCRIPT } };
    browser.cookies.set('doorward-notice', Buffer.from(JSON.stringify(planted)).toString('base64url'));
    assertInert((await browser.get('/login')).body, 'notice');
  });
});

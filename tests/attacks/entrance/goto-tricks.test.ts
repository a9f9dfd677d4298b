// The way back after signing in, in every spelling that would lead to another site, or to what it must not name.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { leadsTo } from '#tests/attacks/entrance/posted.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

const FOREIGN = [
  'https://evil.example',
  'http:evil.example',
  'HTTPS://evil.example/account/1',
  '//evil.example',
  '///evil.example',
  '////evil.example/%2e%2e',
  '/\\evil.example',
  '\\\\evil.example',
  '/\\/evil.example',
  '\\/evil.example',
  '/%2f/evil.example',
  '/%2f%2fevil.example',
  '/%5cevil.example',
  '/%5C%5Cevil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/account/..//evil.example',
  '/\t/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/\n/evil.example',
  '/account\r\nSet-Cookie: doorward-session=planted',
  '/account%0d%0aLocation:%20https://evil.example',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\tscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  '//user:pw@evil.example',
  '/@evil.example/..//evil.example',
  'https:/evil.example',
  'https:evil.example',
  'evil.example:443//',
  '/\u0000/evil.example',
  '/\u3000//evil.example/\\',
  '//evil%E3%80%82example',
  '/login?goto=//evil.example',
  '/logout',
  '/oauth/singlesignon.php?access_token=stolen',
  '/admin',
  '/admin/clients',
];

onBothDatabases('goto tricks', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  const isOurs = (to: string): boolean => {
    const url = new URL(to, 'http://doorward.test');
    return url.origin === 'http://doorward.test' && to.startsWith('/') && !to.startsWith('//') && !/[\r\n\\]/.test(to);
  };

  test('after signing in, each of them leads home', async () => {
    for (const goto of FOREIGN) {
      const browser = world.browser();
      const answer = await browser.post('/login', { email: 'ada@example.test', password: PASSWORD, goto });
      assert.equal(leadsTo(answer), '/', JSON.stringify(goto));
    }
  });

  test('for whoever is signed in already, each of them leads home', async () => {
    const browser = world.browser();
    await browser.signIn('ada@example.test');
    for (const goto of FOREIGN) {
      assert.equal(leadsTo(await browser.get(`/login?${new URLSearchParams({ goto })}`)), '/', JSON.stringify(goto));
    }
  });

  test('the sign-in page carries none of them in its form', async () => {
    for (const goto of FOREIGN) {
      const page = await world.browser().get(`/login?${new URLSearchParams({ goto })}`);
      assert.doesNotMatch(page.body, /name="goto"/, JSON.stringify(goto));
    }
  });

  test('a way back inside our own pages is kept', async () => {
    for (const goto of ['/user/profile', `/account/${world.cast.ada.clientId}/details`, '/account?q=a&for=invoices']) {
      const browser = world.browser();
      const page = await browser.get(`/login?${new URLSearchParams({ goto })}`);
      assert.match(page.body, /name="goto"/);
      const answer = await browser.post('/login', { email: 'ada@example.test', password: PASSWORD, goto });
      assert.equal(leadsTo(answer), goto);
    }
  });

  test('staff are led below /admin alone', async () => {
    const outside = [
      ...FOREIGN.filter((goto) => !goto.startsWith('/admin')),
      '/account/1',
      '/adminevil',
      '/admin//evil.example',
      '/admin/..//evil.example',
      '/admin/\\evil.example',
      '/admin/login',
      '/admin/logout',
      '/admin\r\n/x',
    ];
    const browser = world.browser();
    await browser.signIn('root');
    for (const goto of outside) {
      const to = leadsTo(await browser.get(`/admin/login?${new URLSearchParams({ goto })}`));
      assert.equal(to, '/admin', JSON.stringify(goto));
    }
    for (const goto of ['/admin/clients?q=ada', '/admin/clients/1/users'])
      assert.equal(leadsTo(await browser.get(`/admin/login?${new URLSearchParams({ goto })}`)), goto);
  });

  test('whoever climbs within /admin stays within /admin', async () => {
    const browser = world.browser();
    await browser.signIn('root');
    for (const goto of ['/admin/a/../../b', '/admin/a/../../../b', '/admin/%2e%2e/b', '/admin/x/%2e%2e/%2e%2e/y'])
      assert.match(leadsTo(await browser.get(`/admin/login?${new URLSearchParams({ goto })}`)), /^\/admin(\/|$)/);
  });

  test('a code step and a handed-over token lead home as well', async () => {
    for (const goto of FOREIGN.filter((_, at) => at % 5 === 0)) {
      const taken = await world.browser().postRaw('/login/token', { token: 'nothing', goto });
      assert.ok(isOurs(leadsTo(taken)), leadsTo(taken));
      const browser = world.browser();
      const step = await browser.post('/login', { email: 'cleo@example.test', password: PASSWORD, goto });
      assert.ok(isOurs(leadsTo(step)));
      assert.doesNotMatch((await browser.get(leadsTo(step))).body, /name="goto"/, JSON.stringify(goto));
    }
  });

  test('being sent to sign in and back keeps to our own pages, whatever the address looked like', async () => {
    for (const path of ['/account/1/details?x=//evil.example', '/user/profile?goto=https://evil.example']) {
      const to = leadsTo(await world.browser().get(path));
      assert.ok(isOurs(to));
      assert.equal(
        new URL(to, 'http://doorward.test').searchParams.get('goto'),
        path.replaceAll('//', '%2F%2F').replace('https:', 'https%3A'),
      );
    }
  });

  test('the older addresses are no open redirects', async () => {
    const browser = world.browser();
    for (const goto of FOREIGN) {
      const query = new URLSearchParams({ goto, rp: goto, action: goto, id: goto, url: goto, returnurl: goto });
      for (const script of ['index.php', 'login.php', 'clientarea.php', 'logout.php', 'cart.php', 'upgrade.php']) {
        const to = leadsTo(await browser.get(`/${script}?${query}`));
        assert.ok(isOurs(to), `${script} ${JSON.stringify(goto)} -> ${to}`);
      }
      const behind = await browser.get(`/index.php/${encodeURI(goto).replaceAll('\\', '%5c')}`);
      assert.ok(behind.statusCode === 404 || isOurs(leadsTo(behind)), `${JSON.stringify(goto)} -> ${leadsTo(behind)}`);
    }
  });
});

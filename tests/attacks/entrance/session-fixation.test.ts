// Session fixation: a cookie that an attacker planted before sign-in must never become the session.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { createSsoToken } from '#domain/sso/sso.ts';
import { csrfOf, leadsTo } from '#tests/attacks/entrance/posted.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

onBothDatabases('session fixation', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  const home = (): string => `/account/${world.cast.ada.clientId}`;

  test('a planted session cookie is replaced at sign-in and opens nothing afterwards', async () => {
    const planted = 'A'.repeat(43);
    const browser = world.browser();
    browser.cookies.set('doorward-session', planted);
    await browser.get('/login');
    browser.cookies.set('doorward-session', planted);
    await browser.signIn('ada@example.test');
    assert.notEqual(browser.cookies.get('doorward-session'), planted);
    const attacker = world.browser();
    attacker.cookies.set('doorward-session', planted);
    assert.equal(leadsTo(await attacker.get(home())).startsWith('/login'), true);
  });

  test("the attacker's own live session, planted, does not become the victim's: it ends", async () => {
    const attacker = world.browser();
    await attacker.signIn('eve@example.test');
    const planted = attacker.cookies.get('doorward-session') ?? '';
    const victim = world.browser();
    victim.cookies.set('doorward-session', planted);
    // Already signed in, as the attacker: there is no form here to sign in over it.
    assert.equal(leadsTo(await victim.get('/login')), '/');
    victim.cookies.delete('doorward-session');
    await victim.signIn('ada@example.test');
    assert.notEqual(victim.cookies.get('doorward-session'), planted);
    assert.equal((await attacker.get(home())).statusCode, 404);
  });

  test('a browser that is signed in anew loses its session of before, which no copy of it survives', async () => {
    const browser = world.browser();
    await browser.signIn('eve@example.test');
    const before = browser.cookies.get('doorward-session') ?? '';
    const made = await createSsoToken(world.ctx, systemActor('Test'), {
      clientId: world.cast.ada.clientId,
      userId: undefined,
      destination: undefined,
      serviceId: undefined,
      domainId: undefined,
      redirectPath: undefined,
    });
    assert.ok('token' in made);
    await browser.get(`/oauth/singlesignon.php?access_token=${made.token}`);
    assert.equal((await browser.get(home())).statusCode, 200);
    const copy = world.browser();
    copy.cookies.set('doorward-session', before);
    assert.match(leadsTo(await copy.get('/user/profile')), /^\/login/);
  });

  test('a form token drawn for a stranger is dead once the browser is signed in', async () => {
    const browser = world.browser();
    const csrf = csrfOf(await browser.get('/login'));
    await browser.signIn('ada@example.test');
    const answer = await browser.postRaw(
      '/user/profile',
      { csrf, firstName: 'Mallory' },
      { 'sec-fetch-site': 'same-origin' },
    );
    assert.equal(answer.statusCode, 403);
  });

  test('a planted cookie of a sign-in under way does not sign the victim in by their own code', async () => {
    const attacker = world.browser();
    await attacker.signIn('cleo@example.test');
    const victim = world.browser();
    victim.cookies.set('doorward-attempt', attacker.cookies.get('doorward-attempt') ?? '');
    const answer = await victim.post('/login/code', { code: '000000' });
    assert.equal(answer.statusCode, 422);
    assert.equal(victim.cookies.has('doorward-session'), false);
  });

  test('the session cookie is out of reach of scripts, and of other sites', async () => {
    const answer = await world.browser().signIn('ada@example.test', PASSWORD);
    const cookie = answer.cookies.find(({ name }) => name === 'doorward-session');
    assert.equal(cookie?.httpOnly, true);
    assert.equal(cookie?.sameSite, 'Lax');
    assert.equal(cookie?.path, '/');
    assert.equal(cookie?.domain, undefined);
  });

  test('over https every cookie has the prefix that holds it to this very host', async () => {
    const secure = await testWorld(database, { environment: { DOORWARD_URL: 'https://my.example.test' } });
    try {
      const browser = secure.browser();
      const answer = await browser.signIn('ada@example.test');
      for (const cookie of [...answer.cookies, ...(await browser.get('/login')).cookies]) {
        assert.match(cookie.name, /^__Host-doorward-/);
        assert.equal(cookie.secure, true);
      }
      assert.equal(browser.cookies.has('__Host-doorward-session'), true);
      const plain = secure.browser();
      plain.cookies.set('doorward-session', browser.cookies.get('__Host-doorward-session') ?? '');
      assert.match(leadsTo(await plain.get('/user/profile')), /^\/login/);
    } finally {
      await secure.close();
    }
  });
});

// Tokens that sign a browser in: each works once, for one browser, also under a race, and not for programs that look ahead.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { closeClient } from '#domain/clients/client-status.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { signIn } from '#domain/login/sign-in.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { createSsoToken } from '#domain/sso/sso.ts';
import { setUserDisabled } from '#domain/users/users.ts';
import { minutes, seconds } from '#kit/duration.ts';
import { leadsTo } from '#tests/attacks/entrance/posted.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

const actor = systemActor('Test');

onBothDatabases('single use', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  const tokenFor = async (clientId: number, more: { destination?: string; redirectPath?: string } = {}) => {
    const made = await createSsoToken(world.ctx, actor, {
      clientId,
      userId: undefined,
      destination: more.destination,
      serviceId: undefined,
      domainId: undefined,
      redirectPath: more.redirectPath,
    });
    assert.ok('token' in made);
    return made.token;
  };
  const redemption = (token: string): string => `/oauth/singlesignon.php?access_token=${token}`;
  const handover = async (handoverMs = minutes(1)): Promise<string> => {
    const answer = await offerPassword(world.ctx, {
      side: 'user',
      name: 'ada@example.test',
      password: PASSWORD,
      source: { kind: 'credential', id: 1 },
      ip: '192.0.2.10',
      isPersonThere: false,
    });
    assert.ok(answer.at === 'proved');
    const opening = { ip: '192.0.2.10', userAgent: 'program', origin: 'api', handoverMs } as const;
    return (await signIn(world.ctx, answer.proof, opening, answer.counted)).token;
  };

  test('of 50 browsers with one single sign-on token, one is signed in', async () => {
    const token = await tokenFor(world.cast.ada.clientId);
    const browsers = Array.from({ length: 50 }, () => world.browser());
    const answers = await Promise.all(browsers.map((browser) => browser.get(redemption(token))));
    assert.equal(browsers.filter(({ cookies }) => cookies.has('doorward-session')).length, 1);
    assert.equal(answers.filter((answer) => leadsTo(answer) === `/account/${world.cast.ada.clientId}`).length, 1);
    assert.equal(answers.filter((answer) => leadsTo(answer) === '/login').length, 49);
  });

  test('a session by a token proves nobody: what is sensitive asks who this is', async () => {
    const browser = world.browser();
    await browser.get(redemption(await tokenFor(world.cast.ada.clientId)));
    assert.equal((await browser.get('/user/profile')).statusCode, 200);
    for (const path of [
      '/user/password',
      '/user/email',
      '/user/export',
      '/user/deletion',
      '/user/security/passkeys/new',
    ])
      assert.match(leadsTo(await browser.get(path)), /^\/user\/confirm-identity\?/, path);
  });

  test('of 50 browsers with one handed-over session, one is signed in, and the program is out', async () => {
    const token = await handover();
    const browsers = Array.from({ length: 50 }, () => world.browser());
    await Promise.all(browsers.map((browser) => browser.postRaw('/login/token', { token })));
    assert.equal(browsers.filter(({ cookies }) => cookies.has('doorward-session')).length, 1);
    const program = world.browser();
    program.cookies.set('doorward-session', token);
    assert.match(leadsTo(await program.get('/user/profile')), /^\/login/);
  });

  test('a handed-over session whose minute is over signs in nobody', async () => {
    const token = await handover();
    world.clock.turn(minutes(1));
    const browser = world.browser();
    assert.equal(leadsTo(await browser.postRaw('/login/token', { token })), '/login');
    assert.equal(browser.cookies.has('doorward-session'), false);
  });

  test('an ordinary session of a browser cannot be handed over', async () => {
    const owner = world.browser();
    await owner.signIn('ada@example.test');
    const thief = world.browser();
    await thief.postRaw('/login/token', { token: owner.cookies.get('doorward-session') ?? '' });
    assert.equal(thief.cookies.has('doorward-session'), false);
  });

  for (const [what, headers] of [
    ['prefetch', { 'sec-purpose': 'prefetch' }],
    ['prerender', { 'sec-purpose': 'prefetch;prerender' }],
    ['an older prefetch', { purpose: 'prefetch' }],
    ['a preview', { 'x-purpose': 'preview' }],
    ['an older prefetch of Firefox', { 'x-moz': 'prefetch' }],
  ] as const) {
    test(`${what} does not spend a token, and is answered without success`, async () => {
      const token = await tokenFor(world.cast.ada.clientId);
      const ahead = await world.browser().get(redemption(token), headers);
      assert.equal(ahead.statusCode, 503);
      assert.deepEqual(ahead.cookies, []);
      assert.equal(ahead.headers['cache-control'], 'no-store');
      const browser = world.browser();
      assert.equal(leadsTo(await browser.get(redemption(token))), `/account/${world.cast.ada.clientId}`);
    });
  }

  test('HEAD, as programs that check links send it, does not spend a token', async () => {
    const token = await tokenFor(world.cast.ada.clientId);
    const head = await world.app.inject({ method: 'HEAD', url: redemption(token) });
    assert.equal(head.statusCode, 405);
    assert.deepEqual(head.cookies, []);
    assert.equal(leadsTo(await world.browser().get(redemption(token))), `/account/${world.cast.ada.clientId}`);
  });

  test('the token does not go along in a Referer, nor is the answer kept', async () => {
    for (const token of [await tokenFor(world.cast.ada.clientId), 'f'.repeat(40)]) {
      const answer = await world.browser().get(redemption(token));
      assert.equal(answer.headers['referrer-policy'], 'no-referrer');
      assert.equal(answer.headers['cache-control'], 'no-store');
      assert.equal(leadsTo(answer).includes(token), false);
    }
  });

  test('a token whose minute is over, an unknown one and none at all are refused alike', async () => {
    const token = await tokenFor(world.cast.ada.clientId);
    world.clock.turn(seconds(61));
    for (const address of [redemption(token), redemption('0'.repeat(40)), '/oauth/singlesignon.php']) {
      const browser = world.browser();
      assert.equal(leadsTo(await browser.get(address)), '/login');
      assert.equal(browser.cookies.has('doorward-session'), false);
      assert.match((await browser.get('/login')).body, /used already or is too old/);
    }
  });

  test('a link clicked twice in one browser stays signed in and says so', async () => {
    const token = await tokenFor(world.cast.ada.clientId);
    const browser = world.browser();
    await browser.get(redemption(token));
    assert.equal(leadsTo(await browser.get(redemption(token))), '/');
    await browser.get('/');
    const home = await browser.get(`/account/${world.cast.ada.clientId}`);
    assert.equal(home.statusCode, 200);
    assert.match(home.body, /You are signed in as ada@example\.test/);
  });

  test('a token made before its person was deactivated or its account closed signs in nobody', async () => {
    const forEve = await tokenFor(world.cast.eve.clientId);
    await setUserDisabled(world.ctx, actor, world.cast.eve.id, true);
    const forCleo = await tokenFor(world.cast.cleo.clientId);
    await closeClient(world.ctx, actor, world.cast.cleo.clientId);
    for (const token of [forEve, forCleo]) {
      const browser = world.browser();
      assert.equal(leadsTo(await browser.get(redemption(token))), '/login');
      assert.equal(browser.cookies.has('doorward-session'), false);
    }
  });

  test("it leads where the operator's address says, and by a free path to our own pages only", async () => {
    await changeSettings(world.ctx, actor, {
      'sso-destinations': 'clientarea:invoices https://billing.example.test/of/{client_id}',
    });
    const billing = await tokenFor(world.cast.ada.clientId, { destination: 'clientarea:invoices' });
    assert.equal(
      leadsTo(await world.browser().get(redemption(billing))),
      `https://billing.example.test/of/${world.cast.ada.clientId}`,
    );
    for (const redirectPath of [
      '//evil.example',
      '/\\evil.example',
      '/%2fevil.example',
      '/a\r\nb',
      'https://evil.example',
    ]) {
      const made = await createSsoToken(world.ctx, actor, {
        clientId: world.cast.ada.clientId,
        userId: undefined,
        destination: 'sso:custom_redirect',
        serviceId: undefined,
        domainId: undefined,
        redirectPath,
      });
      assert.deepEqual(made, { refused: 'invalid-destination' }, redirectPath);
    }
  });
});

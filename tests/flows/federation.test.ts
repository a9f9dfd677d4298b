// Signing in with others, walked through the front door: against a real OpenID Connect provider, and a stand-in for GitHub.

import assert from 'node:assert/strict';
import { verify } from 'node:crypto';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { appleSecret } from '#domain/login/federation/apple-secret.ts';
import { linkedIdentitiesOf } from '#domain/login/federation/linked-accounts.ts';
import { isIssuerOf, microsoftIssuer } from '#domain/login/federation/provider-kinds.ts';
import { testProvider } from '#domain/login/federation/provider-test.ts';
import { changeProvider, listProviders, providerOf } from '#domain/login/federation/providers.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { settleRegistrations } from '#domain/signup/registration-settling.ts';
import { findUserByEmail, proveAddress, userOf } from '#domain/users/users.ts';
import { minutes } from '#kit/duration.ts';
import { comparable } from '#kit/text.ts';
import {
  allowLoopback,
  appleKeyFile,
  begin,
  githubStandIn,
  offer,
  realProvider,
  sentTo,
  wish,
} from '#tests/sign-in-providers.ts';
import { staffWith } from '#tests/staff.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { CODE, onBothDatabases, PASSWORD, profile, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const HERE = 'http://localhost:8080';
const CONFIRM = '/user/security/linked-accounts/confirm';

onBothDatabases('signing in with others', (database) => {
  let world: World;
  let real: Awaited<ReturnType<typeof realProvider>>;
  let github: Awaited<ReturnType<typeof githubStandIn>>;
  let providerId: number;

  before(async () => {
    world = await testWorld(database, { start: Date.now() }); // the library reads the real clock
    real = await realProvider(
      ['ada', 'cleo', 'nora', 'root', 'odd'].map((sub) => ({
        sub,
        email: `${sub}@elsewhere.test`,
        email_verified: sub !== 'odd',
        name: `${sub} Elsewhere`,
      })),
      [`${HERE}/login/with/sso/callback`, `${HERE}/admin/login/with/sso/callback`],
    );
    github = await githubStandIn({ id: 4711, login: 'ada', name: 'Ada Lovelace' }, [
      { email: 'old@elsewhere.test', primary: false, verified: true },
      { email: 'ada@elsewhere.test', primary: true, verified: true },
    ]);
    await allowLoopback(world);
    providerId = await offer(world, 'openid', 'sso', { issuer: real.issuer });
    await offer(world, 'github', 'github', { name: 'GitHub', issuer: github.issuer, forAdministrators: false });
    for (const { id, email } of [world.cast.ada, world.cast.cleo])
      await proveAddress(world.ctx, SYSTEM, id, comparable(email));
  });
  after(async () => {
    await world.close();
    await real.close();
    await github.close();
  });

  /** Goes to the provider and comes back as this account. Answers our answer to that. */
  const visit = async (browser: TestBrowser, account: string, from = '/login') => {
    real.account = account;
    const home = await real.walk(await begin(browser, 'sso', from));
    assert.equal(home.origin, HERE);
    return browser.get(home.pathname + home.search);
  };
  const goes = (answer: Parameters<typeof sentTo>[0]) => sentTo(answer).pathname;

  test('the browser is sent off with PKCE, a nonce, and our public address alone to come back to', async () => {
    const to = await begin(world.browser(), 'sso');
    assert.equal(to.origin, real.issuer);
    assert.equal(to.searchParams.get('redirect_uri'), `${HERE}/login/with/sso/callback`);
    assert.equal(to.searchParams.get('code_challenge_method'), 'S256');
    assert.match(to.searchParams.get('nonce') ?? '', /^[\w-]{43}$/);
    assert.ok((to.searchParams.get('state') ?? '').length < 700);
  });

  test('an account that nobody knows opens nothing; after the password it is linked by a button, and then it opens', async () => {
    const { ctx, cast } = world;
    const browser = world.browser();
    assert.equal(goes(await visit(browser, 'ada', '/login?goto=%2Fuser%2Fprofile')), '/login/with/sso/unknown');
    const asked = await browser.get('/login/with/sso/unknown');
    assert.match(asked.body, /ada@elsewhere\.test/);
    assert.equal((await browser.get('/user/profile')).statusCode, 303, 'nobody is signed in');
    const email = cast.ada.email;
    assert.equal(goes(await browser.post('/login', { email, password: PASSWORD, goto: CONFIRM })), CONFIRM);
    assert.equal((await linkedIdentitiesOf(ctx, { kind: 'user', id: cast.ada.id })).length, 0, 'looking links nothing');
    assert.match((await browser.get(CONFIRM)).body, /ada@elsewhere\.test/);
    assert.equal(goes(await browser.post(CONFIRM)), '/user/profile', 'on to where the sign-in was to lead');
    assert.match((await world.letterTo(email)).subject, /Example ID was linked/);
    const later = world.browser();
    assert.equal(goes(await visit(later, 'ada', '/login?goto=%2Fuser%2Factivity')), '/user/activity');
    assert.equal((await later.get('/user/profile')).statusCode, 200);
    const [linked] = await linkedIdentitiesOf(ctx, { kind: 'user', id: cast.ada.id });
    assert.deepEqual([linked?.email, linked?.lastUsedAt], ['ada@elsewhere.test', ctx.now()]);
    const lines = await auditLines(ctx, { userId: cast.ada.id }, { limit: 50 });
    assert.ok(lines.some(({ event }) => event === 'user.provider.linked'));
  });

  test('a sign-in with another site is no proof for what is sensitive: that asks for the password', async () => {
    const browser = world.browser();
    await visit(browser, 'ada');
    assert.equal(goes(await browser.get('/user/security/linked-accounts')), '/user/confirm-identity');
  });

  test('the second factor of the account is asked all the same, unless the provider vouches for one and staff accept that', async () => {
    const { ctx, cast } = world;
    const browser = world.browser();
    await visit(browser, 'cleo');
    assert.equal(
      goes(await browser.post('/login', { email: cast.cleo.email, password: PASSWORD, goto: CONFIRM })),
      '/login/code',
    );
    assert.equal((await linkedIdentitiesOf(ctx, { kind: 'user', id: cast.cleo.id })).length, 0);
    assert.equal(goes(await browser.post('/login/code', { code: CODE, goto: CONFIRM })), CONFIRM);
    await browser.post(CONFIRM);
    assert.equal((await linkedIdentitiesOf(ctx, { kind: 'user', id: cast.cleo.id })).length, 1);
    const later = world.browser();
    assert.equal(goes(await visit(later, 'cleo')), '/login/code');
    assert.equal((await later.get('/user/profile')).statusCode, 303);
  });

  test('whoever is new registers with what the provider told, and is linked by the address it vouches for', async () => {
    const { ctx } = world;
    await changeSettings(ctx, SYSTEM, { 'registration-open': '1' });
    const register = async (account: string, email: string) => {
      const browser = world.browser({ ip: '198.51.100.7' });
      await visit(browser, account);
      const page = await browser.get('/register?with=sso');
      assert.match(page.body, new RegExp(`value="${account}@elsewhere.test"`));
      const field = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page.body)?.[1] ?? '';
      const { lastName, ...rest } = profile({ firstName: account, email });
      world.clock.turn(minutes(1)); // longer than a program takes to fill it in
      const fields = { ...rest, lastName, password: 'several words in a row', language: 'english', with: 'sso' };
      const sent = await browser.postRaw(
        '/register',
        { ...fields, csrf: field('csrf'), drawn: field('drawn') },
        { 'sec-fetch-site': 'same-origin' },
      );
      assert.equal(goes(sent), '/register/sent');
      const received = ctx.db.selectFrom('registrations').select('id').where('state', '=', 'received');
      while ((await received.execute()).length > 0) await settleRegistrations(ctx);
      const user = await findUserByEmail(ctx, email);
      return { user, linked: await linkedIdentitiesOf(ctx, { kind: 'user', id: user?.id ?? 0 }) };
    };
    const nora = await register('nora', 'nora@elsewhere.test');
    assert.notEqual(nora.user?.emailVerifiedAt, undefined);
    assert.equal(nora.linked.length, 1);
    assert.equal(goes(await visit(world.browser(), 'nora')), '/');
    const odd = await register('odd', 'odd@elsewhere.test');
    assert.deepEqual(
      [odd.user?.emailVerifiedAt, odd.linked.length],
      [undefined, 0],
      'an unverified address proves nothing',
    );
  });

  test('staff link their own accounts and sign in with them; a provider that is for users alone is none of theirs', async () => {
    const { ctx, cast } = world;
    const browser = world.browser();
    assert.equal(goes(await visit(browser, 'root', '/admin/login')), '/admin/login/with/sso/unknown');
    const staffConfirm = '/admin/account/security/linked-accounts/confirm';
    assert.equal(
      goes(await browser.post('/admin/login', { username: 'root', password: PASSWORD, goto: staffConfirm })),
      staffConfirm,
    );
    await browser.post(staffConfirm);
    const [linked] = await linkedIdentitiesOf(ctx, { kind: 'administrator', id: cast.root.id });
    assert.equal(linked?.email, 'root@elsewhere.test');
    const later = world.browser();
    assert.equal(goes(await visit(later, 'root', '/admin/login')), '/admin');
    assert.equal((await later.get('/admin/log')).statusCode, 200);
    assert.doesNotMatch((await world.browser().get('/admin/login')).body, /with\/github/);
    assert.equal((await world.browser().get('/admin/login/with/github')).statusCode, 404);
    const onUsers = world.browser();
    assert.equal(goes(await visit(onUsers, 'root')), '/login/with/sso/unknown', 'an administrator is no user');
  });

  test('GitHub (a stand-in by its published protocol): the number of the account counts, and its first verified address', async () => {
    const browser = world.browser();
    const to = await begin(browser, 'github');
    assert.equal(to.pathname, '/login/oauth/authorize');
    const answer = github.answerTo(to);
    assert.equal(goes(await browser.get(answer)), '/login/with/github/unknown');
    assert.match((await browser.get('/login/with/github/unknown')).body, /ada@elsewhere\.test/);
    await browser.post('/login', { email: world.cast.ada.email, password: PASSWORD, goto: CONFIRM });
    assert.equal(goes(await browser.post(CONFIRM)), '/');
    const later = world.browser();
    assert.equal(goes(await later.get(github.answerTo(await begin(later, 'github')))), '/');
  });

  test('linked accounts: one more is linked from the page, and taken away; other sessions end by it', async () => {
    const { ctx, cast } = world;
    const here = '/user/security/linked-accounts';
    const other = world.browser();
    await other.signIn(cast.ada.email);
    const browser = world.browser();
    await browser.signIn(cast.ada.email);
    const list = await browser.get(here);
    assert.match(list.body, /ada@elsewhere\.test/);
    const [first] = await linkedIdentitiesOf(ctx, { kind: 'user', id: cast.ada.id });
    assert.equal(goes(await browser.post(`${here}/${first?.id}/removal`)), here);
    assert.match((await world.letterTo(cast.ada.email)).subject, /Example ID was unlinked/);
    assert.equal((await other.get('/user/profile')).statusCode, 303, 'the other session is over');
    const start = new RegExp(`href="(${here}/link/sso\\?key=[^"]*)"`).exec((await browser.get(here)).body)?.[1] ?? '';
    real.account = 'ada';
    const home = await real.walk(sentTo(await browser.get(start)));
    assert.equal(goes(await browser.get(home.pathname + home.search)), `${here}/confirm`);
    assert.equal(goes(await browser.post(`${here}/confirm`)), here);
    assert.equal((await linkedIdentitiesOf(ctx, { kind: 'user', id: cast.ada.id })).length, 2);
  });

  test('the last way in stays until there is another', async () => {
    const { ctx, cast } = world;
    const browser = world.browser();
    await browser.signIn(cast.ada.email);
    await ctx.db.updateTable('users').set({ password_hash: null }).where('id', '=', cast.ada.id).execute();
    const [one, two] = await linkedIdentitiesOf(ctx, { kind: 'user', id: cast.ada.id });
    const removal = (id: number | undefined) => `/user/security/linked-accounts/${id}/removal`;
    assert.equal((await browser.post(removal(one?.id))).statusCode, 303);
    const page = await browser.get(removal(two?.id));
    assert.match(page.body, /\/password\/reset/);
    const csrf = /name="csrf" value="([^"]*)"/.exec(page.body)?.[1] ?? '';
    assert.equal(
      (await browser.postRaw(removal(two?.id), { csrf }, { 'sec-fetch-site': 'same-origin' })).statusCode,
      409,
    );
    assert.equal((await linkedIdentitiesOf(ctx, { kind: 'user', id: cast.ada.id })).length, 1);
  });

  test('staff see what is wrong with a provider; its secret goes to no other address', async () => {
    const { ctx } = world;
    const provider = await providerOf(ctx, providerId);
    const outcomes = async () =>
      (await testProvider(ctx, await providerOf(ctx, providerId))).map((one) => `${one.what} ${one.outcome}`);
    assert.deepEqual(await outcomes(), ['discovery yes', 'keys yes', 'pkce yes', 'credentials yes']);
    const now = { ...wish(), issuer: provider.issuer, scopes: provider.scopes };
    await changeProvider(ctx, SYSTEM, providerId, { ...now, secret: 'a wrong one' });
    assert.deepEqual((await outcomes()).at(-1), 'credentials no');
    await assert.rejects(changeProvider(ctx, SYSTEM, providerId, { ...now, secret: '', issuer: `${real.issuer}/x` }), {
      fields: { secret: 'provider-secret-again' },
    });
    await changeProvider(ctx, SYSTEM, providerId, now);
    const githubId = (await listProviders(ctx)).find(({ kind }) => kind === 'github')?.id ?? 0;
    const [found] = await testProvider(ctx, await providerOf(ctx, githubId));
    assert.deepEqual(found, { what: 'credentials', outcome: 'yes' });
  });

  test('pages of staff: listed, added, changed, tested, removed, with the number of people, by the permission alone', async () => {
    const browser = world.browser();
    await browser.signIn('root');
    const here = '/admin/sign-in-providers';
    assert.match((await browser.get(here)).body, /Example ID/);
    const page = await browser.get(`${here}/new?kind=microsoft`);
    assert.match(page.body, /http:\/\/localhost:8080\/login\/with\/microsoft\/callback/);
    const fields = {
      kind: 'microsoft',
      slug: 'microsoft',
      name: 'Microsoft',
      clientId: 'abc',
      secret: 'SECRET-1',
      forUsers: '1',
      enabled: '1',
    };
    const refused = await browser.post(
      `${here}/new`,
      { ...fields, issuer: 'no tenant!' },
      { from: `${here}/new?kind=microsoft` },
    );
    assert.equal(refused.statusCode, 422);
    assert.doesNotMatch(refused.body, /SECRET-1/);
    const added = await browser.post(
      `${here}/new`,
      { ...fields, issuer: 'common' },
      { from: `${here}/new?kind=microsoft` },
    );
    const one = goes(added);
    assert.doesNotMatch((await browser.get(one)).body, /SECRET-1/);
    const removal = await browser.get(`${here}/${providerId}/removal`);
    assert.match(removal.body, /(people|person) can no longer sign in/);
    assert.equal(goes(await browser.post(`${one}/removal`)), here);
    const sam = world.browser();
    await sam.signIn('sam');
    assert.equal((await sam.get(here)).statusCode, 403);
    assert.equal((await sam.get(`${here}/${providerId}`)).statusCode, 403);
  });

  test('what was told is in no letter history, log or row in the clear but the address', async () => {
    const { ctx } = world;
    const kept = JSON.stringify([
      await ctx.db.selectFrom('sign_in_providers').selectAll().execute(),
      await ctx.db.selectFrom('pending_identities').selectAll().execute(),
      await letterHistory(ctx, {}, { limit: 100 }),
    ]);
    assert.doesNotMatch(kept, /forty characters/);
    assert.equal((await userOf(ctx, world.cast.ada.id)).hasPassword, false);
  });

  test('staff see what a user has linked and take it away, also the last way in; the user is told and signed out', async () => {
    const { ctx, cast } = world;
    const { ben } = cast;
    await proveAddress(ctx, SYSTEM, ben.id, comparable(ben.email));
    const his = world.browser();
    await visit(his, 'odd');
    await his.post('/login', { email: ben.email, password: PASSWORD, goto: CONFIRM });
    await his.post(CONFIRM);
    const [linked] = await linkedIdentitiesOf(ctx, { kind: 'user', id: ben.id });
    assert.equal(linked?.email, 'odd@elsewhere.test');
    await ctx.db.updateTable('users').set({ password_hash: null }).where('id', '=', ben.id).execute();

    const sam = await staffWith(world, ['List Users']);
    const removal = `/admin/users/${ben.id}/linked-accounts/${linked?.id}/removal`;
    for (const answer of [await sam.get(removal), await sam.post(removal, {}, { from: '/admin' })])
      assert.equal(answer.statusCode, 403, 'without the permission');
    const list = await sam.get(`/admin/users/${ben.id}`);
    assert.ok(list.body.includes('odd@elsewhere.test') && !list.body.includes(removal));
    const root = world.browser();
    await root.signIn('root');
    const shown = await root.get(`/admin/users/${ben.id}`);
    assert.match(shown.body, /odd@elsewhere\.test/);
    assert.ok(shown.body.includes(removal));
    assert.doesNotMatch((await root.get(`/admin/users/${cast.eve.id}`)).body, /Linked accounts/);
    const others = `/admin/users/${cast.eve.id}/linked-accounts/${linked?.id}/removal`;
    assert.equal((await root.get(others)).statusCode, 404, "another user's");
    assert.equal((await root.post(others, {}, { from: removal })).statusCode, 404);
    assert.match((await root.get(removal)).body, /It is the only way in/);
    assert.equal((await linkedIdentitiesOf(ctx, { kind: 'user', id: ben.id })).length, 1, 'a look takes nothing away');
    world.clock.turn(minutes(30));
    assert.equal(goes(await root.get(removal)), '/admin/confirm-identity', 'staff are asked again who they are');
    await root.post('/admin/confirm-identity', { current: PASSWORD, password: PASSWORD, goto: removal });
    assert.equal(goes(await root.post(removal)), `/admin/users/${ben.id}`);
    assert.deepEqual(await linkedIdentitiesOf(ctx, { kind: 'user', id: ben.id }), []);
    assert.match((await world.letterTo(ben.email)).subject, /Example ID was unlinked/);
    assert.equal((await his.get('/user/profile')).statusCode, 303, 'signed out');
    const line = (await auditLines(ctx, { userId: ben.id }, { limit: 10 })).find(
      ({ event }) => event === 'user.provider.unlinked',
    );
    assert.equal(line?.administratorId, cast.root.id);
    assert.equal(goes(await visit(world.browser(), 'odd')), '/login/with/sso/unknown');
  });
});

test('the secret for Apple is a token of five minutes, signed by the key that Apple knows', () => {
  const key = appleKeyFile();
  const now = Date.UTC(2026, 5, 1);
  const secret = appleSecret({ teamId: 'TEAM123456', keyId: 'KEY1234567', clientId: 'com.example.web', key }, now);
  const [header = '', claims = '', signature = ''] = secret.split('.');
  const read = (text: string): unknown => JSON.parse(Buffer.from(text, 'base64url').toString());
  assert.deepEqual(read(header), { alg: 'ES256', kid: 'KEY1234567', typ: 'JWT' });
  const at = now / 1000;
  const expected = {
    iss: 'TEAM123456',
    iat: at,
    exp: at + 300,
    aud: 'https://appleid.apple.com',
    sub: 'com.example.web',
  };
  assert.deepEqual(read(claims), expected);
  const right = verify(
    'sha256',
    Buffer.from(`${header}.${claims}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  assert.ok(right);
});

test('of Microsoft, a tenant is one of its own host, and its issuer never another site', () => {
  assert.equal(microsoftIssuer('common'), 'https://login.microsoftonline.com/common/v2.0');
  assert.equal(
    microsoftIssuer('contoso.onmicrosoft.com'),
    'https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0',
  );
  for (const typed of ['', '../x', 'a/b', 'x?y', 'evil.test@', 'x#', 'common/v2.0'])
    assert.equal(microsoftIssuer(typed), undefined, typed);
  const asked = 'https://login.microsoftonline.com/common/v2.0';
  assert.ok(isIssuerOf('microsoft', asked, 'https://login.microsoftonline.com/{tenantid}/v2.0'));
  assert.ok(!isIssuerOf('microsoft', asked, 'https://login.microsoftonline.com.evil.test/{tenantid}/v2.0'));
  assert.ok(!isIssuerOf('microsoft', asked, 'https://accounts.google.com'));
  assert.ok(!isIssuerOf('openid', 'https://x.b2clogin.com/y', 'https://accounts.google.com'));
});

// Coming in and going out by the pages of the entrance.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { offerSetup } from '#domain/administrators/setup.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { sendAdministratorPasswordLink, sendPasswordLink } from '#domain/login/password-links.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { createSsoToken } from '#domain/sso/sso.ts';
import { addUser } from '#domain/users/users.ts';
import { seconds } from '#kit/duration.ts';
import { csrfOf, leadsTo } from '#tests/attacks/entrance/posted.ts';
import type { World } from '#tests/world.ts';
import { CODE, onBothDatabases, PASSWORD, sealedPassword, testWorld } from '#tests/world.ts';

const actor = systemActor('Test');
const FRESH = 'a wholly different phrase';

onBothDatabases('the entrance', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  test('a stranger who opens the home is sent to sign in, and arrives in their account', async () => {
    const browser = world.browser();
    assert.equal(leadsTo(await browser.get('/')), '/login');
    assert.equal(leadsTo(await browser.signIn('ada@example.test')), '/');
    assert.equal(leadsTo(await browser.get('/')), `/account/${world.cast.ada.clientId}`);
  });

  test('whoever had to sign in first comes back to the page they wanted', async () => {
    const browser = world.browser();
    const wanted = `/account/${world.cast.ada.clientId}/details?x=1`;
    const login = leadsTo(await browser.get(wanted));
    const answer = await browser.post('/login', {
      email: 'ada@example.test',
      password: PASSWORD,
      goto: new URL(login, 'http://doorward.test').searchParams.get('goto') ?? '',
    });
    assert.equal(leadsTo(answer), wanted);
  });

  test('a browser that keeps no cookies is told so, rather than that its form was too old', async () => {
    const browser = world.browser();
    const csrf = csrfOf(await browser.get('/login'));
    browser.cookies.clear();
    const fields = { csrf, email: 'ada@example.test', password: PASSWORD };
    const answer = await browser.postRaw('/login', fields, { 'sec-fetch-site': 'same-origin' });
    assert.equal(answer.statusCode, 403);
    assert.match(answer.body, /Allow cookies for this site/);
  });

  test('an address is known in whatever case it is typed', async () => {
    assert.equal(leadsTo(await world.browser().signIn('  ADA@Example.Test ')), '/');
  });

  test('a refused sign-in says one sentence and keeps the address, never the password', async () => {
    const answer = await world.browser().post('/login', { email: 'ada@example.test', password: 'not this one' });
    assert.equal(answer.statusCode, 422);
    assert.match(answer.body, /The e-mail address or the password is not right/);
    assert.match(answer.body, /value="ada@example\.test"/);
    assert.doesNotMatch(answer.body, /not this one/);
  });

  test('what is left empty is said at its field, without any work', async () => {
    const before = world.ctx.passwords.hashes;
    const answer = await world.browser().post('/login', { email: ' ', password: '' });
    assert.equal(answer.statusCode, 422);
    assert.match(answer.body, /<title>Error: Sign in/);
    for (const field of ['email', 'password']) assert.match(answer.body, new RegExp(`href="#field-${field}"`));
    assert.equal(world.ctx.passwords.hashes, before);
  });

  test('where a second factor is set up, its code is asked for, and typed with spaces it is taken too', async () => {
    const browser = world.browser();
    const goto = '/user/profile';
    const first = await browser.post('/login', { email: 'cleo@example.test', password: PASSWORD, goto });
    assert.equal(leadsTo(first), '/login/code?goto=%2Fuser%2Fprofile');
    const wrong = await browser.post('/login/code', { code: '111111' });
    assert.equal(wrong.statusCode, 422);
    assert.match(wrong.body, /This code is not right/);
    assert.match((await browser.post('/login/code', { code: ' ' })).body, /Enter the code/);
    const right = await browser.post('/login/code', { code: `${CODE.slice(0, 3)} ${CODE.slice(3)}`, goto });
    assert.equal(leadsTo(right), goto);
    assert.equal(browser.cookies.has('doorward-attempt'), false);
    const [line] = await auditLines(world.ctx, { event: 'user.login.success' }, { limit: 1 });
    assert.equal(line?.userId, world.cast.cleo.id);
  });

  test('a step that is opened without a sign-in under way leads back to the first, which says why', async () => {
    for (const step of ['/login/code', '/login/new-password']) {
      const browser = world.browser();
      assert.equal(leadsTo(await browser.get(step)), '/login');
      assert.match((await browser.get('/login')).body, /Please start again/);
    }
    assert.equal(leadsTo(await world.browser().get('/admin/login/code')), '/admin/login');
  });

  test('a password that has to be replaced is replaced before anything opens', async () => {
    const passwordHash = await sealedPassword();
    await addUser(world.ctx, actor, {
      firstName: 'Ivy',
      lastName: 'Imported',
      email: 'ivy@example.test',
      passwordHash,
      mustChangePassword: true,
    });
    const browser = world.browser();
    assert.equal(leadsTo(await browser.signIn('ivy@example.test')), '/login/new-password');
    assert.match(leadsTo(await browser.get('/user/profile')), /^\/login/);
    const short = await browser.post('/login/new-password', { password: 'short' });
    assert.equal(short.statusCode, 422);
    assert.match(short.body, /at least 12 characters/);
    assert.equal(leadsTo(await browser.post('/login/new-password', { password: FRESH })), '/');
    assert.equal((await browser.get('/user/profile')).statusCode, 200);
    assert.equal(leadsTo(await world.browser().signIn('ivy@example.test', FRESH)), '/');
  });

  test('signing out is a button; an address that is opened asks first', async () => {
    const browser = world.browser();
    await browser.signIn('ada@example.test');
    const asked = await browser.get('/logout');
    assert.equal(asked.statusCode, 200);
    assert.match(asked.body, /ada@example\.test/);
    assert.equal(leadsTo(await browser.post('/logout')), '/login');
    assert.match((await browser.get('/login')).body, /You are signed out/);
    assert.equal(leadsTo(await browser.get('/logout')), '/login');
  });

  test('the menu of the client area signs out, also with a staff session beside it', async () => {
    const browser = world.browser();
    await browser.signIn('root');
    await browser.signIn('ada@example.test');
    const answer = await browser.post('/logout', {}, { from: '/user/profile' });
    assert.equal(leadsTo(answer), '/login');
    assert.equal(browser.cookies.has('doorward-session'), false);
    assert.equal(browser.cookies.has('doorward-admin'), true);
    assert.equal(leadsTo(await browser.get('/admin/login')), '/admin');
  });

  test('signing out of the admin area leaves the client area signed in, and the log knows who it was', async () => {
    const browser = world.browser();
    await browser.signIn('ada@example.test');
    await browser.signIn('root');
    assert.equal(leadsTo(await browser.post('/admin/logout')), '/admin/login');
    assert.equal((await browser.get('/user/profile')).statusCode, 200);
    assert.equal(leadsTo(await browser.get('/admin/logout')), '/admin/login');
    const [line] = await auditLines(world.ctx, { event: 'admin.logout' }, { limit: 1 });
    assert.deepEqual([line?.actorName, line?.administratorId], ['root', world.cast.root.id]);
  });

  test('staff sign in by their name and come back below /admin', async () => {
    const browser = world.browser();
    assert.equal(leadsTo(await browser.signIn('root')), '/admin');
    const other = world.browser();
    const goto = '/admin/clients?q=ada';
    assert.equal(leadsTo(await other.post('/admin/login', { username: 'ROOT', password: PASSWORD, goto })), goto);
    const wrong = await world.browser().post('/admin/login', { username: 'root', password: 'not this one' });
    assert.match(wrong.body, /The user name or the password is not right/);
  });

  test('a customer does not enter by the staff door, nor staff by the customers’', async () => {
    const ada = await world.browser().post('/admin/login', { username: 'ada@example.test', password: PASSWORD });
    const root = await world.browser().post('/login', { email: 'root@staff.example.test', password: PASSWORD });
    assert.deepEqual([ada.statusCode, root.statusCode], [422, 422]);
  });

  test('asking for a link leads to a page that says what to do next', async () => {
    const browser = world.browser();
    const answer = await browser.post('/password/reset', { email: 'ada@example.test' });
    assert.equal(leadsTo(answer), '/password/reset/sent');
    assert.match((await browser.get('/password/reset/sent')).body, /works once, for 60 minutes/);
    const wrong = await browser.post('/password/reset', { email: 'not an address' });
    assert.equal(wrong.statusCode, 422);
    assert.match(wrong.body, /value="not an address"/);
  });

  test('a new person chooses a password by the letter, and signs in with it', async () => {
    const id = await addUser(world.ctx, actor, { firstName: 'Nia', lastName: 'New', email: 'nia@example.test' });
    await world.ctx.transaction((tx) => sendPasswordLink(tx, actor, id, 'welcome'));
    const { pathname } = new URL((await world.letterTo('nia@example.test')).link);
    const browser = world.browser();
    assert.match((await browser.get(pathname)).body, /n•••@example\.test/);
    const common = await browser.post(pathname, { password: 'password1234' });
    assert.equal(common.statusCode, 422);
    assert.equal(leadsTo(await browser.post(pathname, { password: FRESH })), '/login');
    assert.match((await browser.get('/login')).body, /Your password is saved/);
    assert.equal(leadsTo(await browser.signIn('nia@example.test', FRESH)), '/');
    assert.match((await browser.get('/')).body, /You do not belong to an account yet/);
  });

  test("an administrator's link leads to the staff door afterwards", async () => {
    await sendAdministratorPasswordLink(world.ctx, actor, world.cast.sam.id);
    const { pathname } = new URL((await world.letterTo('sam@staff.example.test')).link);
    assert.equal(leadsTo(await world.browser().post(pathname, { password: FRESH })), '/admin/login');
    assert.equal(leadsTo(await world.browser().signIn('sam', FRESH)), '/admin');
  });

  test('a link that opens nothing says why and offers a fresh one', async () => {
    const answer = await world.browser().get('/password/set/unknown');
    assert.equal(answer.statusCode, 404);
    assert.match(answer.body, /only the link of the newest letter works/);
    assert.match(answer.body, /href="\/password\/reset"/);
  });

  test('a single sign-on link signs in and leads to the account', async () => {
    const made = await createSsoToken(world.ctx, actor, {
      clientId: world.cast.ada.clientId,
      userId: undefined,
      destination: 'clientarea:profile',
      serviceId: undefined,
      domainId: undefined,
      redirectPath: undefined,
    });
    assert.ok('redirectUrl' in made);
    const { pathname, search } = new URL(made.redirectUrl);
    const browser = world.browser();
    const answer = await browser.get(`${pathname}${search}`);
    assert.equal(leadsTo(answer), `/account/${world.cast.ada.clientId}/details`);
    assert.equal((await browser.get(leadsTo(answer))).statusCode, 200);
  });

  test('who has no account here reads how to get one, where nobody opens one by themselves', async () => {
    assert.match((await world.browser().get('/login')).body, /href="\/register"/);
    await changeSettings(world.ctx, actor, { 'registration-open': '' });
    world.clock.turn(seconds(2));
    assert.doesNotMatch((await world.browser().get('/login')).body, /href="\/register"/);
    const plain = await world.browser().get('/register');
    assert.equal(plain.statusCode, 200);
    assert.doesNotMatch(plain.body, /mailto:/);
    await changeSettings(world.ctx, actor, { 'support-address': 'help@northwind.test' });
    world.clock.turn(seconds(2));
    assert.match((await world.browser().get('/register')).body, /href="mailto:help@northwind\.test"/);
  });

  test('a sentence for the next page goes along through a second redirect', async () => {
    const browser = world.browser();
    await browser.signIn('ada@example.test');
    await browser.get('/oauth/singlesignon.php?access_token=nothing');
    assert.equal(leadsTo(await browser.get('/')), `/account/${world.cast.ada.clientId}`);
    const home = `/account/${world.cast.ada.clientId}`;
    assert.match((await browser.get(home)).body, /You are signed in as ada@example\.test/);
    assert.doesNotMatch((await browser.get(home)).body, /You are signed in as ada@example\.test/, 'it is said once');
  });
});

onBothDatabases('the set-up page', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database, { cast: false });
  });
  after(() => world.close());

  test('makes the first administrator and signs them in', async () => {
    const token = await offerSetup(world.ctx);
    const browser = world.browser();
    const address = `/setup?token=${token}`;
    assert.equal((await browser.get(address)).statusCode, 200);
    const fields = {
      token: token ?? '',
      username: 'root',
      firstName: 'Ruth',
      lastName: 'Root',
      email: 'ruth@northwind.test',
      password: FRESH,
    };
    assert.equal(leadsTo(await browser.post('/setup', fields, { from: address })), '/admin');
    assert.equal(leadsTo(await browser.get('/admin/login')), '/admin');
    assert.equal((await browser.get(address)).statusCode, 410);
    assert.equal(leadsTo(await world.browser().signIn('root', FRESH)), '/admin');
  });
});

// Passkeys through the front door: set up, as the second step, alone, on the way in, where it is asked again who this is, and
// taken away. Customers and staff.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { holdersWithFactor } from '#domain/credentials/factors.ts';
import { takeFactorsAway } from '#domain/login/factor-reset.ts';
import { publicOrigin } from '#domain/settings/public-url.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { minutes } from '#kit/duration.ts';
import { Authenticator, askedIn } from '#tests/authenticator.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const actor = systemActor('Test');
const LIST = '/user/security/passkeys';
const STAFF_LIST = '/admin/account/security/passkeys';

onBothDatabases('passkeys', (database) => {
  let world: World;
  let origin: string;
  before(async () => {
    world = await testWorld(database);
    origin = await publicOrigin(world.ctx);
  });
  after(() => world.close());

  const to = (answer: { headers: Record<string, unknown> }): string => String(answer.headers['location'] ?? '');
  const add = async (browser: TestBrowser, key: Authenticator, name = '', list = LIST) => {
    const asked = askedIn((await browser.get(`${list}/new`)).body);
    return browser.post(`${list}/new`, { token: asked.token, response: key.make(asked), name });
  };
  const answerAt = async (browser: TestBrowser, page: string, key: Authenticator, fields = {}) => {
    const asked = askedIn((await browser.get(page)).body);
    return browser.post(page, { token: asked.token, response: key.answer(asked), ...fields });
  };
  const ada = new Map<string, Authenticator>();
  const keyOf = (who: string): Authenticator => {
    const known = ada.get(who) ?? new Authenticator(origin);
    ada.set(who, known);
    return known;
  };

  test('a customer adds one, and it stands in the list and on the overview', async () => {
    const browser = world.browser();
    await browser.signIn(world.cast.ada.email);
    const other = world.browser();
    await other.signIn(world.cast.ada.email);
    const before = askedIn((await browser.get(`${LIST}/new`)).body);
    assert.equal(before.options.user?.name, world.cast.ada.email);
    assert.equal(Buffer.from(before.options.user?.id ?? '', 'base64url').length, 32);
    const added = await add(browser, keyOf('ada'), 'Blue key');
    assert.equal(added.statusCode, 303, added.body);
    const list = await browser.get(LIST);
    assert.match(list.body, /Blue key/);
    assert.match((await browser.get('/user/security')).body, /You have one\./);
    assert.equal((await other.get('/user/security')).statusCode, 303, 'every other session ends (ASVS 5.0 V7.4.3)');
    const again = askedIn((await browser.get(`${LIST}/new`)).body);
    assert.deepEqual(
      again.options.excludeCredentials?.map(({ id }) => id),
      keyOf('ada').kept.map(({ id }) => id),
    );
    assert.equal(again.options.user?.id, keyOf('ada').kept[0]?.handle, 'authenticators know a person by one name');
  });

  test('an unnamed one is called after its browser, and a name can be changed', async () => {
    const browser = world.browser({ userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' });
    await browser.signIn(world.cast.eve.email);
    await add(browser, keyOf('eve'));
    const list = await browser.get(LIST);
    assert.match(list.body, /Firefox on Linux/);
    const page = /\/user\/security\/passkeys\/\d+\/name/.exec(list.body)?.[0] ?? '';
    assert.equal((await browser.post(page, { name: ' ' })).statusCode, 422);
    assert.equal(to(await browser.post(page, { name: 'Laptop <b>' })), LIST);
    assert.match((await browser.get(LIST)).body, /Laptop &lt;b&gt;/);
  });

  test('after the password it is asked for, and opens the door with both methods', async () => {
    const browser = world.browser();
    const first = await browser.signIn(world.cast.ada.email);
    assert.equal(to(first), '/login/passkey');
    const asked = askedIn((await browser.get('/login/passkey')).body);
    assert.deepEqual(
      asked.options.allowCredentials?.map(({ id }) => id),
      keyOf('ada').kept.map(({ id }) => id),
    );
    assert.equal(asked.options.userVerification, 'preferred');
    // A plain security key, which checks nobody, is enough beside a password.
    const response = keyOf('ada').answer(asked, { verified: false });
    const answer = await browser.post('/login/passkey', { token: asked.token, response });
    assert.equal(to(answer), '/', answer.body);
    const session = await newestSession(world);
    assert.equal(session.methods, 'password,passkey');
    assert.match((await browser.get(LIST)).body, /Blue key/);
  });

  test('alone it opens the door, found by the name that the authenticator knows', async () => {
    const browser = world.browser();
    const page = await browser.get('/login');
    assert.match(page.body, /autocomplete="username webauthn"/);
    assert.match(page.body, /Sign in with a passkey/);
    const asked = askedIn(page.body);
    assert.deepEqual(asked.options.allowCredentials, []);
    assert.equal(asked.options.userVerification, 'required');
    const response = keyOf('ada').answer(asked);
    const answer = await browser.post('/login/passkey-sign-in', { token: asked.token, response, goto: LIST });
    assert.equal(to(answer), LIST, answer.body);
    assert.equal((await newestSession(world)).methods, 'passkey');
    assert.equal((await browser.get(LIST)).statusCode, 200, 'it is a fresh proof');
  });

  test('without script, and where the operator does not want it, nobody signs in by it alone', async () => {
    const browser = world.browser();
    const empty = await browser.post('/login/passkey-sign-in', { token: '', response: '' });
    assert.equal(empty.statusCode, 422);
    assert.match(empty.body, /needs JavaScript/);
    const asked = askedIn((await browser.get('/login')).body);
    await changeSettings(world.ctx, actor, { 'passkey-sign-in': '' });
    const response = keyOf('ada').answer(asked);
    const off = await browser.postRaw('/login/passkey-sign-in', { csrf: asked.csrf, token: asked.token, response });
    assert.notEqual(off.statusCode, 303);
    assert.doesNotMatch((await browser.get('/login')).body, /data-passkey/);
    assert.equal((await browser.get('/login/passkey-sign-in')).statusCode, 404);
    await changeSettings(world.ctx, actor, { 'passkey-sign-in': 'on' });
  });

  test('after a quarter of an hour it is asked again who this is, by the passkey', async () => {
    const browser = world.browser();
    await browser.signIn(world.cast.ada.email);
    await answerAt(browser, '/login/passkey', keyOf('ada'));
    world.clock.turn(minutes(16));
    const away = to(await browser.get(LIST));
    assert.match(away, /^\/user\/confirm-identity\?goto=/);
    const page = `/user/confirm-identity/passkey?goto=${encodeURIComponent(LIST)}`;
    const asked = askedIn((await browser.get(page)).body);
    assert.equal(asked.options.userVerification, 'required');
    const unchecked = keyOf('ada').answer(asked, { verified: false });
    const refused = await browser.post(page, { token: asked.token, response: unchecked, goto: LIST });
    assert.equal(refused.statusCode, 422);
    assert.match(refused.body, /not accepted/);
    const done = await answerAt(browser, page, keyOf('ada'), { goto: LIST });
    assert.equal(to(done), LIST, done.body);
    assert.equal((await browser.get(LIST)).statusCode, 200);
  });

  test('staff use theirs alike, and a customer’s opens nothing there', async () => {
    const browser = world.browser();
    await browser.signIn('root');
    await add(browser, keyOf('root'), 'Staff key', STAFF_LIST);
    assert.match((await browser.get(STAFF_LIST)).body, /Staff key/);
    const second = world.browser();
    assert.equal(to(await second.signIn('root')), '/admin/login/passkey');
    assert.equal(to(await answerAt(second, '/admin/login/passkey', keyOf('root'))), '/admin');
    const alone = world.browser();
    assert.equal((await answerAt(alone, '/admin/login/passkey-sign-in', keyOf('ada'))).statusCode, 422);
    assert.equal(to(await answerAt(alone, '/admin/login/passkey-sign-in', keyOf('root'))), '/admin');
    world.clock.turn(minutes(16));
    const page = '/admin/confirm-identity/passkey';
    assert.equal(to(await answerAt(alone, page, keyOf('root'), { goto: STAFF_LIST })), STAFF_LIST);
  });

  test('who must have a second factor sets one up on the way in', async () => {
    await changeSettings(world.ctx, actor, {
      'second-factor-required-users': 'on',
      'second-factor-grace-days': '0',
    });
    const browser = world.browser();
    assert.equal(to(await browser.signIn(world.cast.ben.email)), '/login/set-up');
    const asked = askedIn((await browser.get('/login/set-up/passkey')).body);
    const done = await browser.post('/login/set-up/passkey', {
      token: asked.token,
      response: keyOf('ben').make(asked),
    });
    assert.equal(done.statusCode, 303, done.body);
    assert.equal((await newestSession(world)).methods, 'password,passkey');
    await changeSettings(world.ctx, actor, { 'second-factor-required-users': '' });
  });

  test('a removed one opens nothing, and the page says before what is lost', async () => {
    const browser = world.browser();
    await browser.signIn(world.cast.eve.email);
    await answerAt(browser, '/login/passkey', keyOf('eve'));
    const page = /\/user\/security\/passkeys\/\d+\/removal/.exec((await browser.get(LIST)).body)?.[0] ?? '';
    assert.match((await browser.get(page)).body, /Your password alone signs you in/);
    assert.equal(to(await browser.post(page)), LIST);
    assert.match((await browser.get(LIST)).body, /No passkeys yet/);
    assert.equal((await browser.get(page)).statusCode, 404);
    const stranger = world.browser();
    assert.equal((await answerAt(stranger, '/login/passkey-sign-in', keyOf('eve'))).statusCode, 422);
    assert.notEqual(to(await stranger.signIn(world.cast.eve.email)), '/login/passkey', 'no second factor is due');
  });

  test('staff switch them off with every other factor, and the next one knows the person by the same name', async () => {
    const { ben } = world.cast;
    const holder = { kind: 'user', id: ben.id } as const;
    const marked = await holdersWithFactor(world.ctx, 'user', [ben.id, world.cast.eve.id, world.cast.ada.id]);
    assert.deepEqual([...marked].sort(), [world.cast.ada.id, ben.id].sort());
    await takeFactorsAway(world.ctx, actor, holder, { by: 'staff', reason: 'Lost it' });
    const browser = world.browser();
    assert.equal((await answerAt(browser, '/login/passkey-sign-in', keyOf('ben'))).statusCode, 422);
    await browser.signIn(ben.email);
    const asked = askedIn((await browser.get(`${LIST}/new`)).body);
    assert.equal(asked.options.user?.id, keyOf('ben').kept[0]?.handle);
  });

  test('where nobody may set one up, none is added, and those there are still asked for', async () => {
    await changeSettings(world.ctx, actor, { 'passkeys-for-users': '' });
    const browser = world.browser();
    assert.equal(to(await browser.signIn(world.cast.ada.email)), '/login/passkey');
    await answerAt(browser, '/login/passkey', keyOf('ada'));
    assert.equal((await browser.get(`${LIST}/new`)).statusCode, 403);
    assert.match((await browser.get(LIST)).body, /not offered/);
    await changeSettings(world.ctx, actor, { 'passkeys-for-users': 'on' });
  });
});

async function newestSession(world: World): Promise<{ methods: string }> {
  return world.ctx.db.selectFrom('sessions').select('methods').orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow();
}

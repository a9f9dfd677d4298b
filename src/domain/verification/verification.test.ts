// Confirming an address: by the letter and then a sign-in, in one browser, and by nothing less.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { addClientWithOwner } from '#domain/signup/new-client.ts';
import { changeUser, findUserByEmail, userOf } from '#domain/users/users.ts';
import {
  meetSignIn,
  requireProvenToOrder,
  sendVerification,
  verificationLink,
} from '#domain/verification/verification.ts';
import { hours, minutes } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { CODE, onBothDatabases, PASSWORD, profile, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');

onBothDatabases('an address', (database) => {
  let world: World;
  let ctx: Context;
  let lettersAtStart = 0;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
    await changeSettings(ctx, SYSTEM, { 'email-verification': 'on' });
    lettersAtStart = (await letterHistory(ctx, {}, { limit: 5 })).length;
  });
  after(() => world.close());

  const isProven = async (id: number): Promise<boolean> => (await userOf(ctx, id)).emailVerifiedAt !== undefined;
  const linkTo = async (email: string): Promise<string> => new URL((await world.letterTo(email)).link).pathname;
  /** Follows a link and signs in from there. */
  const answer = async (browser: TestBrowser, link: string, email: string, password = PASSWORD) =>
    browser.post('/login', { email, password, goto: link }, { from: link });
  const need = (what: string) => changeSettings(ctx, SYSTEM, { 'email-verification-needed': what });

  test('of somebody who was here before is unconfirmed without a letter, and nothing is closed to them for it', async () => {
    const { ada } = world.cast;
    assert.equal(lettersAtStart, 0, 'switching it on wrote to nobody');
    const root = world.browser();
    await root.signIn('root');
    assert.match((await root.get(`/admin/clients/${ada.clientId}`)).body, /Not confirmed/);
    const browser = world.browser();
    await browser.signIn(ada.email);
    for (const page of ['', '/details', '/contacts', '/emails', '/users'])
      assert.equal((await browser.get(`/account/${ada.clientId}${page}`)).statusCode, 200, page);
    assert.equal((await browser.post(`/account/${ada.clientId}/details`, { city: 'Elsewhere' })).statusCode, 303);
    assert.equal(await isProven(ada.id), false);
    assert.deepEqual(await letterHistory(ctx, {}, { limit: 5 }), []);
  });

  test('is confirmed by following the link and then signing in, once', async () => {
    const { ada } = world.cast;
    await sendVerification(ctx, SYSTEM, ada.id);
    const link = await linkTo(ada.email);
    const browser = world.browser();
    const page = await browser.get(link);
    assert.equal(page.statusCode, 200);
    assert.match(page.body, /a•••@example\.test/);
    assert.equal(await isProven(ada.id), false, 'the link alone proves nothing');
    const entered = await answer(browser, link, ada.email);
    assert.equal(entered.headers.location, '/');
    assert.equal(await isProven(ada.id), true);
    assert.match((await browser.get('/account')).body, /Your e-mail address is confirmed/);
    assert.equal((await world.browser().get(link)).statusCode, 410);
    const [line] = await auditLines(ctx, { event: 'user.email.verified' }, { limit: 1 });
    assert.equal(line?.userId, ada.id);
    const read = await world.api('GetClientsDetails', { clientid: ada.clientId });
    assert.equal(read.body['email_verified'], true);
  });

  test('is confirmed through a second factor too', async () => {
    const { cleo } = world.cast;
    await sendVerification(ctx, SYSTEM, cleo.id);
    const link = await linkTo(cleo.email);
    const browser = world.browser();
    const step = await answer(browser, link, cleo.email);
    assert.equal(step.statusCode, 303);
    assert.equal(await isProven(cleo.id), false);
    const to = String(step.headers.location);
    await browser.post('/login/code', { code: CODE, goto: link }, { from: to });
    assert.equal(await isProven(cleo.id), true);
  });

  test('of an invited newcomer is not confirmed by accepting: the letter follows', async () => {
    const owner = world.browser();
    await owner.signIn(world.cast.eve.email);
    await owner.post(`/account/${world.cast.eve.clientId}/users/invite`, {
      email: 'guest@example.test',
      permissions: 'tickets',
    });
    const person = { firstName: 'Gus', lastName: 'Guest', password: 'several words in a row' };
    assert.equal((await world.browser().post(await linkTo('guest@example.test'), person)).statusCode, 303);
    const guest = await findUserByEmail(ctx, 'guest@example.test');
    assert.equal(await isProven(guest?.id ?? 0), false);
    await answer(world.browser(), await linkTo('guest@example.test'), 'guest@example.test', person.password);
    assert.equal(await isProven(guest?.id ?? 0), true);
  });

  test('attack: a link that somebody else’s program followed confirms nothing for whoever waits', async () => {
    const { eve } = world.cast;
    await sendVerification(ctx, SYSTEM, eve.id);
    await world.browser().get(await linkTo(eve.email)); // a mail scanner
    await world.browser().signIn(eve.email);
    assert.equal(await isProven(eve.id), false);
  });

  test('attack: the link of one person confirms nobody else, and is not spent by trying', async () => {
    const { ben, eve } = world.cast;
    await sendVerification(ctx, SYSTEM, eve.id);
    const link = await linkTo(eve.email);
    const browser = world.browser();
    await answer(browser, link, ben.email);
    assert.equal(await isProven(ben.id), false);
    assert.equal(await isProven(eve.id), false);
    assert.match((await browser.get('/')).body + (await browser.get('/account')).body, /confirmed nothing/);
    assert.equal((await verificationLink(ctx, link.split('/').at(-1) ?? '')).is, 'open');
    for (const token of ['x', 'a'.repeat(43), '../../login'])
      await answer(world.browser(), `/verify/${token}`, eve.email).catch(() => undefined);
    assert.equal(await isProven(eve.id), false);
  });

  test('attack: fifty sign-ins at once by one link confirm once, and the database alone holds no link', async () => {
    const { ben } = world.cast;
    await sendVerification(ctx, SYSTEM, ben.id);
    const token = (await linkTo(ben.email)).split('/').at(-1) ?? '';
    const rows = await ctx.db.selectFrom('verification_links').selectAll().execute();
    assert.ok(rows.length > 0 && rows.every((row) => !JSON.stringify(row).includes(token)));
    const all = Array.from({ length: 50 }, () => ctx.transaction((tx) => meetSignIn(tx, ben.id, 'login', token)));
    await Promise.all(all);
    const lines = await auditLines(ctx, { event: 'user.email.verified', userId: ben.id }, { limit: 9 });
    assert.equal(lines.length, 1);
    await changeUser(ctx, SYSTEM, ben.id, { email: 'ben2@example.test' });
    await changeUser(ctx, SYSTEM, ben.id, { email: ben.email }, { putsBack: true });
    assert.equal(await isProven(ben.id), false);
  });

  test('holds for an hour, and the newest link ends the older', async () => {
    const { eve } = world.cast;
    await sendVerification(ctx, SYSTEM, eve.id);
    const older = await linkTo(eve.email);
    await sendVerification(ctx, SYSTEM, eve.id);
    const newer = await linkTo(eve.email);
    await answer(world.browser(), older, eve.email);
    assert.equal(await isProven(eve.id), false);
    world.clock.turn(minutes(60));
    await answer(world.browser(), newer, eve.email);
    assert.equal(await isProven(eve.id), false);
    assert.match((await world.browser().get(newer)).body, /too old/);
  });

  test('that changes has to be confirmed anew, unless it was shown to be read', async () => {
    const { ada } = world.cast;
    await changeUser(ctx, SYSTEM, ada.id, { email: 'lovelace@example.test' });
    assert.equal(await isProven(ada.id), false);
    assert.match((await world.letterTo('lovelace@example.test')).link, /\/verify\//);
    await changeUser(ctx, SYSTEM, ada.id, { email: ada.email }, { verified: true });
    assert.equal(await isProven(ada.id), true);
    const letters = (await letterHistory(ctx, {}, { limit: 20 })).filter((one) => one.to === ada.email);
    assert.notEqual(letters[0]?.kind, 'verify-address');
  });

  test('is asked for in the client area, with a letter at most five times an hour', async () => {
    const browser = world.browser();
    await browser.signIn(world.cast.eve.email);
    const home = await browser.get(`/account/${world.cast.eve.clientId}`);
    assert.match(home.body, /Please confirm your e-mail address/);
    for (let n = 0; n < 5; n += 1) assert.equal((await browser.post('/user/confirmation')).statusCode, 303);
    assert.equal((await browser.post('/user/confirmation')).statusCode, 429);
    world.clock.turn(hours(1));
    await changeSettings(ctx, SYSTEM, { 'email-verification': '' });
    assert.doesNotMatch((await browser.get(`/account/${world.cast.eve.clientId}`)).body, /Please confirm your e-mail/);
    await changeSettings(ctx, SYSTEM, { 'email-verification': 'on' });
  });

  test('is asked for before the sign-in where that is wanted: no session, the letter again, and then the way in', async () => {
    const { eve } = world.cast;
    await need('before-login');
    const browser = world.browser();
    const refused = await browser.signIn(eve.email);
    assert.equal(refused.headers.location, '/login/confirm');
    assert.deepEqual(
      [...browser.cookies.keys()].filter((name) => name.includes('session')),
      [],
    );
    assert.match(String((await browser.get('/')).headers.location), /^\/login/, 'nobody is signed in');
    const page = await browser.get('/login/confirm');
    assert.match(page.body, /e•••@example\.test/);
    assert.equal((await browser.post('/login/confirm')).statusCode, 303);
    const api = await world.api('ValidateLogin', { email: eve.email, password2: PASSWORD });
    assert.equal(api.body['message'], 'Email or Password Invalid', 'no way round by a program');
    assert.equal((await world.browser().get('/login/confirm')).headers.location, '/login');
    await answer(browser, await linkTo(eve.email), eve.email);
    assert.equal(await isProven(eve.id), true);
    assert.equal((await browser.get(`/account/${eve.clientId}`)).statusCode, 200);
    await need('never');
  });

  test('is asked for before an order where that is wanted', async () => {
    await need('before-order');
    await assert.rejects(requireProvenToOrder(ctx, world.cast.ben.id), { code: 'address-unproven-order' });
    await requireProvenToOrder(ctx, world.cast.eve.id);
    await need('never');
    await requireProvenToOrder(ctx, world.cast.ben.id);
  });

  test('of whoever chooses a password by the link of a letter is confirmed by that: one letter, and the way in', async () => {
    await need('before-login');
    const made = await addClientWithOwner(ctx, SYSTEM, {
      profile: profile({ email: 'chosen@example.test' }),
      owner: { kind: 'new', password: undefined },
      welcome: true,
    });
    const { link } = await world.letterTo('chosen@example.test');
    const browser = world.browser();
    await browser.get(new URL(link).pathname);
    assert.equal(await isProven(made.ownerId), false, 'a look proves nothing');
    await browser.post(new URL(link).pathname, { password: 'several words in a row' });
    assert.equal(await isProven(made.ownerId), true);
    await browser.signIn('chosen@example.test', 'several words in a row');
    assert.equal((await browser.get(`/account/${made.clientId}`)).statusCode, 200);
    const sent = (await letterHistory(ctx, {}, { limit: 20 })).filter((one) => one.to === 'chosen@example.test');
    assert.ok(!sent.some((one) => one.kind === 'verify-address'));
    await need('never');
  });

  test('of a new person takes the place of the welcome, and staff send the letter again', async () => {
    const made = await addClientWithOwner(ctx, SYSTEM, {
      profile: profile({ email: 'new@example.test' }),
      owner: { kind: 'new', password: 'several words in a row' },
      welcome: true,
    });
    const letters = (await letterHistory(ctx, {}, { limit: 20 })).filter((one) => one.to === 'new@example.test');
    assert.deepEqual(
      letters.map((one) => one.kind),
      ['verify-address'],
    );
    const staff = world.browser();
    await staff.signIn('root');
    const summary = await staff.get(`/admin/clients/${made.clientId}`);
    assert.match(summary.body, /Not confirmed/);
    assert.equal((await staff.post(`/admin/users/${made.ownerId}/verification`)).statusCode, 303);
    const sent = (await letterHistory(ctx, {}, { limit: 20 })).filter((one) => one.to === 'new@example.test');
    assert.equal(sent.length, 2);
    assert.equal((await staff.post(`/admin/users/${world.cast.eve.id}/verification`)).statusCode, 409);
  });
});

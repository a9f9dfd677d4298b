// Whoever may not be in any more is out with the next click: deactivated, closed, password changed, idle, too old.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { closeClient } from '#domain/clients/client-status.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { setUserDisabled } from '#domain/users/users.ts';
import { days, hours, minutes } from '#kit/duration.ts';
import { csrfOf, leadsTo } from '#tests/attacks/entrance/posted.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

const actor = systemActor('Test');
const FRESH = 'a wholly different phrase';

onBothDatabases('out at once', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  const signedIn = async (email: string, password = PASSWORD): Promise<TestBrowser> => {
    const browser = world.browser();
    assert.equal((await browser.signIn(email, password)).statusCode, 303);
    assert.equal(browser.cookies.has('doorward-session'), true);
    return browser;
  };

  test('a deactivated user is out, is told so, and does not get in again until activated', async () => {
    const eve = await signedIn('eve@example.test');
    await setUserDisabled(world.ctx, actor, world.cast.eve.id, true);
    assert.match(leadsTo(await eve.get(`/account/${world.cast.eve.clientId}`)), /^\/login/);
    assert.match((await eve.get('/login')).body, /not active any more/);
    assert.equal((await world.browser().signIn('eve@example.test')).statusCode, 422);
    await setUserDisabled(world.ctx, actor, world.cast.eve.id, false);
    await signedIn('eve@example.test');
  });

  test('a deactivated user posts nothing any more', async () => {
    const ben = await signedIn('ben@example.test');
    const csrf = csrfOf(await ben.get('/user/profile'));
    await setUserDisabled(world.ctx, actor, world.cast.ben.id, true);
    const post = await ben.postRaw('/user/profile', { csrf, firstName: 'Late' }, { 'sec-fetch-site': 'same-origin' });
    assert.match(leadsTo(post), /^\/login/);
    await setUserDisabled(world.ctx, actor, world.cast.ben.id, false);
  });

  test('a closed account can be read for 90 days and changed by nobody', async () => {
    const eve = await signedIn('eve@example.test');
    const { clientId } = world.cast.eve;
    const home = `/account/${clientId}`;
    const csrf = csrfOf(await eve.get(`${home}/details`));
    await closeClient(world.ctx, actor, clientId);
    assert.match((await eve.get(home)).body, /This account is closed/);
    const details = await eve.get(`${home}/details`);
    assert.equal(details.statusCode, 200);
    assert.doesNotMatch(details.body, /name="city"/);
    const post = await eve.postRaw(`${home}/details`, { csrf, city: 'Late' }, { 'sec-fetch-site': 'same-origin' });
    assert.equal(post.statusCode, 403);
    assert.equal((await clientOf(world.ctx, clientId)).city, 'Sampletown');
    assert.match((await eve.get('/account')).body, /Closed accounts/);
    world.clock.turn(days(91));
    const later = await signedIn('eve@example.test');
    assert.equal((await later.get(home)).statusCode, 403);
    assert.doesNotMatch((await later.get(`${home}/details`)).body, /Placeholder/);
    await changeClient(world.ctx, actor, clientId, { status: 'Active' });
    assert.equal((await later.get(home)).statusCode, 200);
  });

  test('a changed password ends every other session, and the old token of this one', async () => {
    const here = await signedIn('ada@example.test');
    const there = await signedIn('ada@example.test');
    const stolen = here.cookies.get('doorward-session') ?? '';
    const changed = await here.post('/user/password', { current: PASSWORD, password: FRESH });
    assert.equal(leadsTo(changed), '/user/password');
    assert.match((await here.get('/user/password')).body, /Your password is changed/);
    assert.match(leadsTo(await there.get('/user/profile')), /^\/login/);
    assert.match((await there.get('/login')).body, /Your password was changed/);
    assert.notEqual(here.cookies.get('doorward-session'), stolen);
    const thief = world.browser();
    thief.cookies.set('doorward-session', stolen);
    assert.match(leadsTo(await thief.get('/user/profile')), /^\/login/);
    assert.equal((await world.browser().signIn('ada@example.test', PASSWORD)).statusCode, 422);
    await signedIn('ada@example.test', FRESH);
  });

  test('a password is not changed without the present one, and guessing it has an end', async () => {
    const ben = await signedIn('ben@example.test');
    const statuses: number[] = [];
    for (let tries = 0; tries < 12; tries += 1) {
      const answer = await ben.post('/user/password', { current: `guess ${tries}`, password: FRESH });
      statuses.push(answer.statusCode);
    }
    assert.deepEqual(new Set(statuses), new Set([422, 429]));
    assert.equal((await ben.post('/user/password', { current: PASSWORD, password: FRESH })).statusCode, 429);
    await signedIn('ben@example.test', PASSWORD);
  });

  test('sessions that others ended are over', async () => {
    const [here, there] = [await signedIn('ben@example.test'), await signedIn('ben@example.test')];
    await here.post('/user/sessions', { session: 'others' });
    assert.match(leadsTo(await there.get('/user/profile')), /^\/login/);
    assert.equal((await here.get('/user/profile')).statusCode, 200);
  });

  test('a session that idles, or is a day old, is over', async () => {
    const idle = await signedIn('ben@example.test');
    world.clock.turn(hours(2));
    assert.match(leadsTo(await idle.get('/user/profile')), /^\/login/);
    const busy = await signedIn('ben@example.test');
    for (let quarter = 0; quarter < 4 * 24 - 1; quarter += 1) {
      world.clock.turn(minutes(15));
      assert.equal((await busy.get('/user/profile')).statusCode, 200);
    }
    world.clock.turn(minutes(15));
    assert.match(leadsTo(await busy.get('/user/profile')), /^\/login/);
  });

  test('after signing out, the cookie of before opens nothing', async () => {
    const ben = await signedIn('ben@example.test');
    const kept = ben.cookies.get('doorward-session') ?? '';
    await ben.post('/logout', {}, { from: '/user/profile' });
    assert.equal(ben.cookies.has('doorward-session'), false);
    ben.cookies.set('doorward-session', kept);
    assert.match(leadsTo(await ben.get('/user/profile')), /^\/login/);
  });
});

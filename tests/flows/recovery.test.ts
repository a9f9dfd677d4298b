// Somebody lost their phone and has no backup code: through the pages, to the end. And what a thief tries there.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Actor } from '#domain/audit/actor.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { factorsOf } from '#domain/credentials/factors.ts';
import { addAuthenticator } from '#domain/credentials/totp.ts';
import { codeAt, freshSeed, stepAt } from '#domain/credentials/totp-code.ts';
import { letterHistory, liveLetterOf } from '#domain/mail/outbox.ts';
import { recoveryOf } from '#domain/recovery/recovery.ts';
import { days, hours, minutes } from '#kit/duration.ts';
import { csrfOf } from '#tests/attacks/entrance/posted.ts';
import { leadsTo, staffWith, wordsOf } from '#tests/staff.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

const SYSTEM: Actor = systemActor('Test');

onBothDatabases('a lost second factor', (database) => {
  let world: World;
  let seed: string;
  before(async () => {
    world = await testWorld(database);
    seed = await freshSeed();
    for (const id of [world.cast.eve.id, world.cast.ben.id])
      await world.ctx.transaction((tx) =>
        addAuthenticator(
          tx,
          SYSTEM,
          { kind: 'user', id },
          {
            name: 'Phone',
            confirmed: {
              seed: `${seed.slice(0, -1)}${id % 2 ? 'A' : 'B'}`,
              step: stepAt(world.clock.now()),
              until: world.clock.now() + hours(1),
            },
            keepSessionId: undefined,
          },
        ),
      );
  });
  after(() => world.close());

  /** A browser in which the password was right and the factor is asked. */
  const halfway = async (email: string): Promise<TestBrowser> => {
    const browser = world.browser();
    assert.match(leadsTo(await browser.signIn(email)), /^\/login\/code/);
    return browser;
  };
  /** The newest link of a kind in the letters to somebody. */
  const linkIn = async (address: string, kind: 'cancel' | 'finish'): Promise<string> => {
    const letters = await letterHistory(world.ctx, {}, { limit: 30 });
    const link = new RegExp(`/recovery/${kind}/[\\w-]+`);
    for (const { id, to } of letters) {
      const found = to === address ? link.exec((await liveLetterOf(world.ctx, id)).text) : null;
      if (found) return found[0];
    }
    return 'none';
  };
  /** The password is right, by way of the link in the letter. */
  const byLink = async (email: string, link: string): Promise<TestBrowser> => {
    const browser = world.browser();
    assert.match((await browser.get(link)).body, /href="\/login\?goto=/);
    const answer = await browser.post('/login', { email, password: PASSWORD, goto: link });
    assert.equal(leadsTo(answer), link);
    return browser;
  };

  test('eve asks, support makes sure, she waits, and comes in without it; every other session is out', async () => {
    const { eve } = world.cast;
    const browser = await halfway(eve.email);
    assert.match((await browser.get('/login/code')).body, /href="\/login\/recovery/);
    assert.equal((await browser.post('/login/recovery', { reason: '' })).statusCode, 422);
    assert.equal(
      leadsTo(await browser.post('/login/recovery', { reason: 'My phone is at the bottom of a lake' })),
      '/login/recovery',
    );
    assert.match(wordsOf(await browser.get('/login/recovery')), /on its way/);
    assert.equal((await browser.post('/login/recovery', { act: 'send' })).statusCode, 403);

    const support = await staffWith(world, ['Reset User Credentials']);
    const list = await support.get('/admin/recoveries');
    const id = /\/admin\/recoveries\/(\d+)/.exec(list.body)?.[1] ?? '';
    assert.match(wordsOf(await support.get(`/admin/recoveries/${id}`)), /bottom of a lake/);
    assert.equal((await support.post(`/admin/recoveries/${id}`, { note: '' })).statusCode, 422);
    assert.equal(leadsTo(await support.post(`/admin/recoveries/${id}`, { note: 'Called her' })), '/admin/recoveries');

    const later = await halfway(eve.email);
    assert.match(wordsOf(await later.get('/login/recovery')), /waiting time/);
    world.clock.turn(hours(24));
    const link = await linkIn(eve.email, 'finish');
    assert.match(
      wordsOf(await (await halfway(eve.email)).get('/login/recovery')),
      /Open the link that we sent to e•••@/,
    );
    const [one, two] = [await byLink(eve.email, link), await byLink(eve.email, link)];
    assert.match(wordsOf(await one.get(link)), /You can go on/);
    const drawn = csrfOf(await two.get(link));
    assert.equal(leadsTo(await one.post(link, { goto: '/user/security' })), '/user/security');
    assert.equal((await one.get('/user/profile')).statusCode, 200);
    assert.deepEqual(await factorsOf(world.ctx, { kind: 'user', id: eve.id }), []);
    // The other sign-in that was under way is over, and the recovery is spent.
    const again = await two.postRaw(link, { csrf: drawn }, { 'sec-fetch-site': 'same-origin' });
    assert.equal(again.statusCode, 410);
    assert.equal((await two.get('/user/profile')).statusCode, 303);
    assert.match((await world.letterTo(eve.email)).text, /second factor/i);
  });

  test('a thief who knows the password gets nowhere: the letter stops it, and the request opens no door by itself', async () => {
    const { ben, ada } = world.cast;
    const thief = await halfway(ben.email);
    await thief.post('/login/recovery', { reason: 'let me in' });
    for (const path of ['/user/profile', '/user/security', '/account', `/account/${ada.clientId}`])
      assert.match(leadsTo(await thief.get(path)), /^\/login/, path);
    const stranger = world.browser();
    assert.match(leadsTo(await stranger.get('/login/recovery')), /^\/login/);
    const link = await linkIn(ben.email, 'cancel');
    assert.equal((await stranger.get(link)).statusCode, 200); // looking stops nothing
    assert.ok(await recoveryOf(world.ctx, ben.id));
    assert.equal(leadsTo(await stranger.post(link)), '/password/reset');
    assert.equal(await recoveryOf(world.ctx, ben.id), undefined);
    assert.equal((await stranger.get(link)).statusCode, 410);
    assert.equal((await stranger.get('/recovery/cancel/nothing')).statusCode, 404);
  });

  test('the owner of all their accounts vouches; another owner, and staff without the permission, do not', async () => {
    const { ben, ada, eve } = world.cast;
    world.clock.turn(days(2));
    const browser = await halfway(ben.email);
    await browser.post('/login/recovery', { reason: 'lost' });
    const [owner, other, clerk] = [world.browser(), world.browser(), await staffWith(world, ['List Users'])];
    await owner.signIn(ada.email);
    await other.signIn(eve.email);
    assert.equal((await other.get(`/account/${eve.clientId}/users/${ben.id}/recovery`)).statusCode, 404);
    assert.equal((await other.get(`/account/${ada.clientId}/users/${ben.id}/recovery`)).statusCode, 404);
    const id = (await recoveryOf(world.ctx, ben.id))?.id ?? 0;
    assert.equal((await clerk.get(`/admin/recoveries/${id}`)).statusCode, 403);
    const own = `/account/${ada.clientId}/users/${ben.id}/recovery`;
    const people = `/account/${ada.clientId}/users`;
    assert.match((await owner.get(people)).body, new RegExp(`href="${own}"`), 'the list of people leads to it');
    assert.equal((await owner.get(`/account/${ada.clientId}/users/${eve.id}/recovery`)).statusCode, 404);
    assert.equal(leadsTo(await owner.post(own, { note: 'Spoke to him' })), people);
    assert.doesNotMatch((await owner.get(people)).body, new RegExp(`href="${own}"`), 'and no more, once the owner did');
    world.clock.turn(hours(24) + minutes(1));
    const link = await linkIn(ben.email, 'finish');
    const back = await byLink(ben.email, link);
    assert.equal(leadsTo(await back.post(link)), '/');
    // A code of the authenticator that was lost opens nothing any more: none is asked.
    assert.equal((await codeAt(seed, world.clock.now())).length, 6);
    assert.deepEqual(await factorsOf(world.ctx, { kind: 'user', id: ben.id }), []);
  });
});

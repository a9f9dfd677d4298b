// Recovery: poisoned links, links used twice or in parallel, and a reset as the way round a second factor.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { minutes } from '#kit/duration.ts';
import { csrfOf, leadsTo } from '#tests/attacks/entrance/posted.ts';
import type { World } from '#tests/world.ts';
import { CODE, onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

const FRESH = 'a wholly different phrase';

onBothDatabases('reset link', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database, { environment: { DOORWARD_URL: 'https://my.northwind.test' } });
  });
  after(() => world.close());
  beforeEach(() => world.clock.turn(minutes(61)));

  /** Asks for a link as a stranger would; the letter is written after the answer. */
  const linkFor = async (email: string, headers: Record<string, string> = {}): Promise<string> => {
    const before = await world.letterTo(email).catch(() => undefined);
    const answer = await world.browser().post('/password/reset', { email }, { headers });
    assert.equal(answer.statusCode, 303);
    for (let tries = 0; tries < 200; tries += 1) {
      const letter = await world.letterTo(email).catch(() => undefined);
      if (letter && letter.link !== '' && letter.link !== before?.link) return letter.link;
      await sleep(10);
    }
    throw new Error(`no letter to ${email}`);
  };
  const path = (link: string): string => new URL(link).pathname;

  for (const headers of [
    { host: 'evil.example' },
    { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' },
    { forwarded: 'host=evil.example;proto=http', 'x-forwarded-port': '8443', 'x-forwarded-prefix': '/evil' },
    { 'x-original-url': 'https://evil.example/', 'x-rewrite-url': '//evil.example', 'x-host': 'evil.example' },
  ]) {
    test(`the letter's link has the configured origin, whatever ${Object.keys(headers).join(', ')} say`, async () => {
      const link = await linkFor('ada@example.test', headers);
      assert.equal(new URL(link).origin, 'https://my.northwind.test');
      assert.match(new URL(link).pathname, /^\/password\/set\/[\w-]{43}$/);
    });
  }

  test('of 50 posts at once with one link, one sets its password', async () => {
    const link = path(await linkFor('ben@example.test'));
    const browser = world.browser();
    const csrf = csrfOf(await browser.get(link));
    const posts = Array.from({ length: 50 }, (_, at) =>
      browser.postRaw(link, { csrf, password: `${FRESH} ${at}` }, { 'sec-fetch-site': 'same-origin' }),
    );
    const answers = await Promise.all(posts);
    const winners = answers.flatMap((answer, at) => (answer.statusCode === 303 ? [at] : []));
    assert.equal(winners.length, 1);
    const signedIn = await world.browser().signIn('ben@example.test', `${FRESH} ${winners[0]}`);
    assert.equal(leadsTo(signedIn), '/');
    const lost = await world.browser().signIn('ben@example.test', `${FRESH} ${winners[0] === 0 ? 1 : 0}`);
    assert.equal(lost.statusCode, 422);
  });

  test('a link that was used says so, and sets nothing again', async () => {
    const link = path(await linkFor('ben@example.test'));
    assert.equal(leadsTo(await world.browser().post(link, { password: FRESH })), '/login');
    const again = await world.browser().get(link);
    assert.equal(again.statusCode, 410);
    assert.match(again.body, /used already/);
    const browser = world.browser();
    const csrf = csrfOf(await browser.get('/login'));
    const post = await browser.postRaw(link, { csrf, password: `${FRESH} 2` }, { 'sec-fetch-site': 'same-origin' });
    assert.equal(post.statusCode, 403);
    assert.match(post.body, /used already/);
    assert.equal((await world.browser().signIn('ben@example.test', `${FRESH} 2`)).statusCode, 422);
  });

  test('a newer link kills the older one', async () => {
    const older = path(await linkFor('ada@example.test'));
    const newer = path(await linkFor('ada@example.test'));
    const dead = await world.browser().get(older);
    assert.equal(dead.statusCode, 410);
    assert.match(dead.body, /a newer link/);
    assert.equal((await world.browser().get(newer)).statusCode, 200);
  });

  test('a link that is too old opens nothing', async () => {
    const link = path(await linkFor('ada@example.test'));
    world.clock.turn(minutes(60));
    const answer = await world.browser().get(link);
    assert.equal(answer.statusCode, 410);
    assert.match(answer.body, /too old/);
  });

  test('opening a link, as programs that look at letters do, does not use it up', async () => {
    const link = path(await linkFor('ada@example.test'));
    for (let looks = 0; looks < 5; looks += 1) await world.browser().get(link);
    await world.app.inject({ method: 'HEAD', url: link });
    assert.equal((await world.browser().get(link)).statusCode, 200);
  });

  test('a reset is no way round the second factor: nobody is signed in by it, and the code is still asked for', async () => {
    const link = path(await linkFor('cleo@example.test'));
    const browser = world.browser();
    const set = await browser.post(link, { password: FRESH });
    assert.equal(leadsTo(set), '/login');
    assert.equal(browser.cookies.has('__Host-doorward-session'), false);
    const step = await browser.signIn('cleo@example.test', FRESH);
    assert.equal(leadsTo(step), '/login/code');
    assert.equal(browser.cookies.has('__Host-doorward-session'), false);
    await browser.post('/login/code', { code: CODE });
    assert.equal(browser.cookies.has('__Host-doorward-session'), true);
  });

  test('a reset ends every session of the person, and what they had half done', async () => {
    const elsewhere = world.browser();
    await elsewhere.signIn('eve@example.test');
    const link = path(await linkFor('eve@example.test'));
    await world.browser().post(link, { password: FRESH });
    assert.match(leadsTo(await elsewhere.get('/user/profile')), /^\/login/);
    assert.equal((await world.browser().signIn('eve@example.test', PASSWORD)).statusCode, 422);
  });

  test('the page of a link names nobody in full: the link may be in the wrong hands', async () => {
    const link = path(await linkFor('ada@example.test'));
    const page = await world.browser().get(link);
    assert.doesNotMatch(page.body, /ada@example\.test/);
    assert.doesNotMatch(page.body, /Lovelace/);
    assert.equal(page.headers['referrer-policy'], 'same-origin');
    assert.equal(page.headers['cache-control'], 'no-store');
  });
});

// Guess reset, confirm and invite tokens on every route: same limit, same status and body for valid and invalid format
// (FOSSBilling CVE-2026-43926). Every page whose address holds a token is tried, so a new one is by being there.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import { usesSoFar } from '#domain/guard/limits.ts';
import { networkName } from '#kit/address.ts';
import { findPages } from '#src/app.ts';
import { csrfOf, seen } from '#tests/attacks/entrance/posted.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const OWN = { 'sec-fetch-site': 'same-origin' };
/** A token as ours are, and what is none. */
const GUESSES = [
  'A'.repeat(43),
  'x',
  '0',
  '\0',
  "'--",
  'A'.repeat(44),
  'A'.repeat(199),
  `${'A'.repeat(20)}.${'B'.repeat(43)}`,
];
/** What may be posted to as often as anybody likes. */
const NOT_COUNTED: Readonly<Record<string, string>> = {
  '/password/set/:token/signing-out': 'signs out whoever is signed in there, whatever the link is',
  '/unsubscribe/:token': 'a signature, and the programs of mailboxes post there for thousands of people',
};
const pages = (await findPages()).filter(({ address }) => address.includes(':token'));

onBothDatabases('guessed links', (database) => {
  let world: World;
  let made = 0;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  /** A browser in a network of its own; signed in where the page is for users. */
  const guesser = async (who: string): Promise<{ browser: TestBrowser; csrf: string; ip: string }> => {
    made += 1;
    const ip = `203.0.${made}.9`;
    const browser = world.browser({ ip });
    if (who === 'user') await browser.signIn(world.cast.eve.email);
    return { browser, ip, csrf: csrfOf(await browser.get(who === 'user' ? '/user/profile' : '/login')) };
  };

  test('there are links of every kind', () => {
    for (const part of [
      '/password/set',
      '/invite',
      '/verify',
      '/email/undo',
      '/ownership/undo',
      '/recovery/cancel',
      '/recovery/finish',
      '/user/email/confirm',
    ])
      assert.ok(
        pages.some(({ address }) => address.startsWith(part)),
        part,
      );
  });

  for (const { address, page } of pages)
    test(`${address} answers every guess alike, and a network so often`, async () => {
      const { browser, csrf, ip } = await guesser(page.who.is);
      const at = (token: string): string => address.replace(':token', encodeURIComponent(token));
      const looks: string[] = [];
      const posts: string[] = [];
      for (const guess of GUESSES) {
        const own = at(guess).slice(0, address.indexOf(':token') + encodeURIComponent(guess).length);
        const told = (answer: LightMyRequestResponse): string =>
          JSON.stringify(seen(answer)).replaceAll(own, '·').replaceAll(own.replaceAll("'", '&#39;'), '·');
        if (page.get) looks.push(told(await browser.get(at(guess))));
        if (page.post) posts.push(told(await browser.postRaw(at(guess), { csrf }, OWN)));
      }
      for (const [which, one] of looks.entries()) assert.equal(one, looks[0], `a look at ${GUESSES[which]}`);
      for (const [which, one] of posts.entries()) assert.equal(one, posts[0], `a post to ${GUESSES[which]}`);
      if (!page.post || address in NOT_COUNTED) return;
      const limit = page.limit;
      assert.ok(limit && limit.most <= 60, `${address} may be posted to without end`);
      let last = 0;
      for (let guess = posts.length; guess <= limit.most; guess += 1)
        last = (await browser.postRaw(at(guess % 2 ? 'x' : 'A'.repeat(43)), { csrf }, OWN)).statusCode;
      // A page that has nothing to show for such a link leads on instead of saying so.
      assert.ok(
        last === 429 || (last === 303 && looks[0]?.startsWith('{"status":303')),
        `the last guess meets ${last}`,
      );
      assert.equal((await usesSoFar(world.ctx, limit, networkName(ip))).count, limit.most + 1);
    });
});

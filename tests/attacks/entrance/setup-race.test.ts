// The first administrator: by the printed link alone, once, also when many try at the same instant.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { listAdministrators } from '#domain/administrators/administrators.ts';
import { offerSetup } from '#domain/administrators/setup.ts';
import { csrfOf, leadsTo } from '#tests/attacks/entrance/posted.ts';
import type { Fields, World } from '#tests/world.ts';
import { DATABASES, onBothDatabases, testWorld } from '#tests/world.ts';

const person = (username: string): Fields => ({
  username,
  firstName: 'First',
  lastName: 'Person',
  email: `${username}@staff.example.test`,
  password: 'a phrase of several words',
});

onBothDatabases('set-up race', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database, { cast: false });
  });
  after(() => world.close());

  test('without the printed token there is no form, and a post makes nobody', async () => {
    await offerSetup(world.ctx);
    for (const token of ['', 'guess', 'A'.repeat(43)]) {
      const browser = world.browser();
      const page = await browser.get(`/setup?token=${token}`);
      assert.equal(page.statusCode, 410);
      assert.doesNotMatch(page.body, /<form/);
      const csrf = csrfOf(await browser.get('/login'));
      const before = world.ctx.passwords.hashes;
      await browser.postRaw('/setup', { csrf, token, ...person('mallory') }, { 'sec-fetch-site': 'same-origin' });
      assert.equal(world.ctx.passwords.hashes, before, 'nothing slow is done for a stranger');
    }
    assert.deepEqual(await listAdministrators(world.ctx), []);
  });

  test('a token that a later start replaced is dead', async () => {
    const older = await offerSetup(world.ctx);
    await offerSetup(world.ctx);
    assert.equal((await world.browser().get(`/setup?token=${older}`)).statusCode, 410);
  });

  test('of 50 posts at once one makes an administrator, and one browser is signed in', async () => {
    const token = (await offerSetup(world.ctx)) ?? '';
    const browsers = await Promise.all(
      Array.from({ length: 50 }, async (_, at) => {
        const browser = world.browser({ ip: `198.51.${at}.1` });
        const csrf = csrfOf(await browser.get(`/setup?token=${token}`));
        return { browser, fields: { csrf, token, ...person(`first${at}`) } };
      }),
    );
    const answers = await Promise.all(
      browsers.map(({ browser, fields }) => browser.postRaw('/setup', fields, { 'sec-fetch-site': 'same-origin' })),
    );
    assert.equal((await listAdministrators(world.ctx)).length, 1);
    assert.equal(answers.filter((answer) => leadsTo(answer) === '/admin').length, 1);
    assert.equal(browsers.filter(({ browser }) => browser.cookies.has('doorward-admin')).length, 1);
  });

  test('afterwards the page is closed, to the same token and to a made-up one', async () => {
    assert.equal(await offerSetup(world.ctx), undefined);
    assert.equal((await world.browser().get('/setup?token=anything')).statusCode, 410);
  });
});

describe('the set-up form', () => {
  for (const database of DATABASES) {
    test(`says all that is wrong at once, and keeps the token and what was typed (${database})`, async () => {
      const world = await testWorld(database, { cast: false });
      try {
        const token = (await offerSetup(world.ctx)) ?? '';
        const browser = world.browser();
        const wrong = { token, username: '1x', firstName: '', lastName: 'Person', email: 'x', password: 'short' };
        const answer = await browser.post('/setup', wrong, { from: `/setup?token=${token}` });
        assert.equal(answer.statusCode, 422);
        for (const field of ['username', 'firstName', 'email', 'password'])
          assert.match(answer.body, new RegExp(`href="#field-${field}"`), field);
        assert.match(answer.body, new RegExp(`name="token" value="${token}"`));
        assert.match(answer.body, /value="Person"/);
        assert.equal(
          leadsTo(await browser.post('/setup', { token, ...person('root') }, { from: `/setup?token=${token}` })),
          '/admin',
        );
      } finally {
        await world.close();
      }
    });
  }
});

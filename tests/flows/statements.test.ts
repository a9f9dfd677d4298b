// What the hottest requests cost the database, in statements: time differs from machine to machine, their number does not.
// On PostgreSQL each is a round trip.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addMember } from '#domain/access/member-changes.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { addUser } from '#domain/users/users.ts';
import { csrfOf } from '#tests/attacks/entrance/posted.ts';
import { giveApp } from '#tests/factors.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');

onBothDatabases('statements', (database) => {
  let world: World;
  let ada: TestBrowser;
  let ben: TestBrowser;
  let home: string;
  before(async () => {
    world = await testWorld(database);
    [ada, ben] = [world.browser(), world.browser()];
    await ada.signIn(world.cast.ada.email);
    await ben.signIn(world.cast.ben.email);
    home = `/account/${world.cast.ada.clientId}`;
  });
  after(() => world.close());

  /** The statements of a request that was made once before: settings are kept for a second, and uses noted once a minute. */
  async function cost(request: () => Promise<{ readonly statusCode: number } | { readonly status: number }>) {
    const first = await request();
    assert.equal('statusCode' in first ? first.statusCode : first.status, 200);
    const before = world.ctx.statementCount();
    await request();
    return world.ctx.statementCount() - before;
  }

  const details = (clientid: number) => () => world.api('GetClientsDetails', { clientid });

  test('the home of an account takes four: the session, the account with the membership, the menu, the alerts', async () => {
    assert.equal(await cost(() => ada.get(home)), 4);
  });

  test('a member is told who owns the account and whether it is offered to them, for three more', async () => {
    assert.equal(await cost(() => ben.get(home)), 7);
  });

  test('a page of a person takes the session and the menu', async () => {
    assert.equal(await cost(() => ada.get('/user/profile')), 2);
  });

  test('GetClientsDetails takes four: the credential, the client, its people, the custom fields', async () => {
    assert.equal(await cost(details(world.cast.ada.clientId)), 4);
  });

  test('and as many for a client with many people', async () => {
    const { eve } = world.cast;
    for (let number = 0; number < 5; number += 1) {
      const given = {
        firstName: 'M',
        lastName: `${number}`,
        email: `m${number}@example.test`,
        passwordHash: undefined,
      };
      const userId = await addUser(world.ctx, SYSTEM, given);
      await addMember(world.ctx, SYSTEM, userId, eve.clientId, ['invoices']);
    }
    assert.equal(await cost(details(eve.clientId)), 4);
  });

  /** What the post of a form takes, once its page is drawn. */
  async function posting(browser: TestBrowser, path: string, fields: Readonly<Record<string, string>>) {
    const csrf = csrfOf(await browser.get(path));
    const before = world.ctx.statementCount();
    const answer = await browser.postRaw(path, { csrf, ...fields }, { 'sec-fetch-site': 'same-origin' });
    assert.equal(answer.statusCode, 303);
    return world.ctx.statementCount() - before;
  }

  // The second factor that tests bring along asks for itself, once each time factors are looked at: those are not ours. On
  // PostgreSQL the beginning and the end of each transaction are statements too.
  test('a sign-in on a known browser takes 14 and a transaction; with a code 9 and one, then 16 and three', async () => {
    const ends = database === 'postgres' ? 2 : 0;
    const eve = world.browser();
    const out = () => eve.cookies.delete('doorward-session');
    const offer = { email: world.cast.eve.email, password: PASSWORD };
    await posting(eve, '/login', offer);
    out();
    assert.equal((await posting(eve, '/login', offer)) - 2, 14 + ends);
    const app = await giveApp(world, { kind: 'user', id: world.cast.eve.id });
    out();
    assert.equal((await posting(eve, '/login', offer)) - 1, 9 + ends);
    assert.equal(await posting(eve, '/login/code', { code: await app.shows() }), 16 + 3 * ends);
  });
});

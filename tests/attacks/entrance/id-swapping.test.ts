// Swapping ids: every page of an account, asked for by somebody of another account, looks like one that does not exist.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { removeMember } from '#domain/access/member-changes.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import { findPages } from '#src/app.ts';
import { csrfOf, leadsTo, seen } from '#tests/attacks/entrance/posted.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

onBothDatabases('id swapping', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  const accountPages = async (clientId: number | string): Promise<string[]> => {
    const pages = (await findPages()).filter(({ page }) => page.who.is === 'account');
    assert.ok(pages.length >= 3);
    return pages.map(({ address }) => address.replace(':client', String(clientId)).replace(/:\w+/g, 'invoices'));
  };

  test("another's account and one that does not exist answer alike, on every page, by GET and by POST", async () => {
    const eve = world.browser();
    await eve.signIn('eve@example.test');
    const csrf = csrfOf(await eve.get('/user/profile'));
    const theirs = await accountPages(world.cast.ada.clientId);
    const missing = await accountPages(999_999);
    for (const [at, path] of theirs.entries()) {
      const other = missing[at] ?? '';
      const get = [await eve.get(path), await eve.get(other)] as const;
      assert.equal(get[0].statusCode, 404, path);
      assert.deepEqual(seen(get[0]), seen(get[1]), path);
      const post = [
        await eve.postRaw(path, { csrf, city: 'Elsewhere' }, { 'sec-fetch-site': 'same-origin' }),
        await eve.postRaw(other, { csrf, city: 'Elsewhere' }, { 'sec-fetch-site': 'same-origin' }),
      ] as const;
      assert.equal(post[0].statusCode, 404, path);
      assert.deepEqual(seen(post[0]), seen(post[1]), path);
      for (const answer of [...get, ...post]) assert.doesNotMatch(answer.body, /Analytical|Lovelace|Placeholder/);
    }
    assert.equal((await clientOf(world.ctx, world.cast.ada.clientId)).city, 'Sampletown');
  });

  test('ids that are none are not found either', async () => {
    const ada = world.browser();
    await ada.signIn('ada@example.test');
    const own = world.cast.ada.clientId;
    for (const id of [
      '0',
      '-1',
      '1e9',
      `${own}.5`,
      `0x${own}`,
      `${own}%20or%201=1`,
      '__proto__',
      '%00',
      '9'.repeat(30),
    ])
      assert.equal((await ada.get(`/account/${id}`)).statusCode, 404, id);
  });

  test('a member without a permission is refused the page, and a POST is no way round to see it', async () => {
    const ben = world.browser();
    await ben.signIn('ben@example.test');
    const path = `/account/${world.cast.ada.clientId}/details`;
    const get = await ben.get(path);
    const csrf = csrfOf(await ben.get('/user/profile'));
    const answers = [
      get,
      await ben.postRaw(path, { csrf, city: 'Elsewhere' }, { 'sec-fetch-site': 'same-origin' }),
      await ben.postRaw(path, { city: 'Elsewhere' }, { 'sec-fetch-site': 'same-origin' }),
      await ben.postRaw(path, { csrf, city: 'Elsewhere' }, { 'sec-fetch-site': 'cross-site' }),
    ];
    for (const answer of answers) {
      assert.equal(answer.statusCode, 403);
      assert.doesNotMatch(answer.body, /Placeholder|Sampletown|ada@example|name="postcode"/);
    }
    assert.match(get.body, /See and change the account details/);
    assert.match(get.body, /Ada Lovelace owns this account and can give it to you/);
    assert.equal((await clientOf(world.ctx, world.cast.ada.clientId)).city, 'Sampletown');
  });

  test('places that need a permission are not opened to members who lack it', async () => {
    const ben = world.browser();
    await ben.signIn('ben@example.test');
    const go = (place: string) => ben.get(`/account/${world.cast.ada.clientId}/go/${place}`);
    for (const place of ['invoices', 'billing_info', 'domains', 'emails', 'shopping_cart', 'profile', 'domain_details'])
      assert.equal((await go(place)).statusCode, 403, place);
    for (const place of ['services', 'tickets', 'announcements', 'homepage'])
      assert.equal((await go(place)).statusCode, 303, place);
    for (const place of ['nothing', '__proto__', 'constructor', 'toString'])
      assert.equal((await go(place)).statusCode, 404, place);
  });

  test("another's session, one that is over and nonsense answer alike, and another's stays", async () => {
    const ada = world.browser();
    await ada.signIn('ada@example.test');
    const [session] = await sessionsOf(world.ctx, { userId: world.cast.ada.id });
    const eve = world.browser();
    await eve.signIn('eve@example.test');
    for (const id of [String(session?.id), '999999', '-1', 'x', '1.5', '1e400', '']) {
      const answer = await eve.post('/user/sessions', { session: id });
      assert.equal(leadsTo(answer), '/user/sessions', id);
      assert.match((await eve.get('/user/sessions')).body, /This session has ended already/);
    }
    assert.equal((await ada.get('/user/sessions')).statusCode, 200);
  });

  test('access that was taken away is gone with the next click', async () => {
    const ben = world.browser();
    await ben.signIn('ben@example.test');
    const path = `/account/${world.cast.ada.clientId}`;
    assert.equal((await ben.get(path)).statusCode, 200);
    await removeMember(world.ctx, systemActor('Test'), world.cast.ben.id, world.cast.ada.clientId);
    const refused = await ben.get(path);
    assert.equal(refused.statusCode, 403);
    assert.match(refused.body, /Your access to Analytical Engines Ltd ended on/);
    assert.match((await ben.get('/')).body, /You do not belong to an account yet/);
  });
});

// Swapped ids: somebody of one client named in the path of another, and numbers that are none.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findMember } from '#domain/access/members.ts';
import { peoplePages, signedIn, stateOf, tokenOf, wordsOf } from '#tests/staff.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const pages = await peoplePages();

onBothDatabases('swapped ids', (database) => {
  let world: World;
  let root: TestBrowser;
  before(async () => {
    world = await testWorld(database);
    root = await signedIn(world, 'root');
  });
  after(() => world.close());

  test("a user of another client is not found in this one's, just as one who is nowhere", async () => {
    const at = `/admin/clients/${world.cast.ada.clientId}/users`;
    for (const tab of ['', '/removal']) {
      const foreign = await root.get(`${at}/${world.cast.eve.id}${tab}`);
      const nobody = await root.get(`${at}/999999${tab}`);
      assert.deepEqual([foreign.statusCode, wordsOf(foreign)], [404, wordsOf(nobody)]);
    }
  });

  test('a post about a user of another client changes nothing in either', async () => {
    const before = await stateOf(world);
    const csrf = await tokenOf(root);
    const post = (path: string) =>
      root.postRaw(path, { csrf, permissions: 'orders' }, { 'sec-fetch-site': 'same-origin' });
    const { ada, ben, eve, cleo } = world.cast;
    for (const path of [
      `/admin/clients/${ada.clientId}/users/${eve.id}`,
      `/admin/clients/${ada.clientId}/users/${cleo.id}/removal`,
      `/admin/clients/${eve.clientId}/users/${ben.id}`,
      `/admin/clients/${eve.clientId}/users/${ben.id}/removal`,
      `/admin/clients/999999/users/${ben.id}/removal`,
    ])
      assert.equal((await post(path)).statusCode, 404, path);
    assert.deepEqual(await stateOf(world), before);
    assert.ok(await findMember(world.ctx, ben.id, ada.clientId));
  });

  test('a number that is none, or of nothing, is not found on any page, and never a fault', async () => {
    const odd = [
      '0',
      '-1',
      '1.0',
      '1e1',
      '0x1',
      '01',
      '%201',
      'abc',
      '999999',
      '9'.repeat(40),
      '%00',
      '1%00',
      "1'",
      '1;',
    ];
    for (const { address } of pages.filter((one) => one.page.get && one.address.includes(':'))) {
      for (const id of odd) {
        const path = address.replace(':id', id).replace(':user', id);
        const answer = await root.get(path);
        // A letter in place of an id may name another page of ours, never somebody.
        assert.equal(answer.statusCode, 404, path);
      }
    }
  });

  test('odd searches and places in a list are answered, never a fault', async () => {
    const odd = [
      '%00',
      '%',
      '_',
      "'",
      '"',
      '""',
      '*',
      '\\',
      'a%00b',
      '%F0%9F',
      '😀',
      'NEAR(',
      'x'.repeat(5000),
      '-',
      'a b',
      '‮',
    ];
    for (const path of ['/admin/clients', '/admin/users', '/admin/search']) {
      for (const q of odd)
        assert.equal(
          (await root.get(`${path}?q=${q.includes('%') ? q : encodeURIComponent(q)}`)).statusCode,
          200,
          `${path} ${q}`,
        );
      for (const place of [
        'after=abc',
        'after=-1',
        'before=0',
        'after=1&before=2',
        `after=${'9'.repeat(15)}`,
        'before=1e9',
        'status=x',
        'status=__proto__',
        'q[]=x',
        '__proto__=1',
        'q=a&q=b',
      ])
        assert.equal((await root.get(`${path}?${place}`)).statusCode, 200, `${path}?${place}`);
    }
  });
});

// A stolen cookie of staff: the address is moved to one that is compared as the same and may be another mailbox, where the
// next link for a new password would go.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { administratorOf } from '#domain/administrators/administrators.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { minutes } from '#kit/duration.ts';
import { leadsTo, signedIn, tokenOf } from '#tests/staff.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

onBothDatabases('the address of staff', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  test('one that only looks alike asks who this is too, and is told to the old one', async () => {
    const { ctx, cast } = world;
    const browser = await signedIn(world, 'root');
    const csrf = await tokenOf(browser);
    const save = (as: typeof browser, token: string) =>
      as.postRaw(
        '/admin/account',
        { csrf: token, firstName: 'root', lastName: 'Staff', email: 'ｒoot@staff.example.test' },
        { 'sec-fetch-site': 'same-origin' },
      );
    world.clock.turn(minutes(31));
    assert.match(leadsTo(await save(browser, csrf)), /confirm-identity/);
    assert.equal((await administratorOf(ctx, cast.root.id)).email, 'root@staff.example.test');
    const fresh = await signedIn(world, 'root');
    assert.equal(leadsTo(await save(fresh, await tokenOf(fresh))), '/admin/account');
    const told = (await letterHistory(ctx, {}, { limit: 20 })).map((letter) => letter.to);
    assert.ok(told.includes('root@staff.example.test'));
  });
});

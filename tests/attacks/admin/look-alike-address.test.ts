// A stolen cookie of staff: the address is moved to one that is compared as the same and may be another mailbox, where the
// next link for a new password would go.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { administratorOf } from '#domain/administrators/administrators.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { signedIn, tokenOf } from '#tests/staff.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, testWorld } from '#tests/world.ts';

onBothDatabases('the address of staff', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  test('one that only looks alike asks for the password too, and is told to the old one', async () => {
    const { ctx, cast } = world;
    const browser = await signedIn(world, 'root');
    const csrf = await tokenOf(browser);
    const save = (current: string) =>
      browser.postRaw(
        '/admin/account',
        { csrf, firstName: 'root', lastName: 'Staff', email: 'ｒoot@staff.example.test', current },
        { 'sec-fetch-site': 'same-origin' },
      );
    assert.equal((await save('')).statusCode, 422);
    assert.equal((await administratorOf(ctx, cast.root.id)).email, 'root@staff.example.test');
    assert.equal((await save(PASSWORD)).statusCode, 303);
    const told = (await letterHistory(ctx, {}, { limit: 20 })).map((letter) => letter.to);
    assert.ok(told.includes('root@staff.example.test'));
  });
});

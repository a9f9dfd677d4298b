// Two addresses that are compared as one and may be two mailboxes (a ligature, a long s, a full-width letter): moving to the
// one must not count as coming back to the other.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { openEmailUndos } from '#domain/users/email-undos.ts';
import { addUser, changeUser } from '#domain/users/users.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, sealedPassword, testWorld } from '#tests/world.ts';

const STAFF = systemActor('Test');

onBothDatabases('addresses that look alike', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database, { cast: false });
  });
  after(() => world.close());

  test('a thief who moves the address away and to one that looks like it leaves its owner the way back', async () => {
    const { ctx } = world;
    const passwordHash = await sealedPassword();
    const id = await addUser(ctx, STAFF, {
      firstName: 'Fiona',
      lastName: 'Test',
      email: 'fiona@example.test',
      passwordHash,
    });
    for (const email of ['thief@example.test', 'ﬁona@example.test'])
      await changeUser(ctx, STAFF, id, { email }, { verified: true });
    const open = (await openEmailUndos(ctx, id)).map((undo) => undo.email);
    assert.deepEqual(open, ['fiona@example.test', 'thief@example.test']);
    await changeUser(ctx, STAFF, id, { email: 'FIONA@example.test' }, { verified: true }); // who really comes back ends them
    assert.deepEqual(await openEmailUndos(ctx, id), []);
  });
});

// Many rows at once: each as if it had come alone, whatever stands in its texts.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { addManyUsers } from '#domain/users/many-users.ts';
import { userOf } from '#domain/users/users.ts';
import { settleManyRows } from '#kit/database/many-rows.ts';
import { newUuid } from '#kit/secret.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

onBothDatabases('many rows', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database, { cast: false });
  });
  after(() => world.close());

  const person = (number: number, firstName = 'Person') => ({
    uuid: newUuid(),
    firstName,
    lastName: `Number ${number}`,
    email: `person${number}@example.test`,
    language: '',
    passwordHash: undefined,
    emailVerifiedAt: undefined,
    createdAt: 1_700_000_000_000 + number,
    lastLoginAt: undefined,
  });

  test('get their ids in the order given, over more than one statement', async () => {
    const people = Array.from({ length: 1203 }, (_, number) => person(number));
    const ids = await world.ctx.transaction((tx) => addManyUsers(tx, people));
    assert.equal(new Set(ids).size, 1203);
    for (const number of [0, 499, 500, 501, 999, 1000, 1202]) {
      const user = await userOf(world.ctx, ids[number] ?? 0);
      assert.deepEqual([user.email, user.createdAt], [people[number]?.email, people[number]?.createdAt]);
      assert.equal(user.lastLoginAt, undefined);
    }
  });

  test('keep every sign that a row alone would keep', async () => {
    const names = ['a\0b', 'half \ud800 pair', `quotes ' " \\u0000 \\ \n`, 'نور 😀 ẞ', '$1 ? :x {{id}}'];
    const ids = await world.ctx.transaction((tx) =>
      addManyUsers(
        tx,
        names.map((name, at) => person(5000 + at, name)),
      ),
    );
    const kept = await Promise.all(ids.map(async (id) => (await userOf(world.ctx, id)).firstName));
    assert.deepEqual(kept, ['a\u{fffd}b', 'half \u{fffd} pair', ...names.slice(2)]);
  });

  test('are all or none: one that is refused takes the others with it', async () => {
    const people = [person(7000), person(7001), { ...person(7002), email: 'PERSON7000@example.test' }];
    await assert.rejects(world.ctx.transaction((tx) => addManyUsers(tx, people)));
    const left = await world.ctx.db
      .selectFrom('users')
      .select('id')
      .where('email_key', 'like', 'person700_@%')
      .execute();
    assert.deepEqual(left, []);
  });

  test('may be none at all', async () => {
    assert.deepEqual(await world.ctx.transaction((tx) => addManyUsers(tx, [])), []);
  });

  test('are left as the database’s own cleaning would: an index alone answers, without a look at each row', async () => {
    await settleManyRows(world.ctx, ['users']);
    if (database === 'sqlite') return; // it has no such cleaning: nothing is asked of it
    const { rows } = await sql<{ seen: number }>`
      select relallvisible as seen from pg_class where relname = 'users'`.execute(world.ctx.db);
    assert.ok((rows[0]?.seen ?? 0) > 0);
  });
});

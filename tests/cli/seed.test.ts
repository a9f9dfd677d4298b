// Made-up people: as many as asked, the same for the same seed, whole by the rules of real ones, and never among those.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { accountsOf } from '#domain/access/accounts.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { clientCounts, countClients, listClients } from '#domain/clients/client-list.view.ts';
import { profileFaults } from '#domain/clients/client-profile.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { madeUpAccount, madeUpPerson } from '#domain/seed/made-up.ts';
import { REGIONS } from '#domain/seed/names.ts';
import { seedPeople } from '#domain/seed/seed.ts';
import { countUsers, listUsers } from '#domain/users/user-list.view.ts';
import { userFaults } from '#domain/users/users.ts';
import { storedPhone } from '#kit/phone.ts';
import { installation } from '#tests/cli/doorward.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, sealedPassword, testWorld } from '#tests/world.ts';

const actor = systemActor('Test');

onBothDatabases('the seed', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database, { cast: false });
    await seedPeople(world.ctx, actor, await wish({ clients: 700, users: 900 }));
  });
  after(() => world.close());

  test('makes as many as were asked for, and the kept counts agree', async () => {
    assert.deepEqual(await countUsers(world.ctx, {}), { count: 900, exact: true });
    assert.deepEqual(await countClients(world.ctx, {}), { count: 700, exact: true });
    const counts = await clientCounts(world.ctx);
    assert.ok(
      counts.Active > counts.Inactive && counts.Inactive > counts.Closed && counts.Closed > 0,
      JSON.stringify(counts),
    );
  });

  test('gives every account one owner, and lets people into the accounts of others', async () => {
    const owners = await world.ctx.db.selectFrom('members').select(['client_id']).where('is_owner', '=', 1).execute();
    assert.equal(new Set(owners.map((one) => one.client_id)).size, 700);
    assert.equal(owners.length, 700);
    const guests = await world.ctx.db.selectFrom('members').selectAll().where('is_owner', '=', 0).execute();
    assert.ok(guests.length > 100, `${guests.length}`);
    assert.ok(guests.every((one) => one.permissions !== ''));
    const several = await Promise.all(
      (await listUsers(world.ctx, {}, { limit: 700 })).map((user) => accountsOf(world.ctx, user.id)),
    );
    assert.ok(several.some((accounts) => accounts.filter((one) => one.member.isOwner).length > 1));
    assert.ok(several.some((accounts) => accounts.length === 0));
  });

  test('is found by search, and its people sign in with the password that was given', async () => {
    const [someone] = await listUsers(world.ctx, {}, { limit: 1, after: 500 });
    assert.ok(someone);
    assert.ok(
      (await listUsers(world.ctx, { contains: someone.email.slice(0, 12) }, { limit: 900 })).some(
        (one) => one.id === someone.id,
      ),
    );
    const answer = await offerPassword(world.ctx, {
      side: 'user',
      name: someone.email,
      password: PASSWORD,
      source: { kind: 'visitor', ip: '192.0.2.1' },
      ip: '192.0.2.1',
      isPersonThere: true,
    });
    assert.equal(answer.at, 'proved');
  });

  test('writes no letter, and one line of the log', async () => {
    assert.deepEqual(await world.ctx.db.selectFrom('letters').selectAll().execute(), []);
    const lines = await world.ctx.db.selectFrom('audit_log').selectAll().where('event', 'like', 'seed.%').execute();
    assert.equal(lines.length, 1);
    assert.match(lines[0]?.description ?? '', /900 users and 700 clients/);
  });

  test('goes on where it stopped when it is run again with the same seed', async () => {
    await seedPeople(world.ctx, actor, await wish({ clients: 10, users: 10 }));
    assert.equal((await countUsers(world.ctx, {})).count, 910);
  });

  test('makes owners of several accounts where accounts are more than people, and needs one person at least', async () => {
    await seedPeople(world.ctx, actor, await wish({ clients: 12, users: 3 }));
    const newest = await listClients(world.ctx, {}, { limit: 12, descending: true });
    assert.equal(new Set(newest.map((one) => one.email)).size, 3);
    await assert.rejects(seedPeople(world.ctx, actor, await wish({ clients: 1, users: 0 })), {
      code: 'seed-needs-users',
    });
  });
});

onBothDatabases('a real person in the database', (database) => {
  test('stops the seed, unless it is told to go on', async () => {
    const world = await testWorld(database);
    await world.ctx.db
      .updateTable('users')
      .set({ email: 'ada@real.example', email_key: 'ada@real.example' })
      .where('id', '=', world.cast.ada.id)
      .execute();
    await assert.rejects(seedPeople(world.ctx, actor, await wish({ clients: 1, users: 1 })), {
      code: 'seed-real-people',
    });
    assert.equal((await countClients(world.ctx, {})).count, 3);
    await seedPeople(world.ctx, actor, { ...(await wish({ clients: 1, users: 1 })), amongRealPeople: true });
    assert.equal((await countClients(world.ctx, {})).count, 4);
    await world.close();
  });
});

onBothDatabases('so many people that the indexes are made afterwards', (database) => {
  const MANY = { clients: 9000, users: 12_000 };

  test('are there with every index and found by search, as if they had come one by one', async () => {
    const world = await testWorld(database, { cast: false });
    const before = await indexesOf(world);
    assert.ok(before.length > 30);
    const made = await seedPeople(world.ctx, actor, await wish(MANY));
    assert.deepEqual(await indexesOf(world), before);
    assert.deepEqual(await countUsers(world.ctx, {}), { count: 12_000, exact: true });
    assert.deepEqual(await countClients(world.ctx, {}), { count: 9000, exact: true });
    assert.ok(made.memberships > 9000);
    const [someone] = await listUsers(world.ctx, {}, { limit: 1, after: 11_000 });
    const found = await listUsers(world.ctx, { contains: someone?.email ?? '' }, { limit: 5 });
    assert.deepEqual(
      found.map((one) => one.id),
      [someone?.id],
    );
    // And whoever comes later is found too.
    await seedPeople(world.ctx, actor, await wish({ clients: 0, users: 1 }));
    const [latest] = await listUsers(world.ctx, {}, { limit: 1, descending: true });
    assert.equal((await listUsers(world.ctx, { contains: latest?.email ?? '' }, { limit: 5 })).length, 1);
    await world.close();
  });

  test('leave nothing behind when it is cut off, and every index stays', async () => {
    const world = await testWorld(database, { cast: false });
    const before = await indexesOf(world);
    const cutOff = seedPeople(world.ctx, actor, await wish(MANY), () => {
      throw new Error('cut off');
    });
    await assert.rejects(cutOff, /cut off/);
    assert.deepEqual(await indexesOf(world), before);
    assert.deepEqual(await countUsers(world.ctx, {}), { count: 0, exact: true });
    await world.close();
  });
});

describe('made-up people', () => {
  const NOW = Date.UTC(2026, 5, 1);

  test('are the same for the same seed and others for another, whatever was made before them', () => {
    const once = [3, 1, 2].map((number) => madeUpPerson('a', number, NOW));
    const again = [1, 2, 3].map((number) => madeUpPerson('a', number, NOW));
    assert.deepEqual([once[1], once[2], once[0]], again);
    assert.notEqual(madeUpPerson('b', 1, NOW).uuid, again[0]?.uuid);
  });

  test('would pass every rule that real ones meet, and no two share an address or a public id', async () => {
    const world = await testWorld('sqlite', { cast: false });
    const people = Array.from({ length: 3000 }, (_, number) => madeUpPerson('rules', number, NOW));
    assert.equal(new Set(people.map((one) => one.email)).size, people.length);
    assert.equal(new Set(people.map((one) => one.uuid)).size, people.length);
    for (const [number, person] of people.entries()) {
      assert.deepEqual(userFaults(person), {}, person.email);
      const account = madeUpAccount('rules', number, NOW, person);
      assert.deepEqual(await profileFaults(world.ctx, account.profile), {}, JSON.stringify(account.profile));
      assert.ok(person.createdAt < account.createdAt + 1 && account.createdAt <= NOW);
      assert.match(person.uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      assert.match(person.email, /\.example\.test$/);
    }
    await world.close();
  });

  test('come from many languages, from right to left too, and some have very long names', () => {
    const people = Array.from({ length: 10_000 }, (_, number) => madeUpPerson('names', number, NOW));
    const has = (pattern: RegExp): boolean => people.some((one) => pattern.test(`${one.firstName} ${one.lastName}`));
    for (const script of ['Latin', 'Cyrillic', 'Greek', 'Arabic', 'Hebrew', 'Han', 'Thai', 'Devanagari'])
      assert.ok(has(new RegExp(`\\p{Script=${script}}`, 'u')), script);
    assert.ok(people.some((one) => one.firstName.length > 50));
  });

  test('have phone numbers in the form in which numbers are kept', () => {
    for (const region of REGIONS) {
      const number = region.phone.replaceAll('#', '7');
      assert.equal(storedPhone(number, region.country), number, region.country);
    }
  });
});

describe('doorward seed', () => {
  test('prints what it made and a password that was drawn, and is silent on standard error without a person there', async () => {
    const here = await installation({ database: 'sqlite' });
    const { code, out, err } = await here.run(['seed', '--clients', '5', '--json']);
    assert.equal(code, 0, err);
    assert.equal(err, '');
    const made = JSON.parse(out);
    assert.deepEqual([made.clients, made.users], [5, 6]);
    assert.match(made.password, /^\S{16}$/);
    const given = await here.json(['seed', '--clients', '1', '--users', '1', '--password-stdin'], { input: PASSWORD });
    assert.equal(given['password'], undefined);
    await here.close();
  });
});

async function wish(counts: { clients: number; users: number }) {
  return { ...counts, randomSeed: 'test', passwordHash: await sealedPassword(), amongRealPeople: false };
}

/** The indexes and triggers of the tables of people, by name and text. */
async function indexesOf(world: World): Promise<string[]> {
  const query =
    world.database === 'sqlite'
      ? sql<{
          line: string;
        }>`select name || ' ' || sql as line from sqlite_master where type in ('index', 'trigger') and sql is not null order by line`
      : sql<{
          line: string;
        }>`select indexdef as line from pg_indexes where schemaname = current_schema() order by line`;
  return (await query.execute(world.ctx.db)).rows.map((row) => row.line);
}

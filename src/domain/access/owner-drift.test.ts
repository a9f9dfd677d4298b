// Where an account's details and its owner's differ: kept by the database, whichever of the two is changed and however.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deleteClient } from '#domain/access/deletion.ts';
import { addMember, addOwner } from '#domain/access/member-changes.ts';
import { copyClientToOwner, copyOwnerToClient, differences, pageOfDrift } from '#domain/access/owner-drift.ts';
import { makeOwner } from '#domain/access/ownership.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { addClient } from '#domain/clients/client-creation.ts';
import { closeClient } from '#domain/clients/client-status.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { seedPeople } from '#domain/seed/seed.ts';
import { addUser, changeUser, userOf } from '#domain/users/users.ts';
import type { Context } from '#src/context.ts';
import { plansOf } from '#tests/plans.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, profile, sealedPassword, testWorld } from '#tests/world.ts';

const STAFF = systemActor('Test');

onBothDatabases('details of a client and of its owner', (database) => {
  let world: World;
  let ctx: Context;
  let made = 0;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  const pair = async (): Promise<{ clientId: number; ownerId: number; email: string }> => {
    made += 1;
    const names = { firstName: 'Pair', lastName: `No${made}`, email: `pair${made}@example.test` };
    const clientId = await addClient(ctx, STAFF, profile(names));
    const ownerId = await addUser(ctx, STAFF, names);
    await addOwner(ctx, STAFF, ownerId, clientId);
    return { clientId, ownerId, email: names.email };
  };
  const reported = async (clientId: number): Promise<boolean> =>
    (await pageOfDrift(ctx, {}, 500)).rows.some((one) => one.id === clientId);

  test('are reported from the moment either is another, and no longer once they are alike', async () => {
    const { clientId, ownerId, email } = await pair();
    assert.equal(await reported(clientId), false);
    await changeUser(ctx, STAFF, ownerId, { lastName: 'Married' });
    assert.equal(await reported(clientId), true);
    await changeClient(ctx, STAFF, clientId, { lastName: 'married' }); // upper and lower case are no difference
    assert.equal(await reported(clientId), false);
    await changeClient(ctx, STAFF, clientId, { email: 'billing@example.test' });
    assert.equal(await reported(clientId), true);
    await closeClient(ctx, STAFF, clientId);
    assert.equal(await reported(clientId), false);
    await changeClient(ctx, STAFF, clientId, { status: 'Active' });
    assert.equal(await reported(clientId), true);
    await changeClient(ctx, STAFF, clientId, { email });
    assert.equal(await reported(clientId), false);
  });

  test('are those of the owner of the day, and of no account that is gone', async () => {
    const [one, other] = [await pair(), await pair()];
    await addMember(ctx, STAFF, other.ownerId, one.clientId, ['tickets']);
    assert.equal(await reported(one.clientId), false);
    await makeOwner(ctx, STAFF, one.clientId, other.ownerId);
    assert.equal(await reported(one.clientId), true);
    assert.equal(await reported(other.clientId), false);
    await changeUser(ctx, STAFF, one.ownerId, { lastName: 'Nobody' }); // no longer the owner
    await makeOwner(ctx, STAFF, one.clientId, one.ownerId);
    await changeUser(ctx, STAFF, one.ownerId, { lastName: `No${made - 1}` });
    assert.equal(await reported(one.clientId), false);
    await changeClient(ctx, STAFF, one.clientId, { firstName: 'Changed' });
    await deleteClient(ctx, STAFF, one.clientId, false);
    assert.equal(await reported(one.clientId), false);
  });

  test('are copied in either direction, whole', async () => {
    const { clientId, ownerId } = await pair();
    await changeUser(ctx, STAFF, ownerId, { firstName: 'Anna', lastName: 'Able', email: 'anna-able@example.test' });
    await copyOwnerToClient(ctx, STAFF, clientId);
    assert.deepEqual(differences(await clientOf(ctx, clientId), await userOf(ctx, ownerId)), []);
    await changeClient(ctx, STAFF, clientId, { lastName: 'Baker', email: 'anna-baker@example.test' });
    assert.deepEqual(differences(await clientOf(ctx, clientId), await userOf(ctx, ownerId)), ['lastName', 'email']);
    await copyClientToOwner(ctx, STAFF, clientId);
    const { lastName, email } = await userOf(ctx, ownerId);
    assert.deepEqual([lastName, email], ['Baker', 'anna-baker@example.test']);
    assert.match((await world.letterTo('anna-able@example.test')).subject, /another address/);
    await changeClient(ctx, STAFF, clientId, { email: 'ada@example.test' });
    await assert.rejects(copyClientToOwner(ctx, STAFF, clientId), { kind: 'conflict', code: 'email-taken' });
    assert.equal((await userOf(ctx, ownerId)).email, 'anna-baker@example.test');
  });

  test('are leafed through by an index, without comparing any that are alike', async () => {
    const passwordHash = await sealedPassword();
    const wish = { clients: 300, users: 300, randomSeed: 'drift', passwordHash, amongRealPeople: true };
    const before = (await pageOfDrift(ctx, {}, 500)).rows.length;
    await seedPeople(ctx, STAFF, wish);
    assert.equal((await pageOfDrift(ctx, {}, 500)).rows.length, before); // made up alike, in bulk
    for (let at = 0; at < 30; at += 1) {
      const { clientId } = await pair();
      await changeClient(ctx, STAFF, clientId, { firstName: 'Other' });
    }
    const first = await pageOfDrift(ctx, {}, 10);
    const second = await pageOfDrift(ctx, { after: first.next }, 10);
    const back = await pageOfDrift(ctx, { before: second.previous }, 10);
    assert.deepEqual(
      back.rows.map((one) => one.id),
      first.rows.map((one) => one.id),
    );
    assert.equal(new Set([...first.rows, ...second.rows].map((one) => one.id)).size, 20);
    assert.ok(first.count.exact && first.count.count >= 30);
    const plans = await plansOf(ctx, (watched) => pageOfDrift(watched, { after: 1_000_000 }, 10));
    for (const { statement, steps } of database === 'sqlite' ? plans : []) {
      for (const step of steps) assert.doesNotMatch(step, /^SCAN (?!d\b|owner_drift|taken)/, statement);
    }
    assert.equal(plans.length, 2);
  });
});

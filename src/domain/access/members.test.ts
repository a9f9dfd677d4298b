// Who may enter an account: owners, members, and how either comes and goes.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { accountsOf } from '#domain/access/accounts.ts';
import { deleteClient, deleteUser } from '#domain/access/deletion.ts';
import { addMember, addOwner, changePermissions, removeMember } from '#domain/access/member-changes.ts';
import type { Member } from '#domain/access/members.ts';
import { findMember, may, membershipsOf, noteEntry, ownerIdOf, peopleOf } from '#domain/access/members.ts';
import type { AccessPermission } from '#domain/access/permissions.ts';
import { ACCESS_PERMISSIONS, isAccessPermission, permissionsIn } from '#domain/access/permissions.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { findClient } from '#domain/clients/clients.ts';
import { findUser } from '#domain/users/users.ts';
import { minutes } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import { newClient, newPerson } from '#tests/people.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');

describe('the 13 permissions', () => {
  test('are these, in the order of the API', () => {
    assert.equal(
      ACCESS_PERMISSIONS.join(),
      'profile,contacts,products,manageproducts,productsso,domains,managedomains,invoices,quotes,tickets,affiliates,emails,orders',
    );
  });

  test('an owner may everything, a member what they were given', () => {
    const member = (isOwner: boolean, permissions: AccessPermission[]): Member => ({
      userId: 1,
      clientId: 1,
      isOwner,
      permissions,
      serviceIds: [],
      mayInvite: false,
      startsAt: undefined,
      endsAt: undefined,
      createdAt: 0,
      lastEnteredAt: undefined,
    });
    for (const one of ACCESS_PERMISSIONS) {
      assert.ok(may(member(true, []), one));
      assert.ok(!may(member(false, []), one));
      for (const other of ACCESS_PERMISSIONS) assert.equal(may(member(false, [one]), other), one === other);
    }
  });

  test('a comma list is read in whatever case and order; what is unknown is left out', () => {
    assert.deepEqual(permissionsIn('TICKETS, profile ,nonsense,,profile,constructor'), ['profile', 'tickets']);
    for (const odd of ['owner', 'any', 'all', '', 'Profile', '__proto__']) assert.ok(!isAccessPermission(odd), odd);
  });
});

onBothDatabases('access', (database) => {
  let world: World;
  let ctx: Context;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  const userGone = { kind: 'not-found', code: 'user-not-found' };
  const clientGone = { kind: 'not-found', code: 'client-not-found' };

  test('an account has one owner, who holds every permission and cannot be given or taken any', async () => {
    const { ada, eve } = world.cast;
    const owner = await findMember(ctx, ada.id, ada.clientId);
    assert.ok(owner?.isOwner);
    assert.deepEqual(owner.permissions, ACCESS_PERMISSIONS);
    await assert.rejects(addOwner(ctx, SYSTEM, eve.id, ada.clientId), { kind: 'conflict', code: 'client-has-owner' });
    await assert.rejects(changePermissions(ctx, SYSTEM, ada.id, ada.clientId, ['tickets']), {
      kind: 'not-allowed',
      code: 'owner-permissions-fixed',
    });
    await assert.rejects(removeMember(ctx, SYSTEM, ada.id, ada.clientId), {
      kind: 'not-allowed',
      code: 'owner-not-removable',
    });
    assert.equal(await ownerIdOf(ctx, ada.clientId), ada.id);
  });

  test('whoever is a member already does not silently stay one when they are made the owner', async () => {
    const [userId, clientId] = [(await newPerson(ctx)).id, await newClient(ctx)];
    await addMember(ctx, SYSTEM, userId, clientId, ['tickets']);
    await assert.rejects(addOwner(ctx, SYSTEM, userId, clientId), { kind: 'conflict', code: 'already-member' });
    assert.equal(await ownerIdOf(ctx, clientId), undefined);
    assert.deepEqual(await auditLines(ctx, { clientId, event: 'access.owner_set' }, { limit: 5 }), []);
  });

  test('nobody is linked to an account, or a person, that is not there', async () => {
    const [userId, clientId] = [(await newPerson(ctx)).id, await newClient(ctx)];
    await assert.rejects(addOwner(ctx, SYSTEM, 999_999, clientId), userGone);
    await assert.rejects(addOwner(ctx, SYSTEM, userId, 999_999), clientGone);
    await assert.rejects(addMember(ctx, SYSTEM, 999_999, clientId, ['tickets']), userGone);
    await assert.rejects(addMember(ctx, SYSTEM, userId, 999_999, ['tickets']), clientGone);
    const notMember = { kind: 'not-found', code: 'not-a-member' };
    await assert.rejects(changePermissions(ctx, SYSTEM, userId, clientId, ['tickets']), notMember);
    await assert.rejects(removeMember(ctx, SYSTEM, userId, clientId), notMember);
  });

  test('a member has at least one permission, of the thirteen and of no others, each once and in order', async () => {
    const [userId, clientId] = [(await newPerson(ctx)).id, await newClient(ctx)];
    const missing = { kind: 'invalid', fields: { permissions: 'permissions-missing' } };
    await assert.rejects(addMember(ctx, SYSTEM, userId, clientId, []), missing);
    const smuggled = ['owner', 'tickets,invoices', ''] as unknown as AccessPermission[]; // as a careless door might
    await assert.rejects(addMember(ctx, SYSTEM, userId, clientId, smuggled), missing);
    await addMember(ctx, SYSTEM, userId, clientId, ['tickets', 'profile', 'tickets']);
    assert.deepEqual((await findMember(ctx, userId, clientId))?.permissions, ['profile', 'tickets']);
    for (const bad of [[], ['owner'], ['tickets', 'nonsense'], ['TICKETS'], ['tickets,invoices']])
      await assert.rejects(changePermissions(ctx, SYSTEM, userId, clientId, bad), missing);
    assert.deepEqual((await findMember(ctx, userId, clientId))?.permissions, ['profile', 'tickets']);
    await changePermissions(ctx, SYSTEM, userId, clientId, ['orders', 'contacts']);
    assert.deepEqual((await findMember(ctx, userId, clientId))?.permissions, ['contacts', 'orders']);
  });

  test('a membership is of one person in one account: neither another person nor another account has part in it', async () => {
    const { ada, ben, eve } = world.cast;
    assert.equal(await findMember(ctx, ben.id, eve.clientId), undefined);
    assert.equal(await findMember(ctx, eve.id, ada.clientId), undefined);
    await removeMember(ctx, SYSTEM, ben.id, ada.clientId);
    assert.equal(await findMember(ctx, ben.id, ada.clientId), undefined);
    assert.ok(await findMember(ctx, ada.id, ada.clientId));
    await addMember(ctx, SYSTEM, ben.id, ada.clientId, ['products', 'tickets']);
  });

  test('people and accounts find each other, the owner first, a stranger nobody', async () => {
    const { ada, ben } = world.cast;
    assert.deepEqual(
      (await peopleOf(ctx, ada.clientId)).map(({ user, member }) => [user.id, member.isOwner]),
      [
        [ada.id, true],
        [ben.id, false],
      ],
    );
    assert.deepEqual(
      (await accountsOf(ctx, ben.id)).map(({ client }) => client.id),
      [ada.clientId],
    );
    assert.deepEqual(await accountsOf(ctx, 999_999), []);
    const all = await membershipsOf(ctx, [ada.id, ben.id, 999_999]);
    assert.deepEqual(
      [...all.values()].map((some) => some.length),
      [1, 1, 0],
    );
    assert.equal((await membershipsOf(ctx, [])).size, 0);
  });

  test('an account goes with its memberships; its people stay unless asked, and then only those without another', async () => {
    const [alone, shared, clientId, other] = [
      (await newPerson(ctx)).id,
      (await newPerson(ctx)).id,
      await newClient(ctx),
      await newClient(ctx),
    ];
    await addOwner(ctx, SYSTEM, alone, clientId);
    await addMember(ctx, SYSTEM, shared, clientId, ['tickets']);
    await addOwner(ctx, SYSTEM, shared, other);
    assert.equal(await deleteClient(ctx, SYSTEM, clientId, true), 1);
    assert.equal(await findClient(ctx, clientId), undefined);
    assert.equal(await findUser(ctx, alone), undefined);
    assert.ok(await findUser(ctx, shared));
    assert.equal(await deleteClient(ctx, SYSTEM, other, false), 0);
    assert.ok(await findUser(ctx, shared), 'without any account now, and still a person');
    await assert.rejects(deleteClient(ctx, SYSTEM, clientId, true), clientGone);
  });

  test('a person goes only without any account', async () => {
    const { ben } = world.cast;
    await assert.rejects(deleteUser(ctx, SYSTEM, ben.id), { kind: 'conflict', code: 'user-has-clients' });
    await assert.rejects(deleteUser(ctx, SYSTEM, 999_999), userGone);
    const id = (await newPerson(ctx)).id;
    await deleteUser(ctx, SYSTEM, id);
    assert.equal(await findUser(ctx, id), undefined);
  });

  test('when an account cannot go, nobody has lost access', async () => {
    const { ada, ben } = world.cast;
    await assert.rejects(
      ctx.transaction(async (tx) => {
        await deleteClient(tx, SYSTEM, ada.clientId, true);
        throw new Error('undone');
      }),
      /undone/,
    );
    assert.equal((await peopleOf(ctx, ada.clientId)).length, 2);
    assert.ok(await findUser(ctx, ben.id));
  });

  test('an entry is noted at most once a minute', async () => {
    const { ben, ada } = world.cast;
    const enter = async (): Promise<number | undefined> => {
      const member = await findMember(ctx, ben.id, ada.clientId);
      assert.ok(member);
      await noteEntry(ctx, member);
      return (await findMember(ctx, ben.id, ada.clientId))?.lastEnteredAt;
    };
    const first = await enter();
    assert.equal(first, ctx.now());
    world.clock.turn(minutes(1) - 1);
    assert.equal(await enter(), first);
    world.clock.turn(1);
    assert.equal(await enter(), ctx.now());
  });
});

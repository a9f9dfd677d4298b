// Mass assignment: fields that no form has, posted along with those it has.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findMember, peopleOf } from '#domain/access/members.ts';
import { clientOf, findClient } from '#domain/clients/clients.ts';
import { findUser, userOf } from '#domain/users/users.ts';
import { leadsTo, staffWith, stateOf } from '#tests/staff.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, profile, testWorld } from '#tests/world.ts';

/** What would be worth having, in the spellings of forms, rows and the wire. */
const GREEDY = {
  id: '1',
  uuid: 'mine',
  credit: '99999',
  creditMinor: '99999',
  credit_minor: '99999',
  status: 'Closed',
  closedAt: '1',
  createdAt: '1',
  signupIp: '203.0.113.99',
  signup_ip: '203.0.113.99',
  billingContactId: '7',
  userId: '1',
  user_id: '1',
  ownerId: '1',
  owner_user_id: '1',
  is_owner: '1',
  isOwner: '1',
  permissions: 'profile',
  role: 'Full Administrator',
  roleId: '1',
  passwordHash: 'x',
  password_hash: 'x',
  password: 'nine paper boats drifting',
  mustChangePassword: '1',
  disabledAt: '1',
  disabled: '1',
  emailVerifiedAt: '1',
  email_verified: '1',
  __proto__: 'x',
  constructor: 'x',
};

onBothDatabases('mass assignment', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  test('who may edit details cannot close the client, nor give credit, nor change whose it is', async () => {
    const editor = await staffWith(world, ['Edit Clients Details', 'View Clients Summary']);
    const { clientId } = world.cast.ada;
    const path = `/admin/clients/${clientId}/profile`;
    const before = await clientOf(world.ctx, clientId);
    const people = await peopleOf(world.ctx, clientId);
    const form = {
      ...profile({ companyName: 'Renamed' }),
      groupId: '0',
      currency: '1',
      language: '',
      emailPreferences: 'domain',
    };
    const state = await stateOf(world);
    assert.equal((await editor.post(path, { ...form, ...GREEDY })).statusCode, 422);
    assert.deepEqual(await stateOf(world), state);
    assert.equal(leadsTo(await editor.post(path, { ...form, ...GREEDY, status: 'Active' })), path);
    const after = await clientOf(world.ctx, clientId);
    assert.equal(after.companyName, 'Renamed');
    for (const field of [
      'id',
      'uuid',
      'creditMinor',
      'status',
      'createdAt',
      'closedAt',
      'signupIp',
      'billingContactId',
    ] as const)
      assert.equal(after[field], before[field], field);
    assert.deepEqual(await peopleOf(world.ctx, clientId), people);
  });

  test('who may add clients adds an active one without credit, owned by the new person and nobody else', async () => {
    const seller = await staffWith(world, ['Add New Client']);
    const form = {
      ...profile({ email: 'greedy@example.test' }),
      groupId: '0',
      currency: '1',
      language: '',
      owner: 'new',
      welcome: '1',
    };
    await seller.post('/admin/clients/new', {
      ...form,
      ...GREEDY,
      taxExempt: '1',
      'tax-exempt': '1',
      separateInvoices: '1',
    });
    const made = (
      await world.ctx.db.selectFrom('clients').selectAll().where('email', '=', 'greedy@example.test').execute()
    )[0];
    assert.ok(made);
    assert.partialDeepStrictEqual(made, {
      status: 'Active',
      tax_exempt: 0,
      separate_invoices: 0,
      signup_ip: '',
      billing_contact_id: 0,
    });
    assert.equal(Number(made.credit_minor), 0);
    assert.notEqual(made.uuid, 'mine');
    const people = await peopleOf(world.ctx, Number(made.id));
    assert.deepEqual(
      people.map(({ user, member }) => [user.email, member.isOwner]),
      [['greedy@example.test', true]],
    );
    assert.equal(people[0]?.user.emailVerifiedAt, undefined);
  });

  test('who may manage users changes a name and nothing that opens a door', async () => {
    const manager = await staffWith(world, ['List Users', 'Manage Users']);
    const { id } = world.cast.ben;
    const before = await userOf(world.ctx, id);
    const row = () => world.ctx.db.selectFrom('users').select('password_hash').where('id', '=', id).executeTakeFirst();
    const hash = await row();
    const form = { firstName: 'Benny', lastName: 'Guest', email: 'ben@example.test', language: '' };
    await manager.post(`/admin/users/${id}/profile`, { ...GREEDY, ...form });
    assert.deepEqual(await userOf(world.ctx, id), { ...before, firstName: 'Benny' });
    assert.deepEqual(await row(), hash);
    assert.deepEqual((await findMember(world.ctx, id, world.cast.ada.clientId))?.permissions, ['products', 'tickets']);
  });

  test('permissions are those of the list: "owner" and the like are refused, and ownership is not posted', async () => {
    const manager = await staffWith(world, ['View Clients Summary', 'Manage Users']);
    const path = `/admin/clients/${world.cast.ada.clientId}/users/${world.cast.ben.id}`;
    for (const permissions of [['owner'], ['profile', 'is_owner'], ['*'], ['profile,contacts'], []])
      assert.equal((await manager.post(path, { ...GREEDY, permissions })).statusCode, 422, permissions.join());
    await manager.post(path, { ...GREEDY, permissions: ['profile'] });
    const member = await findMember(world.ctx, world.cast.ben.id, world.cast.ada.clientId);
    assert.deepEqual([member?.isOwner, member?.permissions], [false, ['profile']]);
  });

  test('who may delete clients but not users cannot take the people along by a field the form did not show', async () => {
    const cleaner = await staffWith(world, ['View Clients Summary', 'Delete Client']);
    const path = `/admin/clients/${world.cast.eve.clientId}/deletion`;
    assert.ok(!(await cleaner.get(path)).body.includes('withUsers'));
    const state = await stateOf(world);
    const answer = await cleaner.post(path, { confirm: 'Other Company', withUsers: '1' });
    assert.equal(answer.statusCode, 403);
    assert.deepEqual(await stateOf(world), state);
    await cleaner.post(path, { confirm: 'Other Company' });
    assert.equal(await findClient(world.ctx, world.cast.eve.clientId), undefined);
    assert.ok(await findUser(world.ctx, world.cast.eve.id));
  });
});

// Mass assignment: a form that carries more fields than the page has changes only what the page is for.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findMember } from '#domain/access/members.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { userOf } from '#domain/users/users.ts';
import { seconds } from '#kit/duration.ts';
import { leadsTo } from '#tests/attacks/entrance/posted.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const MORE = {
  id: '1',
  clientId: '1',
  client_id: '1',
  userId: '1',
  status: 'Closed',
  credit: '1000000',
  creditMinor: '1000000',
  groupId: '1',
  currencyId: '2',
  taxExempt: '1',
  lateFeeOverride: '1',
  allowSso: '',
  notes: 'seen',
  isOwner: '1',
  is_owner: '1',
  permissions: 'orders',
  role: 'owner',
  email_verified: '1',
  emailVerifiedAt: '1',
  disabledAt: '1',
  passwordHash: 'x',
  password: 'x',
  mustChangePassword: '1',
  createdAt: '0',
  uuid: 'x',
  __proto__: 'x',
  'constructor[prototype][isOwner]': '1',
};

onBothDatabases('mass assignment', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  test('an account form changes its own fields and nothing else', async () => {
    const { clientId } = world.cast.ada;
    const before = await clientOf(world.ctx, clientId);
    const ada = world.browser();
    await ada.signIn('ada@example.test');
    const answer = await ada.post(`/account/${clientId}/details`, { ...MORE, city: 'Elsewhere' });
    assert.equal(leadsTo(answer), `/account/${clientId}/details`);
    const after = await clientOf(world.ctx, clientId);
    assert.deepEqual({ ...after, updatedAt: 0 }, { ...before, city: 'Elsewhere', updatedAt: 0 });
  });

  test('a profile form changes names and language and nothing else', async () => {
    const before = await userOf(world.ctx, world.cast.ben.id);
    const ben = world.browser();
    await ben.signIn('ben@example.test');
    await ben.post('/user/profile', { ...MORE, email: 'ada@example.test', firstName: 'Benjamin' });
    const { lastLoginAt: _a, lastLoginIp: _b, ...after } = await userOf(world.ctx, world.cast.ben.id);
    const { lastLoginAt: _c, lastLoginIp: _d, ...expected } = { ...before, firstName: 'Benjamin' };
    assert.deepEqual(after, expected);
    const member = await findMember(world.ctx, world.cast.ben.id, world.cast.ada.clientId);
    assert.deepEqual([member?.isOwner, member?.permissions], [false, ['products', 'tickets']]);
  });

  test('a language that is none is refused', async () => {
    const ben = world.browser();
    await ben.signIn('ben@example.test');
    for (const language of ['klingon', '../../etc/passwd', '__proto__'])
      assert.equal((await ben.post('/user/profile', { language })).statusCode, 422, language);
  });

  test('locked fields stay as they are, of an account and of a person, whatever a form says', async () => {
    const locked = 'firstName,lastName,companyName,email,address1,city,country,phoneNumber,taxId';
    await changeSettings(world.ctx, systemActor('Test'), {
      'locked-profile-fields': locked,
      'locked-user-fields': 'firstName,lastName,email',
    });
    world.clock.turn(seconds(2));
    const { clientId, id } = world.cast.eve;
    const before = await clientOf(world.ctx, clientId);
    const eve = world.browser();
    await eve.signIn('eve@example.test');
    const typed = Object.fromEntries(locked.split(',').map((field) => [field, 'Changed']));
    const answer = await eve.post(`/account/${clientId}/details`, { ...typed, postcode: 'ZZ1 1ZZ' });
    assert.equal(answer.statusCode, 303);
    const after = await clientOf(world.ctx, clientId);
    assert.deepEqual({ ...after, updatedAt: 0 }, { ...before, postcode: 'ZZ1 1ZZ', updatedAt: 0 });
    await eve.post('/user/profile', { firstName: 'Changed', lastName: 'Changed' });
    const user = await userOf(world.ctx, id);
    assert.deepEqual([user.firstName, user.lastName], ['Eve', 'Adams']);
  });

  test('PHP-style names, repeated names and megabytes are read as one text each, or refused', async () => {
    const browser = world.browser();
    const csrf = /name="csrf" value="([^"]*)"/.exec((await browser.get('/login')).body)?.[1] ?? '';
    const post = (fields: Record<string, string | string[]>) =>
      browser.postRaw('/login', { csrf, ...fields }, { 'sec-fetch-site': 'same-origin' });
    for (const fields of [
      { 'email[]': 'ada@example.test', 'password[]': 'x' },
      { 'email[$ne]': '', 'password[$ne]': '' },
      { 'email[0]': 'ada@example.test', password: 'x' },
      { email: ['ada@example.test', ''], password: ['x', ''] },
      { email: 'ada@example.test', password: 'x'.repeat(200_000) },
    ])
      assert.equal((await post(fields)).statusCode, 422, JSON.stringify(fields).slice(0, 80));
    assert.equal((await post({ email: 'ada@example.test', password: 'x'.repeat(1_000_000) })).statusCode, 413);
    assert.equal(browser.cookies.has('doorward-session'), false);
  });
});

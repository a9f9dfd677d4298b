// The actions about users as programs call them: making, changing and listing people, and what they may do in a client.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { findMember } from '#domain/access/members.ts';
import { ACCESS_PERMISSIONS } from '#domain/access/permissions.ts';
import { letterHistory } from '#domain/mail/outbox.ts';
import { findUserByEmail, userOf } from '#domain/users/users.ts';
import { type Credential, credentialOf, set } from '#tests/wire/wire.ts';
import { calls, newClient, without } from '#tests/wire-client/client-values.ts';
import { onBothDatabases, testWorld, type World } from '#tests/world.ts';

type Line = Readonly<Record<string, unknown>>;

onBothDatabases('users', (database) => {
  let world: World;
  let key: Credential;
  let email = '';
  let number = 0;
  const { ask, done, refusal } = calls(
    () => world,
    () => key,
  );

  before(async () => {
    world = await testWorld(database);
    key = await credentialOf(world);
  });
  after(() => world.close());
  beforeEach(() => {
    number += 1;
    email = `person${number}@example.test`;
  });

  const person = (over = {}) => ({
    firstname: 'Robin',
    lastname: 'Sample',
    email,
    password2: 'seven brave teapots',
    ...over,
  });

  describe('AddUser', () => {
    test('makes a person who can sign in, without a client and without a letter; user_id is a text', async () => {
      const body = await done('AddUser', person({ language: 'English' }));
      const user = await findUserByEmail(world.ctx, email);
      assert.deepEqual(body, { result: 'success', user_id: String(user?.id) });
      assert.equal(user?.language, 'english');
      const signedIn = await world.browser().signIn(email, 'seven brave teapots');
      assert.equal(signedIn.statusCode, 303);
      assert.ok(!(await letterHistory(world.ctx, {}, { limit: 100 })).some((one) => one.to === email));
    });

    const ordered: readonly (readonly [string, Record<string, string>, string])[] = [
      ['firstname', { firstname: ' ' }, 'You did not enter a first name'],
      ['lastname', { lastname: '' }, 'You did not enter a last name'],
      ['email', { email: '' }, 'You did not enter an email address'],
      ['password2', { password2: '' }, 'You did not enter a password'],
      ['email', { email: 'nowhere' }, 'The email address entered is not valid'],
      ['email', { email: 'ADA@example.test' }, 'A user already exists with that email address'],
    ];
    for (const [name, wrong, text] of ordered)
      test(`${JSON.stringify(wrong)}: ${text}`, async () => {
        assert.equal(await refusal('AddUser', person(wrong)), text);
        if (wrong[name]?.trim() === '') assert.equal(await refusal('AddUser', without(person(), name)), text);
      });

    test('of several faults the first in the documented order', async () => {
      for (let from = 0; from < ordered.length; from += 1) {
        const wrong = Object.assign(
          {},
          ...ordered
            .slice(from)
            .toReversed()
            .map(([, values]) => values),
        );
        assert.equal(await refusal('AddUser', person(wrong)), ordered[from]?.[2]);
      }
    });

    test('a password that misses the rule: refused, or let through by the setting and to be changed', async () => {
      assert.match(String(await refusal('AddUser', person({ password2: 'short' }))), /^Use at least 12 characters/);
      await set(world, { 'api-accepts-weak-passwords': 'on' });
      const { user_id } = await done('AddUser', person({ password2: 'short' }));
      await set(world, { 'api-accepts-weak-passwords': '' });
      assert.equal((await userOf(world.ctx, Number(user_id))).mustChangePassword, true);
    });

    test('three at once with one address: one person', async () => {
      const answers = await Promise.all([1, 2, 3].map(() => ask('AddUser', person())));
      assert.equal(answers.filter((one) => one.result === 'success').length, 1);
      const texts = answers.filter((one) => one.result === 'error').map((one) => one.message);
      assert.deepEqual(texts, Array(2).fill('A user already exists with that email address'));
    });
  });

  describe('UpdateUser', () => {
    let user_id = '';
    beforeEach(async () => {
      user_id = String((await done('AddUser', person())).user_id);
    });

    test('changes what is sent; what is empty stays; user_id is a text', async () => {
      const body = await done('UpdateUser', {
        user_id,
        firstname: 'Alex',
        lastname: '',
        email: '',
        language: 'german',
      });
      assert.deepEqual(body, { result: 'success', user_id });
      const user = await userOf(world.ctx, Number(user_id));
      assert.deepEqual([user.firstName, user.lastName, user.email, user.language], ['Alex', 'Sample', email, 'german']);
    });

    test('the documented refusals, in their order', async () => {
      for (const id of ['', '0', '4711', 'x', '-1'])
        assert.equal(await refusal('UpdateUser', { user_id: id, email: 'x' }), 'Invalid User ID requested');
      const nothing = 'One of `email`, `firstname`, `lastname`, or `language` is required';
      assert.equal(await refusal('UpdateUser', { user_id }), nothing);
      assert.equal(await refusal('UpdateUser', { user_id, email: '', firstname: ' ' }), nothing);
      assert.equal(await refusal('UpdateUser', { user_id, email: 'x' }), 'The email address entered is not valid');
      assert.equal(
        await refusal('UpdateUser', { user_id, email: 'EVE@example.test' }),
        'A user already exists with that email address',
      );
    });

    test('sets no password, and nothing else that is not documented', async () => {
      await done('UpdateUser', {
        user_id,
        firstname: 'Alex',
        password2: 'seven other teapots',
        uuid: 'x',
        disabled: '1',
      });
      assert.equal((await world.browser().signIn(email, 'seven other teapots')).statusCode, 422);
      assert.equal((await world.browser().signIn(email, 'seven brave teapots')).statusCode, 303);
    });

    test('the address of their client stays as it was', async () => {
      const { clientid, owner_id } = await done('AddClient', newClient({ email: `own${email}` }));
      await done('UpdateUser', { user_id: String(owner_id), email: `new${email}` });
      assert.equal((await done('GetClientsDetails', { clientid: String(clientid) })).email, `own${email}`);
    });
  });

  describe('GetUsers', () => {
    const lines = (body: Line): Line[] => body.users as Line[]; // a plain list, as the first test says

    test('numbers, a plain list, and the documented keys with the clients of each', async () => {
      const { ada, ben } = world.cast;
      const body = await done('GetUsers', { limitnum: '2' });
      assert.deepEqual(Object.keys(body), ['result', 'totalresults', 'startnumber', 'numreturned', 'users']);
      assert.deepEqual([typeof body.totalresults, body.startnumber, body.numreturned], ['number', 0, 2]);
      assert.deepEqual(lines(body)[0], {
        id: ada.id,
        firstname: 'Ada',
        lastname: 'Lovelace',
        email: 'ada@example.test',
        datecreated: '2026-06-01 12:00:00',
        validationdata: '',
        clients: [{ id: ada.clientId, isOwner: true }],
      });
      const [guest] = lines(await done('GetUsers', { search: 'ben@' }));
      assert.deepEqual(guest?.clients, [{ id: ada.clientId, isOwner: false }]);
      assert.equal(guest?.id, ben.id);
    });

    test('searches the start of e-mail, first, last and full name', async () => {
      for (const search of ['love', 'ADA LOV', 'ada@', 'ada']) {
        const found = lines(await done('GetUsers', { search })).map((one) => one.id);
        assert.ok(found.includes(world.cast.ada.id), search);
      }
      assert.deepEqual(lines(await done('GetUsers', { search: 'velace' })), []);
      assert.equal((await done('GetUsers', { search: 'nobody' })).totalresults, 0);
    });

    test('leafed through either way, every person once', async () => {
      const all = Number((await done('GetUsers')).totalresults);
      for (const sorting of ['ASC', 'DESC']) {
        const seen: number[] = [];
        for (let start = 0; start < all; start += 3)
          seen.push(
            ...lines(await done('GetUsers', { sorting, limitstart: String(start), limitnum: '3' })).map((one) =>
              Number(one.id),
            ),
          );
        assert.equal(seen.length, all);
        assert.deepEqual(
          seen,
          seen.toSorted((a, b) => (sorting === 'ASC' ? a - b : b - a)),
        );
      }
    });

    test('costs four statements beside those of the credential', async () => {
      const cost = async (action: string, values = {}) => {
        await done(action, values);
        const before = world.ctx.statementCount();
        await done(action, values);
        return world.ctx.statementCount() - before;
      };
      assert.ok((await cost('GetUsers', { limitnum: '100' })) - (await cost('GetPermissionsList')) <= 4);
    });
  });

  describe('what a user may do in a client', () => {
    const ids = () => ({ user_id: String(world.cast.ben.id), client_id: String(world.cast.ada.clientId) });
    const owner = () => ({ user_id: String(world.cast.ada.id), client_id: String(world.cast.ada.clientId) });
    const strangers = () => ({ user_id: String(world.cast.eve.id), client_id: String(world.cast.ada.clientId) });

    test('GetPermissionsList: the thirteen keys in their order, with status beside result', async () => {
      assert.deepEqual(await done('GetPermissionsList'), {
        result: 'success',
        status: 'success',
        permissions: { permission: [...ACCESS_PERMISSIONS] },
      });
      assert.equal(ACCESS_PERMISSIONS.length, 13);
    });

    test('GetUserPermissions: those of a member; of an owner every one', async () => {
      const granted = async (values: Record<string, string>) => (await done('GetUserPermissions', values)).permissions;
      assert.deepEqual(await granted(ids()), { permission: ['products', 'tickets'] });
      assert.deepEqual(await granted(owner()), { permission: [...ACCESS_PERMISSIONS] });
    });

    for (const action of ['GetUserPermissions', 'UpdateUserPermissions', 'DeleteUserClient'])
      test(`${action}: the documented refusals, in their order`, async () => {
        for (const user_id of ['', '0', '4711', 'x'])
          assert.equal(await refusal(action, { user_id, client_id: 'x' }), 'Invalid user id');
        for (const client_id of ['', '0', '4711', 'x'])
          assert.equal(await refusal(action, { ...ids(), client_id }), 'Invalid client id');
        const values = { ...strangers(), permissions: 'tickets' };
        assert.equal(await refusal(action, values), 'User is not associated with client');
      });

    test('UpdateUserPermissions: the list that is sent, in any case and form, replaces what was there', async () => {
      const { ben, ada } = world.cast;
      const held = async () => (await findMember(world.ctx, ben.id, ada.clientId))?.permissions;
      assert.deepEqual(await done('UpdateUserPermissions', { ...ids(), permissions: 'Orders, profile,,orders' }), {
        result: 'success',
      });
      assert.deepEqual(await held(), ['profile', 'orders']);
      await done('UpdateUserPermissions', { ...ids(), 'permissions[0]': 'emails', 'permissions[1]': 'quotes' });
      assert.deepEqual(await held(), ['quotes', 'emails']);
    });

    test('UpdateUserPermissions: an owner, a missing list and a key that there is not are refused, in that order', async () => {
      const missing = 'Missing permissions definition';
      assert.equal(await refusal('UpdateUserPermissions', owner()), 'Permissions cannot be set on a client owner');
      assert.equal(await refusal('UpdateUserPermissions', strangers()), missing);
      const before = await done('GetUserPermissions', ids());
      for (const permissions of ['', ' , ', 'all', 'tickets,admin'])
        assert.equal(await refusal('UpdateUserPermissions', { ...ids(), permissions }), missing, permissions);
      assert.deepEqual(await done('GetUserPermissions', ids()), before);
    });

    test('DeleteUserClient: takes the access away, once, and deletes nobody; never the owner’s', async () => {
      const { ben, ada } = world.cast;
      assert.equal(await refusal('DeleteUserClient', owner()), 'You cannot remove the account owner');
      assert.deepEqual(await done('DeleteUserClient', ids()), { result: 'success' });
      assert.equal(await findMember(world.ctx, ben.id, ada.clientId), undefined);
      assert.equal((await userOf(world.ctx, ben.id)).email, ben.email);
      assert.equal(await refusal('DeleteUserClient', ids()), 'User is not associated with client');
    });
  });
});

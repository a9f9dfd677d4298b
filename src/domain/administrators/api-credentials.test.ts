// Credentials of programs: what opens them, what narrows them, who may make and remove them.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addAdministrator, changeAdministrator } from '#domain/administrators/administrators.ts';
import { enterApi } from '#domain/administrators/api-access.ts';
import type { NewCredential } from '#domain/administrators/api-credentials.ts';
import {
  addCredential,
  checkCredential,
  credentialOf,
  listApiRoles,
  listCredentials,
  removeApiRole,
  removeCredential,
  saveApiRole,
} from '#domain/administrators/api-credentials.ts';
import { addRole } from '#domain/administrators/roles.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { setAdministratorPassword } from '#domain/login/own-password.ts';
import { minutes, seconds } from '#kit/duration.ts';
import { md5Hex } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');

onBothDatabases('a credential', (database) => {
  let world: World;
  let ctx: Context;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  const add = (over: Partial<NewCredential> = {}, by: Actor = SYSTEM) =>
    addCredential(ctx, by, {
      administratorId: world.cast.root.id,
      description: 'test',
      roleIds: [],
      everyAction: true,
      allowedAddresses: [],
      expiresAt: undefined,
      ...over,
    });
  const enter = async (made: { identifier: string; secret: string }, ip = '127.0.0.1') =>
    enterApi(ctx, { ip, identifier: made.identifier, secret: made.secret, accessKey: undefined, action: 'test' });

  test('opens by its secret and by the MD5 of it, in either case, and by nothing near them', async () => {
    const { identifier, secret } = await add();
    assert.match(identifier, /^[A-Za-z0-9]{32}$/);
    assert.match(secret, /^[A-Za-z0-9]{32}$/);
    const md5 = md5Hex(secret);
    for (const good of [secret, md5, md5.toUpperCase()]) {
      assert.ok((await checkCredential(ctx, identifier, good)).proven, good);
    }
    const bad = [
      '',
      secret.slice(1),
      `${secret} `,
      `${secret}\0`,
      secret.toLowerCase(),
      md5Hex(md5),
      md5.slice(1),
      identifier,
    ];
    for (const wrong of bad.filter((one) => one !== secret)) {
      assert.ok(!(await checkCredential(ctx, identifier, wrong)).proven, JSON.stringify(wrong));
    }
    for (const other of ['', identifier.toLowerCase(), `${identifier}\0`, "' or 1=1 --"])
      assert.ok(!(await checkCredential(ctx, other, secret)).proven, other);
  });

  test('of one identifier does not open by the secret of another', async () => {
    const [one, two] = [await add(), await add()];
    assert.ok(!(await checkCredential(ctx, one.identifier, two.secret)).proven);
  });

  test('is kept so that the secret cannot be read, nor the MD5 that is as good', async () => {
    const { identifier, secret } = await add();
    const rows = JSON.stringify(
      await ctx.db.selectFrom('api_credentials').selectAll().where('identifier', '=', identifier).execute(),
    );
    assert.ok(!rows.includes(secret) && !rows.includes(md5Hex(secret)));
    assert.ok(!JSON.stringify(await listCredentials(ctx)).includes('hash'));
  });

  test('a try costs as many statements for an identifier that there is as for one that there is not', async () => {
    const { identifier } = await add();
    const cost = async (name: string): Promise<number> => {
      const before = ctx.statementCount();
      await checkCredential(ctx, name, 'wrong');
      return ctx.statementCount() - before;
    };
    assert.equal(await cost(identifier), await cost('A'.repeat(32)));
  });

  test('ends at its instant, with its administrator, with its last role, and when it is removed', async () => {
    const expiring = await add({ expiresAt: ctx.now() + seconds(10) });
    world.clock.turn(seconds(10) - 1);
    assert.ok('proven' in (await enter(expiring)));
    world.clock.turn(1);
    assert.deepEqual(await enter(expiring), { refused: 'credential' });

    const ofSam = await add({ administratorId: world.cast.sam.id });
    assert.deepEqual(await enter(ofSam), { refused: 'no-api-access' });

    const staff = await addAdministrator(ctx, SYSTEM, {
      roleId: await addRole(ctx, SYSTEM, { name: 'Programs', permissions: ['Main Homepage', 'API Access'] }),
      username: 'programs',
      firstName: 'Pro',
      lastName: 'Grams',
      email: 'programs@staff.example.test',
      passwordHash: undefined,
    });
    const owned = await add({ administratorId: staff });
    assert.ok('proven' in (await enter(owned)));
    await setAdministratorPassword(ctx, SYSTEM, staff, 'nine paper boats drifting');
    assert.ok('proven' in (await enter(owned)), 'another password of theirs is not its secret');
    await changeAdministrator(ctx, SYSTEM, staff, { disabled: true });
    assert.deepEqual(await enter(owned), { refused: 'disabled' });

    const roleId = await saveApiRole(ctx, SYSTEM, undefined, {
      name: 'Reading',
      description: '',
      actions: ['GetClients'],
    });
    const narrow = await add({ everyAction: false, roleIds: [roleId] });
    assert.ok('proven' in (await enter(narrow)));
    await removeApiRole(ctx, SYSTEM, roleId);
    assert.deepEqual(await enter(narrow), { refused: 'credential' });

    const removed = await add();
    await removeCredential(ctx, SYSTEM, removed.id);
    assert.deepEqual(await enter(removed), { refused: 'credential' });
    await assert.rejects(removeCredential(ctx, SYSTEM, removed.id), {
      kind: 'not-found',
      code: 'credential-not-found',
    });
    await assert.rejects(credentialOf(ctx, removed.id), { code: 'credential-not-found' });
  });

  test('with roles calls what they name, in whatever case they were given, and nothing else', async () => {
    const roleId = await saveApiRole(ctx, SYSTEM, undefined, {
      name: 'Two things',
      description: '',
      actions: ['ValidateLogin', 'validatelogin', 'CREATESSOTOKEN'],
    });
    assert.deepEqual((await listApiRoles(ctx)).find((role) => role.id === roleId)?.actions, [
      'createssotoken',
      'validatelogin',
    ]);
    const made = await add({ everyAction: false, roleIds: [roleId, roleId] });
    const check = await checkCredential(ctx, made.identifier, made.secret);
    assert.ok(check.proven);
    const named = ['validatelogin', 'createssotoken', 'getclients', '', 'constructor'];
    assert.deepEqual(named.map(check.mayCall), [true, true, false, false, false]);
  });

  test('that is narrowed to addresses opens from them alone', async () => {
    const made = await add({ allowedAddresses: ['203.0.113.*', '2001:db8::/32'] });
    assert.deepEqual((await credentialOf(ctx, made.id)).allowedAddresses, ['203.0.113.0/24', '2001:db8::/32']);
    assert.ok('proven' in (await enter(made, '203.0.113.9')));
    assert.ok('proven' in (await enter(made, '2001:db8::9')));
    assert.deepEqual(await enter(made, '127.0.0.1'), { refused: 'address' });
  });

  test('is refused to be made: without a role, with one that is not there, with an odd address, with its end behind it', async () => {
    await assert.rejects(add({ everyAction: false }), { fields: { roles: 'credential-without-role' } });
    await assert.rejects(add({ roleIds: [999_999] }), { fields: { roles: 'role-not-found' } });
    await assert.rejects(add({ allowedAddresses: ['10.1/16'] }), {
      fields: { allowedAddresses: 'address-range-invalid' },
    });
    await assert.rejects(add({ expiresAt: ctx.now() }), { fields: { expires: 'expiry-in-the-past' } });
    await assert.rejects(add({ administratorId: 999_999 }), { code: 'administrator-not-found' });
  });

  test('of somebody who may do more is neither made nor removed by delegated staff', async () => {
    const sam: Actor = { kind: 'administrator', administratorId: world.cast.sam.id, name: 'sam', ip: '192.0.2.1' };
    const more = { kind: 'not-allowed', code: 'role-holds-more' };
    await assert.rejects(add({}, sam), more);
    const { id } = await add();
    await assert.rejects(removeCredential(ctx, sam, id), more);
    await add({ administratorId: world.cast.sam.id }, sam);
  });

  test('an API role has a name of its own and names actions that there are', async () => {
    const save = (name: string, actions: string[], id?: number, description = '') =>
      saveApiRole(ctx, SYSTEM, id, { name, description, actions });
    await assert.rejects(save(' ', ['GetClients']), { fields: { name: 'name-missing' } });
    await assert.rejects(save('x'.repeat(101), ['GetClients']), { fields: { name: 'too-long' } });
    await assert.rejects(save('Odd', []), { fields: { actions: 'api-role-without-actions' } });
    await assert.rejects(save('Odd', ['RuleTheWorld']), { fields: { actions: 'api-action-unknown' } });
    await assert.rejects(save('Odd', ['GetClients'], undefined, 'x'.repeat(501)), {
      fields: { description: 'too-long' },
    });
    const one = await save('One', ['GetClients']);
    const two = await save('Two', ['GetClients']);
    for (const name of ['one', 'ＯNE', ' One'])
      for (const id of [undefined, two])
        await assert.rejects(save(name, ['GetClients'], id), { kind: 'conflict', code: 'role-name-taken' }, name);
    assert.equal(await save('ONE', ['GetUsers'], one), one);
    await assert.rejects(save('Three', ['GetClients'], 999_999), { kind: 'not-found' });
    await assert.rejects(removeApiRole(ctx, SYSTEM, 999_999), { kind: 'not-found' });
  });

  test('two API roles that take one name at once: one has it, the other is told', async () => {
    const ends = await Promise.allSettled(
      ['Same', 'SAME', 'same'].map((name) =>
        saveApiRole(ctx, SYSTEM, undefined, { name, description: '', actions: ['GetUsers'] }),
      ),
    );
    assert.equal(ends.filter((one) => one.status === 'fulfilled').length, 1);
    for (const one of ends)
      if (one.status === 'rejected') assert.match(String(one.reason), /conflict: role-name-taken/);
  });

  test('its use is noted at most once a minute', async () => {
    const made = await add();
    const used = async (): Promise<number | undefined> => (await credentialOf(ctx, made.id)).lastUsedAt;
    await enter(made);
    const first = await used();
    assert.equal(first, ctx.now());
    world.clock.turn(minutes(1) - 1);
    await enter(made);
    assert.equal(await used(), first);
    world.clock.turn(1);
    await enter(made);
    assert.equal(await used(), ctx.now());
  });
});

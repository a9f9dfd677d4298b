// Staff and their roles: nobody gives or takes what they do not hold, and somebody who may do everything is always left.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  addAdministrator,
  administratorFaults,
  administratorOf,
  changeAdministrator,
  findAdministratorWithHash,
  holds,
  listAdministrators,
  mayTouchRole,
  storeAdministratorPassword,
} from '#domain/administrators/administrators.ts';
import type { Permission } from '#domain/administrators/permissions.ts';
import { FULL_ADMINISTRATOR, isPermission, PERMISSIONS } from '#domain/administrators/permissions.ts';
import {
  addRole,
  changeRole,
  listRoles,
  permissionsOfActor,
  removeRole,
  roleOf,
} from '#domain/administrators/roles.ts';
import { offerSetup, setUp, setupIsOpen } from '#domain/administrators/setup.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { strangerActor, systemActor } from '#domain/audit/actor.ts';
import { passwordLinkState, sendAdministratorPasswordLink } from '#domain/login/password-links.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { signIn } from '#domain/login/sign-in.ts';
import { checkAdministratorSession } from '#domain/sessions/signed-in.ts';
import type { Context } from '#src/context.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, PASSWORD, sealedPassword, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');
const HOME: Permission[] = ['Main Homepage'];

describe("the faults of an administrator's fields", () => {
  const good = { username: 'root2', firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.test' };
  const faultOf = (username: string): string | undefined => administratorFaults({ ...good, username })['username'];

  test('a user name starts with a letter and holds letters and digits alone', () => {
    for (const username of ['ab', 'Root2', 'x'.repeat(60)]) assert.equal(faultOf(username), undefined, username);
    for (const username of [
      '',
      'a',
      '2root',
      'ro ot',
      'ro-ot',
      'ro.ot',
      'root@x',
      'röot',
      'root\n',
      'x'.repeat(61),
      '<b>',
    ])
      assert.equal(faultOf(username), username === 'root\n' ? undefined : 'username-invalid', JSON.stringify(username));
  });

  test('all are found, in the order of the form', () => {
    const found = administratorFaults({ username: '', firstName: 'x'.repeat(201), lastName: '\u200b', email: '' });
    assert.deepEqual(Object.entries(found), [
      ['username', 'username-invalid'],
      ['firstName', 'too-long'],
      ['lastName', 'last-name-missing'],
      ['email', 'email-missing'],
    ]);
  });
});

onBothDatabases('staff', (database) => {
  let world: World;
  let ctx: Context;
  let made = 0;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  const actorOf = (administratorId: number): Actor => ({
    kind: 'administrator',
    administratorId,
    name: 'staff',
    ip: '192.0.2.1',
  });
  async function someone(permissions: readonly Permission[] | 'full'): Promise<{ id: number; roleId: number }> {
    made += 1;
    const roleId =
      permissions === 'full'
        ? ((await listRoles(ctx)).find((role) => role.isFull)?.id ?? 0)
        : await addRole(ctx, SYSTEM, { name: `Role ${made}`, permissions });
    const id = await addAdministrator(ctx, SYSTEM, {
      roleId,
      username: `staff${made}`,
      firstName: 'Some',
      lastName: 'Body',
      email: `staff${made}@staff.example.test`,
      passwordHash: await sealedPassword(),
    });
    return { id, roleId };
  }
  const holdsMore = { kind: 'not-allowed', code: 'role-holds-more' };
  const notHeld = { kind: 'not-allowed', code: 'permission-not-held' };

  test('the full role holds every permission there is, whatever is stored, and cannot be changed or removed', async () => {
    const full = (await listRoles(ctx)).find((role) => role.name === FULL_ADMINISTRATOR);
    assert.ok(full?.isFull);
    assert.deepEqual(full.permissions, PERMISSIONS);
    await ctx.db.updateTable('admin_roles').set({ permissions: '[]' }).where('id', '=', full.id).execute();
    assert.deepEqual((await roleOf(ctx, full.id)).permissions, PERMISSIONS);
    const fixed = { kind: 'conflict', code: 'role-is-fixed' };
    await assert.rejects(changeRole(ctx, SYSTEM, full.id, { name: 'Nobody', permissions: HOME }), fixed);
    await assert.rejects(removeRole(ctx, SYSTEM, full.id), fixed);
    for (const name of [FULL_ADMINISTRATOR, 'full administrator', 'Ｆull Administrator', ' Full Administrator\n'])
      await assert.rejects(addRole(ctx, SYSTEM, { name, permissions: HOME }), { code: 'role-name-taken' }, name);
  });

  test('a role has a name, a page to land on, and permissions that there are', async () => {
    const add = (name: string, permissions: string[]) => addRole(ctx, SYSTEM, { name, permissions });
    await assert.rejects(add(' \u200b', HOME), { fields: { name: 'name-missing' } });
    await assert.rejects(add('x'.repeat(101), HOME), { fields: { name: 'too-long' } });
    await assert.rejects(add('Odd', [...HOME, 'Rule the World']), { fields: { permissions: 'permission-unknown' } });
    await assert.rejects(add('Odd', [...HOME, 'constructor']), { fields: { permissions: 'permission-unknown' } });
    await assert.rejects(add('Odd', ['List Clients']), { fields: { permissions: 'role-without-home' } });
    await assert.rejects(add('Odd', []), { fields: { permissions: 'role-without-home' } });
    for (const odd of ['', 'main homepage', '__proto__']) assert.ok(!isPermission(odd), odd);
    const roleId = await add('Once', HOME);
    const other = await add('Twice', HOME);
    for (const name of ['once', 'ＯNCE', ' Once '])
      await assert.rejects(
        changeRole(ctx, SYSTEM, other, { name, permissions: HOME }),
        { code: 'role-name-taken' },
        name,
      );
    await changeRole(ctx, SYSTEM, roleId, { name: 'ONCE', permissions: HOME });
    await assert.rejects(roleOf(ctx, 999_999), { kind: 'not-found', code: 'role-not-found' });
  });

  test('a role that somebody holds stays', async () => {
    const { roleId } = await someone(HOME);
    await assert.rejects(removeRole(ctx, SYSTEM, roleId), { kind: 'conflict', code: 'role-in-use' });
    const free = await addRole(ctx, SYSTEM, { name: 'Nobody has it', permissions: HOME });
    await removeRole(ctx, SYSTEM, free);
    await assert.rejects(removeRole(ctx, SYSTEM, free), { code: 'role-not-found' });
  });

  test('delegated staff give nobody, and themselves, more than they hold (Keycloak CVE-2026-4629)', async () => {
    const clerk = await someone([...HOME, 'Configure Admin Roles', 'Configure Administrators', 'List Clients']);
    const richer = await someone([...HOME, 'Delete Client']);
    const by = actorOf(clerk.id);
    const wants = { name: 'Clerks', permissions: [...HOME, 'Delete Client'] };
    await assert.rejects(addRole(ctx, by, wants), notHeld);
    await assert.rejects(changeRole(ctx, by, clerk.roleId, wants), notHeld, 'their own role');
    await assert.rejects(changeRole(ctx, by, richer.roleId, { name: 'Poorer', permissions: HOME }), holdsMore);
    const free = await addRole(ctx, SYSTEM, { name: 'Free and rich', permissions: [...HOME, 'Delete Client'] });
    await assert.rejects(removeRole(ctx, by, free), holdsMore);
    const equal = await addRole(ctx, by, { name: 'Equal', permissions: [...HOME, 'List Clients'] });

    const person = {
      username: 'friend',
      firstName: 'A',
      lastName: 'Friend',
      email: 'friend@example.test',
      passwordHash: undefined,
    };
    const full = (await listRoles(ctx)).find((role) => role.isFull)?.id ?? 0;
    for (const roleId of [free, full, richer.roleId])
      await assert.rejects(addAdministrator(ctx, by, { ...person, roleId }), holdsMore);
    const friend = await addAdministrator(ctx, by, { ...person, roleId: equal });
    for (const roleId of [free, full]) {
      await assert.rejects(changeAdministrator(ctx, by, friend, { roleId }), holdsMore);
      await assert.rejects(changeAdministrator(ctx, by, clerk.id, { roleId }), holdsMore);
    }
    for (const change of [{ disabled: true }, { email: 'mine@example.test' }, { firstName: 'X' }, { roleId: equal }]) {
      await assert.rejects(changeAdministrator(ctx, by, richer.id, change), holdsMore, JSON.stringify(change));
      await assert.rejects(changeAdministrator(ctx, by, world.cast.root.id, change), holdsMore);
    }
    await assert.rejects(sendAdministratorPasswordLink(ctx, by, richer.id), holdsMore);
    await sendAdministratorPasswordLink(ctx, by, friend);
  });

  test('whoever is disabled, gone, a customer or a stranger gives nothing at all', async () => {
    const clerk = await someone([...HOME, 'Configure Admin Roles']);
    await changeAdministrator(ctx, SYSTEM, clerk.id, { disabled: true });
    const nobodies: Actor[] = [
      actorOf(clerk.id),
      actorOf(999_999),
      { kind: 'user', userId: world.cast.ada.id, name: 'ada', ip: '' },
      strangerActor('192.0.2.1'),
    ];
    const role = await roleOf(ctx, clerk.roleId);
    for (const nobody of nobodies) {
      assert.deepEqual(await permissionsOfActor(ctx, nobody), [], nobody.kind);
      await assert.rejects(mayTouchRole(ctx, nobody, role), holdsMore);
      await assert.rejects(addRole(ctx, nobody, { name: 'Free', permissions: HOME }), notHeld);
    }
    await mayTouchRole(ctx, SYSTEM, role);
  });

  test('the last full administrator who can sign in is neither disabled nor demoted', async () => {
    const full = await someone('full');
    const last = { kind: 'conflict', code: 'last-full-administrator' };
    const poor = (await someone(HOME)).roleId;
    for (const one of await listAdministrators(ctx, false)) {
      if (one.role.isFull && one.id !== full.id) await changeAdministrator(ctx, SYSTEM, one.id, { disabled: true });
    }
    await assert.rejects(changeAdministrator(ctx, SYSTEM, full.id, { disabled: true }), last);
    await assert.rejects(changeAdministrator(ctx, actorOf(full.id), full.id, { roleId: poor }), last);
    const invited = await addAdministrator(ctx, SYSTEM, {
      roleId: full.roleId,
      username: 'invited',
      firstName: 'In',
      lastName: 'Vited',
      email: 'invited@staff.example.test',
      passwordHash: undefined,
    });
    await assert.rejects(
      changeAdministrator(ctx, SYSTEM, full.id, { disabled: true }),
      last,
      'one without a password is no way back',
    );
    await storeAdministratorPassword(ctx, SYSTEM, invited, await sealedPassword(), { event: 'test' });
    await changeAdministrator(ctx, SYSTEM, full.id, { roleId: poor });
    await assert.rejects(changeAdministrator(ctx, SYSTEM, invited, { disabled: true }), last);
    await changeAdministrator(ctx, SYSTEM, world.cast.root.id, { disabled: false });
  });

  test('nobody disables themselves', async () => {
    const { id } = await someone('full');
    await assert.rejects(changeAdministrator(ctx, actorOf(id), id, { disabled: true }), {
      code: 'administrator-is-yourself',
    });
  });

  test('a disabled administrator holds nothing and is out at once, and stays out of old sessions', async () => {
    const { id } = await someone([...HOME, 'List Clients']);
    const { username } = await administratorOf(ctx, id);
    const answer = await offerPassword(ctx, {
      side: 'administrator',
      name: username.toUpperCase(),
      password: PASSWORD,
      source: { kind: 'visitor', ip: '192.0.2.1' },
      ip: '192.0.2.1',
      isPersonThere: false,
    });
    assert.equal(answer.at, 'proved');
    const { token } = await signIn(ctx, answer.proof, { ip: '192.0.2.1', userAgent: 'Test', origin: 'login' });
    assert.ok(holds(await administratorOf(ctx, id), 'List Clients'));
    await changeAdministrator(ctx, SYSTEM, id, { disabled: true });
    assert.ok(!holds(await administratorOf(ctx, id), 'List Clients'));
    assert.deepEqual(await checkAdministratorSession(ctx, token), { ended: 'deactivated' });
    await changeAdministrator(ctx, SYSTEM, id, { disabled: false });
    assert.deepEqual(await checkAdministratorSession(ctx, token), { ended: 'deactivated' });
  });

  test('what a role loses is lost with the next click, without signing in anew', async () => {
    const { id, roleId } = await someone([...HOME, 'List Clients']);
    const { username } = await administratorOf(ctx, id);
    const browser = world.browser();
    await browser.signIn(username);
    assert.equal((await browser.get('/admin/clients')).statusCode, 200);
    await changeRole(ctx, SYSTEM, roleId, { name: `Poorer ${made}`, permissions: HOME });
    assert.equal((await browser.get('/admin/clients')).statusCode, 403);
  });

  test('a name or address that another has is taken, in whatever case', async () => {
    const { id } = await someone(HOME);
    const { username, email, role } = await administratorOf(ctx, id);
    const twin = { roleId: role.id, firstName: 'Twin', lastName: 'Staff', passwordHash: undefined };
    await assert.rejects(
      addAdministrator(ctx, SYSTEM, { ...twin, username: username.toUpperCase(), email: 'other@example.test' }),
      { kind: 'conflict', code: 'username-taken' },
    );
    await assert.rejects(addAdministrator(ctx, SYSTEM, { ...twin, username: 'other', email: email.toUpperCase() }), {
      kind: 'conflict',
      code: 'email-taken',
    });
    await assert.rejects(changeAdministrator(ctx, SYSTEM, world.cast.sam.id, { email: email.toUpperCase() }), {
      code: 'email-taken',
    });
  });

  test('a link that went to the old address does not open the door of the new one', async () => {
    const { id } = await someone(HOME);
    const { email } = await administratorOf(ctx, id);
    await sendAdministratorPasswordLink(ctx, SYSTEM, id);
    const token = (await world.letterTo(email)).link.split('/').at(-1) ?? '';
    assert.equal((await passwordLinkState(ctx, token)).is, 'open');
    await changeAdministrator(ctx, SYSTEM, id, { email: `moved-${email}` });
    assert.equal((await passwordLinkState(ctx, token)).is, 'foreign');
  });

  test('who is not there cannot be found, changed, or given a password', async () => {
    const gone = { kind: 'not-found', code: 'administrator-not-found' };
    await assert.rejects(administratorOf(ctx, 999_999), gone);
    await assert.rejects(changeAdministrator(ctx, SYSTEM, 999_999, {}), gone);
    await assert.rejects(storeAdministratorPassword(ctx, SYSTEM, 999_999, 'x', { event: 'test' }), gone);
    assert.equal(await findAdministratorWithHash(ctx, 'nobody\0'), undefined);
    await assert.rejects(changeAdministrator(ctx, SYSTEM, world.cast.sam.id, { roleId: 999_999 }), {
      code: 'role-not-found',
    });
  });
});

onBothDatabases('the set-up', (database) => {
  test('is open to the newest printed link, and over with the first administrator', async (t) => {
    const world = await testWorld(database, { cast: false });
    t.after(() => world.close());
    const { ctx } = world;
    const person = {
      username: 'first',
      firstName: 'First',
      lastName: 'Staff',
      email: 'first@example.test',
      passwordHash: await sealedPassword(),
    };
    const older = (await offerSetup(ctx)) ?? '';
    const token = (await offerSetup(ctx)) ?? '';
    assert.deepEqual(
      [await setupIsOpen(ctx, older), await setupIsOpen(ctx, token), await setupIsOpen(ctx, '')],
      [false, true, false],
    );
    await assert.rejects(setUp(ctx, token, { ...person, username: '1' }, '192.0.2.1'), { kind: 'invalid' });
    assert.ok(await setupIsOpen(ctx, token), 'a slip does not burn the link');
    const rows = await ctx.db.selectFrom('setup_invitations').selectAll().execute();
    assert.ok(!JSON.stringify(rows).includes(token));
    await setUp(ctx, token, person, '192.0.2.1');
    assert.equal(await setupIsOpen(ctx, token), false);
    await assert.rejects(setUp(ctx, token, { ...person, username: 'second', email: 's@example.test' }, '192.0.2.1'), {
      kind: 'not-allowed',
      code: 'setup-over',
    });
    assert.equal(await offerSetup(ctx), undefined);
    assert.deepEqual(
      (await listRoles(ctx)).map((role) => role.name),
      ['Full Administrator', 'Sales Operator', 'Support Operator'],
    );
  });
});

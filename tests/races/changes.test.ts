// Two changes at once: neither undoes the other, and what both need stays true.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deleteClient, deleteUser } from '#domain/access/deletion.ts';
import { addMember, changePermissions, removeMember } from '#domain/access/member-changes.ts';
import { findMember, membershipsOf } from '#domain/access/members.ts';
import { addAdministrator, changeAdministrator, listAdministrators } from '#domain/administrators/administrators.ts';
import { listRoles } from '#domain/administrators/roles.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { closeClient } from '#domain/clients/client-status.ts';
import { clientOf, findClient } from '#domain/clients/clients.ts';
import { addCurrency, removeCurrency } from '#domain/clients/currencies.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { changeSettings, settingOf } from '#domain/settings/settings.ts';
import { changeUser, findUser, userOf } from '#domain/users/users.ts';
import { seconds } from '#kit/duration.ts';
import { Problem } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';
import { newClient, newPerson } from '#tests/people.ts';
import { atOnce, meeting } from '#tests/races/meeting.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, sealedPassword, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');

onBothDatabases('at once', (database) => {
  let world: World;
  let ctx: Context;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  const codeOf = (end: PromiseSettledResult<unknown>): string =>
    end.status === 'fulfilled' ? 'done' : end.reason instanceof Problem ? end.reason.code : String(end.reason);

  test('two full administrators demote or disable each other, 50 times: one is always left', async () => {
    const roles = await listRoles(ctx);
    const [full, sales] = ['Full Administrator', 'Sales Operator'].map((name) =>
      roles.find((one) => one.name === name),
    );
    const passwordHash = await sealedPassword();
    const rival = await addAdministrator(ctx, SYSTEM, {
      roleId: full?.id ?? 0,
      username: 'rival',
      firstName: 'Rival',
      lastName: 'Staff',
      email: 'rival@staff.example.test',
      passwordHash,
    });
    const root = world.cast.root.id;
    const actor = (administratorId: number) =>
      ({ kind: 'administrator', administratorId, name: 'staff', ip: '192.0.2.1' }) as const;
    for (let round = 0; round < 50; round += 1) {
      const how = [{ roleId: sales?.id ?? 0 }, { disabled: true }] as const;
      const { won } = await atOnce(2, (at) =>
        changeAdministrator(ctx, actor(at === 0 ? root : rival), at === 0 ? rival : root, how[(round + at) % 2] ?? {}),
      );
      assert.equal(won.length, 1, `round ${round}`);
      const left = (await listAdministrators(ctx, false)).filter((one) => one.role.isFull);
      assert.equal(left.length, 1, `round ${round}`);
      for (const id of [root, rival]) {
        await changeAdministrator(ctx, SYSTEM, id, { roleId: full?.id ?? 0, disabled: false });
      }
    }
  });

  test('an account that is being closed is not opened again by a profile that is saved meanwhile', async () => {
    const clientId = await newClient(ctx);
    const { first, second } = await meeting(
      ctx,
      (tx) => closeClient(tx, SYSTEM, clientId),
      () => changeClient(ctx, SYSTEM, clientId, { city: 'Elsewhere' }),
    );
    assert.deepEqual([codeOf(first), codeOf(second)], ['done', 'done']);
    const after = await clientOf(ctx, clientId);
    assert.equal(after.status, 'Closed');
    assert.equal(after.closedAt, ctx.now());
    assert.equal(after.city, 'Elsewhere');
  });

  test('two who save different fields of an account both have theirs', async () => {
    const clientId = await newClient(ctx);
    await meeting(
      ctx,
      (tx) => changeClient(tx, SYSTEM, clientId, { city: 'Elsewhere' }),
      () => changeClient(ctx, SYSTEM, clientId, { companyName: 'New Name Ltd' }),
    );
    const { city, companyName: company } = await clientOf(ctx, clientId);
    assert.deepEqual([city, company], ['Elsewhere', 'New Name Ltd']);
  });

  test('a currency that is being removed: the account that is made in it meanwhile is refused, and not a fault', async () => {
    const id = await addCurrency(ctx, SYSTEM, { code: 'CHF', prefix: '', suffix: '', format: 1, rate: '1' });
    const { first, second } = await meeting(
      ctx,
      (tx) => removeCurrency(tx, SYSTEM, id),
      () => ctx.transaction((tx) => newClient(tx, { currencyId: id })),
    );
    assert.deepEqual([codeOf(first), codeOf(second)], ['done', 'currency-not-found']);
  });

  test('an account that is being made in a currency keeps it from being removed', async () => {
    const id = await addCurrency(ctx, SYSTEM, { code: 'SEK', prefix: '', suffix: '', format: 1, rate: '1' });
    const { first, second } = await meeting(
      ctx,
      (tx) => newClient(tx, { currencyId: id }),
      () => removeCurrency(ctx, SYSTEM, id),
    );
    assert.deepEqual([codeOf(first), codeOf(second)], ['done', 'currency-in-use']);
  });

  test("a person's new address is not undone by a name that is saved meanwhile", async () => {
    const userId = (await newPerson(ctx)).id;
    await meeting(
      ctx,
      (tx) => changeUser(tx, SYSTEM, userId, { email: 'fresh-address@example.test' }),
      () => changeUser(ctx, SYSTEM, userId, { firstName: 'Newname' }),
    );
    const { email, firstName } = await userOf(ctx, userId);
    assert.deepEqual([email, firstName], ['fresh-address@example.test', 'Newname']);
  });

  test('two people who take one address: one has it, the other is told', async () => {
    const [one, two] = [(await newPerson(ctx)).id, (await newPerson(ctx)).id];
    const ends = await meeting(
      ctx,
      (tx) => changeUser(tx, SYSTEM, one, { email: 'wanted@example.test' }),
      () => changeUser(ctx, SYSTEM, two, { email: 'WANTED@example.test' }),
    );
    assert.deepEqual([codeOf(ends.first), codeOf(ends.second)], ['done', 'email-taken']);
  });

  test('permissions changed while the member is being removed: the member is gone, and that is what is said', async () => {
    const [userId, clientId] = [(await newPerson(ctx)).id, await newClient(ctx)];
    await addMember(ctx, SYSTEM, userId, clientId, ['tickets']);
    const { second } = await meeting(
      ctx,
      (tx) => removeMember(tx, SYSTEM, userId, clientId),
      () => changePermissions(ctx, SYSTEM, userId, clientId, ['invoices']),
    );
    assert.equal(codeOf(second), 'not-a-member');
    assert.equal(await findMember(ctx, userId, clientId), undefined);
  });

  test('a member is removed by one of many', async () => {
    const [userId, clientId] = [(await newPerson(ctx)).id, await newClient(ctx)];
    await addMember(ctx, SYSTEM, userId, clientId, ['tickets']);
    const { won, lost } = await atOnce(10, () => removeMember(ctx, SYSTEM, userId, clientId));
    assert.equal(won.length, 1);
    assert.deepEqual([...lost], [['not-found: not-a-member', 9]]);
  });

  test('access to an account that is being deleted, or for a person who is, is refused and not a fault', async () => {
    const [userId, clientId] = [(await newPerson(ctx)).id, await newClient(ctx)];
    const late = await meeting(
      ctx,
      (tx) => deleteClient(tx, SYSTEM, clientId, false),
      () => addMember(ctx, SYSTEM, userId, clientId, ['tickets']),
    );
    assert.deepEqual([codeOf(late.first), codeOf(late.second)], ['done', 'client-not-found']);

    const gone = await meeting(
      ctx,
      (tx) => deleteUser(tx, SYSTEM, userId),
      async () => addMember(ctx, SYSTEM, userId, world.cast.ada.clientId, ['tickets']),
    );
    assert.deepEqual([codeOf(gone.first), codeOf(gone.second)], ['done', 'user-not-found']);
  });

  test('a person who is just being given access is not deleted', async () => {
    const userId = (await newPerson(ctx)).id;
    const { second } = await meeting(
      ctx,
      (tx) => addMember(tx, SYSTEM, userId, world.cast.ada.clientId, ['tickets']),
      () => deleteUser(ctx, SYSTEM, userId),
    );
    assert.equal(codeOf(second), 'user-has-clients');
  });

  test('an account deleted with its people leaves those who are just being given access elsewhere', async () => {
    const [userId, clientId] = [(await newPerson(ctx)).id, await newClient(ctx)];
    await addMember(ctx, SYSTEM, userId, clientId, ['tickets']);
    const { first, second } = await meeting(
      ctx,
      (tx) => addMember(tx, SYSTEM, userId, world.cast.eve.clientId, ['tickets']),
      () => deleteClient(ctx, SYSTEM, clientId, true),
    );
    assert.deepEqual([codeOf(first), codeOf(second)], ['done', 'done']);
    assert.ok(await findUser(ctx, userId));
    assert.equal(await findClient(ctx, clientId), undefined);
    assert.equal((await membershipsOf(ctx, [userId])).get(userId)?.length, 1);
  });

  test('two accounts that share their people, deleted with them: no deadlock, everybody gone', async () => {
    for (let round = 0; round < 10; round += 1) {
      const people = [(await newPerson(ctx)).id, (await newPerson(ctx)).id, (await newPerson(ctx)).id];
      const clients = [await newClient(ctx), await newClient(ctx)];
      for (const clientId of clients) for (const id of people) await addMember(ctx, SYSTEM, id, clientId, ['tickets']);
      const { lost } = await atOnce(2, (at) => deleteClient(ctx, SYSTEM, clients[at] ?? 0, true));
      assert.equal(lost.size, 0);
      for (const clientId of clients) assert.equal(await findClient(ctx, clientId), undefined);
    }
  });

  test('what a transaction sets and then undoes was never seen by anybody else', async () => {
    await settingOf(ctx, companyName);
    world.clock.turn(seconds(5)); // what was kept is too old: each has to read anew
    const undone = ctx.transaction(async (tx) => {
      await changeSettings(tx, SYSTEM, { 'company-name': 'Never Was Ltd' });
      assert.equal(await settingOf(tx, companyName), 'Never Was Ltd');
      throw new Error('undone');
    });
    await assert.rejects(undone, /undone/);
    assert.equal(await settingOf(ctx, companyName), 'Doorward');
  });

  test('transactions that hold every connection do not wait for a read of the settings that waits for one of them', async () => {
    const connections = database === 'postgres' ? 10 : 1;
    await settingOf(ctx, companyName);
    world.clock.turn(seconds(2)); // what was kept is too old
    const mayRead = Promise.withResolvers<void>();
    const inside = Array.from({ length: connections }, () => Promise.withResolvers<void>());
    const transactions = inside.map(({ resolve }) =>
      ctx.transaction(async (tx) => {
        await tx.db.selectFrom('users').select('id').limit(1).execute();
        resolve();
        await mayRead.promise;
        return settingOf(tx, companyName);
      }),
    );
    await Promise.all(inside.map(({ promise }) => promise));
    const outside = settingOf(ctx, companyName);
    mayRead.resolve();
    const all = Promise.all([...transactions, outside]);
    all.catch(() => {});
    const late = new Promise((_, reject) => setTimeout(reject, 5000, new Error('they wait for each other')).unref());
    await Promise.race([all, late]);
  });
});

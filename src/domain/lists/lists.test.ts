// Filters that are kept, one change to many clients, lists that leave the house.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { addAdministrator, changeAdministrator } from '#domain/administrators/administrators.ts';
import { listRoles } from '#domain/administrators/roles.ts';
import type { StaffActor } from '#domain/audit/actor.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { addClient } from '#domain/clients/client-creation.ts';
import { closeClient } from '#domain/clients/client-status.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { addGroup } from '#domain/clients/groups.ts';
import { leaseBulkTask } from '#domain/lists/bulk-tasks.table.ts';
import {
  beginBulkTask,
  bulkTaskOf,
  MOST_CHOSEN,
  stopBulkTask,
  workOnBulkTask,
  workOnBulkTasks,
} from '#domain/lists/bulk-tasks.ts';
import { exportList, rowsToExport } from '#domain/lists/exports.ts';
import type { ListFilter } from '#domain/lists/filters.ts';
import { filterIn, filterOfText, filterText } from '#domain/lists/filters.ts';
import { MOST_FILTERS, removeFilter, renameFilter, savedFiltersOf, saveFilter } from '#domain/lists/saved-filters.ts';
import { minutes } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, profile, testWorld } from '#tests/world.ts';

const EVERYONE: ListFilter = { contains: '', status: undefined, groupId: undefined };

onBothDatabases('lists of staff', (database) => {
  let world: World;
  let ctx: Context;
  let root: StaffActor;
  let sam: StaffActor;
  let groupId: number;
  const made: number[] = [];

  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
    const staff = (id: number, name: string): StaffActor => ({
      kind: 'administrator',
      administratorId: id,
      name,
      ip: '192.0.2.9',
    });
    root = staff(world.cast.root.id, 'root');
    sam = staff(world.cast.sam.id, 'sam');
    groupId = await addGroup(ctx, root, {
      name: 'Resellers',
      colour: '#336699',
      discountPercent: '0.00',
      suspendExempt: false,
      separateInvoices: false,
    });
    await ctx.transaction(async (tx) => {
      for (let at = 0; at < 130; at += 1) {
        const lastName = at === 0 ? '=1+1' : `Many${at}`;
        const given = profile({ firstName: 'Bulk', lastName, email: `bulk${at}@example.test` });
        made.push(await addClient(tx, systemActor(), given));
      }
    });
  });
  after(() => world.close());

  const bulk: ListFilter = { ...EVERYONE, contains: 'bulk many' };
  const done = async (id: number) => {
    const { changed, unchanged, refused, endedWhy } = await bulkTaskOf(ctx, root.administratorId, id);
    return { changed, unchanged, refused, endedWhy };
  };

  describe('a filter', () => {
    test('comes back from its text as it was, and nothing of others slips in', () => {
      for (const filter of [EVERYONE, bulk, { contains: 'a&b=c%', status: 'Closed', groupId: 0 } as const])
        assert.deepEqual(filterOfText('clients', filterText(filter)), filter);
      assert.deepEqual(filterIn('clients', { q: ' a\nb ', status: 'closed', group: '-1', csrf: 'x' }), {
        ...EVERYONE,
        contains: 'a b',
      });
      assert.deepEqual(filterIn('users', { q: 'x', status: 'Closed', group: '3' }), { ...EVERYONE, contains: 'x' });
      assert.equal(filterIn('clients', { q: 'x'.repeat(5000) }).contains.length, 200);
    });

    const keep = (actor: StaffActor, name: string, isShared = false, filter = bulk) =>
      saveFilter(ctx, actor, { list: 'clients', name, filter, isShared });
    const names = async (actor: StaffActor, list: 'clients' | 'users' = 'clients') =>
      (await savedFiltersOf(ctx, actor.administratorId, list)).map((one) => one.name);

    test('is seen by whoever kept it, and by all staff only when it is shared', async () => {
      await keep(root, 'My own');
      await keep(root, 'For all', true);
      await keep(sam, 'my own');
      assert.deepEqual(await names(root), ['For all', 'My own']);
      assert.deepEqual(await names(sam), ['my own', 'For all']);
      assert.deepEqual(await names(sam, 'users'), []);
    });

    test('has a name that its keeper has not given yet, in whatever case; other lists and keepers are no matter', async () => {
      await assert.rejects(keep(root, 'MY OWN'), { fields: { name: 'filter-name-taken' } });
      await assert.rejects(keep(root, ' '), { fields: { name: 'filter-name-missing' } });
      await assert.rejects(keep(root, 'x'.repeat(61)), { fields: { name: 'too-long' } });
      await assert.rejects(keep(root, 'Nothing', false, EVERYONE), { code: 'filter-narrows-nothing' });
      await saveFilter(ctx, root, { list: 'users', name: 'My own', filter: bulk, isShared: false });
      assert.deepEqual(await names(root, 'users'), ['My own']);
    });

    test('gets another name from whoever kept it, as long as they have none of that name, and is theirs alone to change', async () => {
      const own = (await savedFiltersOf(ctx, root.administratorId, 'clients')).find((one) => one.name === 'My own');
      const id = own?.id ?? 0;
      await assert.rejects(renameFilter(ctx, root, id, { name: 'FOR ALL', isShared: false }), {
        fields: { name: 'filter-name-taken' },
      });
      await assert.rejects(renameFilter(ctx, sam, id, { name: 'Mine', isShared: true }), { code: 'filter-not-found' });
      await renameFilter(ctx, root, id, { name: 'Renamed', isShared: true });
      assert.deepEqual(await names(sam), ['my own', 'For all', 'Renamed']);
      await renameFilter(ctx, root, id, { name: 'My own', isShared: false });
      assert.deepEqual(await names(sam), ['my own', 'For all']);
    });

    test('of another cannot be removed, shared or not, and it looks as if it were not there', async () => {
      const shared = (await savedFiltersOf(ctx, root.administratorId, 'clients')).find((one) => one.isShared);
      await assert.rejects(removeFilter(ctx, sam, shared?.id ?? 0), { kind: 'not-found', code: 'filter-not-found' });
      await assert.rejects(removeFilter(ctx, sam, 999_999), { kind: 'not-found', code: 'filter-not-found' });
      await removeFilter(ctx, root, shared?.id ?? 0);
      assert.deepEqual(await names(sam), ['my own']);
    });

    test('of one name is kept once, however many ask at the same time, and nobody keeps more than there may be', async () => {
      const tries = await Promise.allSettled(Array.from({ length: 12 }, () => keep(sam, 'Race')));
      assert.equal(tries.filter((one) => one.status === 'fulfilled').length, 1);
      for (let at = (await names(sam)).length; at < MOST_FILTERS; at += 1) await keep(sam, `filter ${at}`);
      await assert.rejects(keep(sam, 'one more'), { code: 'too-many-filters' });
    });
  });

  describe('one change to many clients', () => {
    test('changes each by its own rule with its own line, and says how many', async () => {
      const ids = made.slice(0, 5);
      await changeClient(ctx, root, ids[0] ?? 0, { groupId });
      const before = (await auditLines(ctx, { event: 'client.updated' }, { limit: 1000 })).length;
      const id = await beginBulkTask(ctx, root, { is: 'group', groupId }, { ids: [...ids, ...ids] });
      await workOnBulkTask(ctx, id, 100);
      assert.deepEqual(await done(id), { changed: 4, unchanged: 1, refused: 0, endedWhy: 'done' });
      for (const one of ids) assert.equal((await clientOf(ctx, one)).groupId, groupId);
      const lines = await auditLines(ctx, { event: 'client.updated' }, { limit: 1000 });
      assert.equal(lines.length, before + 4);
      assert.deepEqual([lines[0]?.actorName, lines[0]?.ip], ['root', '192.0.2.9']);
      assert.equal((await auditLines(ctx, { event: 'client.bulk_done' }, { limit: 5 })).length, 1);
    });

    test('refuses the closed and the missing one by one, names them, and goes on with the others', async () => {
      const [closed = 0, open = 0] = made.slice(5);
      await closeClient(ctx, root, closed);
      const id = await beginBulkTask(ctx, root, { is: 'status', status: 'Inactive' }, { ids: [closed, open, 999_999] });
      await workOnBulkTask(ctx, id, 100);
      const task = await bulkTaskOf(ctx, root.administratorId, id);
      assert.deepEqual(task.refusals, [
        { clientId: closed, code: 'client-is-closed' },
        { clientId: 999_999, code: 'client-not-found' },
      ]);
      assert.deepEqual(await done(id), { changed: 1, unchanged: 0, refused: 2, endedWhy: 'done' });
      assert.equal((await clientOf(ctx, closed)).status, 'Closed');
    });

    test('takes all of a filter, a piece at a time, and leaves alone who came later, though the change moves them out of it', async () => {
      const filter: ListFilter = { ...bulk, status: 'Active' };
      const { count } = await rowsToExport(ctx, 'clients', filter);
      assert.ok(count > 100);
      const id = await beginBulkTask(ctx, root, { is: 'status', status: 'Inactive' }, { filter });
      const late = await ctx.transaction((tx) =>
        addClient(tx, systemActor(), profile({ firstName: 'Bulk', lastName: 'Many late', email: 'late@example.test' })),
      );
      await workOnBulkTask(ctx, id, 50);
      assert.deepEqual(await done(id), { changed: 50, unchanged: 0, refused: 0, endedWhy: undefined });
      await workOnBulkTasks(ctx, 500);
      assert.deepEqual(await done(id), { changed: count, unchanged: 0, refused: 0, endedWhy: 'done' });
      assert.equal((await clientOf(ctx, late)).status, 'Active');
      assert.deepEqual(await rowsToExport(ctx, 'clients', filter), { count: 1, exact: true });
    });

    test('is worked on by one at a time; cut off, it is taken up again when the time of the other is over', async () => {
      const ids = made.slice(20, 30);
      const id = await beginBulkTask(ctx, root, { is: 'status', status: 'Active' }, { ids });
      const leases = await Promise.all(
        Array.from({ length: 20 }, () => leaseBulkTask(ctx, id, ctx.now() + minutes(2))),
      );
      assert.equal(leases.filter((one) => one !== undefined).length, 1);
      await workOnBulkTask(ctx, id, 100);
      assert.equal((await done(id)).changed, 0);
      world.clock.turn(minutes(2));
      await Promise.all(Array.from({ length: 5 }, () => workOnBulkTask(ctx, id, 100)));
      assert.deepEqual(await done(id), { changed: 10, unchanged: 0, refused: 0, endedWhy: 'done' });
    });

    test('ends when whoever began it may no longer do it, and nobody else is changed', async () => {
      const roles = await listRoles(ctx);
      const roleId = roles.find((role) => role.permissions.includes('Close Clients'))?.id ?? 0;
      const least = roles.find((role) => !role.permissions.includes('Close Clients'))?.id ?? 0;
      const administratorId = await addAdministrator(ctx, systemActor(), {
        roleId,
        username: 'temp',
        firstName: 'T',
        lastName: 'Emp',
        email: 'temp@example.test',
        passwordHash: undefined,
      });
      const temp: StaffActor = { kind: 'administrator', administratorId, name: 'temp', ip: '' };
      const ids = made.slice(40, 100);
      const id = await beginBulkTask(ctx, temp, { is: 'close' }, { ids });
      await workOnBulkTask(ctx, id, 50);
      await changeAdministrator(ctx, systemActor(), administratorId, { roleId: least });
      await workOnBulkTask(ctx, id, 50);
      const task = await bulkTaskOf(ctx, administratorId, id);
      assert.deepEqual([task.changed, task.endedWhy], [50, 'not-allowed']);
      await assert.rejects(beginBulkTask(ctx, temp, { is: 'close' }, { ids }), { kind: 'not-allowed' });
    });

    test('can be stopped once, by whoever began it alone', async () => {
      const id = await beginBulkTask(ctx, root, { is: 'group', groupId: 0 }, { ids: made.slice(0, 5) });
      await assert.rejects(stopBulkTask(ctx, sam, id), { kind: 'not-found' });
      await assert.rejects(bulkTaskOf(ctx, sam.administratorId, id), { kind: 'not-found' });
      await stopBulkTask(ctx, root, id);
      await assert.rejects(stopBulkTask(ctx, root, id), { code: 'bulk-task-over' });
      await workOnBulkTask(ctx, id, 100);
      assert.deepEqual(await done(id), { changed: 0, unchanged: 0, refused: 0, endedWhy: 'stopped' });
    });

    test('is refused for nobody, for too many ticks, for a group that is not there, and to who may not', async () => {
      const begin = (actor: StaffActor, ids: readonly number[], group = groupId) =>
        beginBulkTask(ctx, actor, { is: 'group', groupId: group }, { ids });
      await assert.rejects(begin(root, []), { code: 'nobody-chosen' });
      const tooMany = Array.from({ length: MOST_CHOSEN + 1 }, (_, at) => at + 1);
      await assert.rejects(begin(root, tooMany), { code: 'too-many-chosen' });
      await assert.rejects(begin(root, [1], 999), { fields: { groupId: 'group-not-found' } });
      await assert.rejects(beginBulkTask(ctx, sam, { is: 'close' }, { ids: [1] }), { kind: 'not-allowed' });
    });
  });

  describe('an export', () => {
    const text = async (list: 'clients' | 'users', filter: ListFilter): Promise<string> => {
      const pieces: Uint8Array[] = [];
      for await (const piece of await exportList(ctx, root, list, filter)) pieces.push(piece);
      return Buffer.concat(pieces).toString();
    };

    test('has every row that fits, once, in the order of numbers, and a line in the log', async () => {
      const lines = (await text('clients', { ...EVERYONE, contains: 'bulk' })).trim().split('\r\n');
      const ids = lines.slice(1).map((line) => Number(/^"(\d+)"/.exec(line)?.[1]));
      assert.deepEqual(
        ids,
        [...ids].sort((a, b) => a - b),
      );
      assert.equal(new Set(ids).size, ids.length);
      assert.equal(ids.length, 131);
      assert.match(lines[0] ?? '', /^\ufeff?"id","status","first_name"/);
      const [line] = await auditLines(ctx, { event: 'list.exported' }, { limit: 1 });
      assert.deepEqual([line?.actorName, line?.description], ['root', 'The list of clients was exported']);
    });

    test('runs no formula that somebody is called', async () => {
      const exported = await text('clients', { ...EVERYONE, contains: 'bulk0@' });
      assert.match(exported, /"Bulk","'=1\+1"/);
      assert.match(exported, /"'\+44\.2079460000"/);
      assert.doesNotMatch(exported, /"[=+\-@]/);
    });

    test('of users tells how many accounts each has, and no secret', async () => {
      const exported = await text('users', EVERYONE);
      assert.match(
        exported,
        new RegExp(`"${world.cast.ada.id}","[^"]*","[^"]*","${world.cast.ada.email}","[^"]*","1"`),
      );
      assert.doesNotMatch(exported, /argon2|password/i);
    });
  });
});

// Groups of clients: what they are made of, and that none vanishes below a client.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { clientOf } from '#domain/clients/clients.ts';
import type { GroupDefinition } from '#domain/clients/groups.ts';
import { addGroup, changeGroup, groupOf, removeGroup } from '#domain/clients/groups.ts';
import type { Context } from '#src/context.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');

onBothDatabases('a client group', (database) => {
  let world: World;
  let ctx: Context;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  const group = (over: Partial<GroupDefinition> = {}): GroupDefinition => ({
    name: 'Gold',
    colour: '#FFcc00',
    discountPercent: '12,5',
    suspendExempt: true,
    separateInvoices: false,
    ...over,
  });

  test('is read by programs as it was made', async () => {
    const id = await addGroup(ctx, SYSTEM, group());
    const { body } = await world.api('GetClientGroups');
    assert.deepEqual(body['groups'], {
      group: [
        {
          id,
          groupname: 'Gold',
          groupcolour: '#ffcc00',
          discountpercent: '12.50',
          susptermexempt: 'on',
          separateinvoices: '',
        },
      ],
    });
    await changeGroup(ctx, SYSTEM, id, group({ discountPercent: '100', suspendExempt: false, separateInvoices: true }));
    assert.partialDeepStrictEqual((await world.api('GetClientGroups')).body['groups'], {
      group: [{ discountpercent: '100.00', susptermexempt: '', separateinvoices: 'on' }],
    });
    assert.equal((await groupOf(ctx, id)).discountPercent, '100.00');
    await removeGroup(ctx, SYSTEM, id);
  });

  test('is refused without a name, with one that is taken, a colour that is none, a discount out of bounds', async () => {
    const id = await addGroup(ctx, SYSTEM, group());
    const cases: readonly [Partial<GroupDefinition>, Record<string, string>][] = [
      [{ name: ' ' }, { name: 'name-missing' }],
      [{ name: 'GOLD' }, { name: 'group-name-taken' }],
      [{ name: 'x', colour: 'red' }, { colour: 'setting-not-a-colour' }],
      [{ name: 'x', colour: '#fff"><script>' }, { colour: 'setting-not-a-colour' }],
      [{ name: 'x', discountPercent: '100.01' }, { discountPercent: 'percent-invalid' }],
      [{ name: 'x', discountPercent: '-1' }, { discountPercent: 'percent-invalid' }],
    ];
    for (const [over, fields] of cases) await assert.rejects(addGroup(ctx, SYSTEM, group(over)), { fields });
    await removeGroup(ctx, SYSTEM, id);
  });

  test('that a client is in is not removed, whichever of the two comes first', async () => {
    const { clientId } = world.cast.ada;
    const id = await addGroup(ctx, SYSTEM, group());
    const [put, removed] = await Promise.allSettled([
      changeClient(ctx, SYSTEM, clientId, { groupId: id }),
      removeGroup(ctx, SYSTEM, id),
    ]);
    assert.equal([put, removed].filter((one) => one.status === 'fulfilled').length, 1);
    const { groupId } = await clientOf(ctx, clientId);
    if (groupId !== 0) {
      await assert.rejects(removeGroup(ctx, SYSTEM, id), { kind: 'conflict', code: 'group-in-use' });
      await changeClient(ctx, SYSTEM, clientId, { groupId: 0 });
      await removeGroup(ctx, SYSTEM, id);
    }
    await assert.rejects(changeClient(ctx, SYSTEM, clientId, { groupId: id }), {
      fields: { groupId: 'group-not-found' },
    });
  });
});

// Accounts that become inactive by themselves: which, when, and never by not knowing.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { applyStatusRule, UNUSED_MS } from '#domain/access/status-rule.ts';
import { systemActor } from '#domain/audit/actor.ts';
import type { ActiveItems } from '#domain/clients/active-items.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { closeClient, moveStatus } from '#domain/clients/client-status.ts';
import type { ClientStatus } from '#domain/clients/clients.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import { days } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');

onBothDatabases('the rule of statuses', (database) => {
  let world: World;
  let ctx: Context;
  before(async () => {
    world = await testWorld(database);
    ctx = world.ctx;
  });
  after(() => world.close());

  const mode = (value: string) => changeSettings(ctx, SYSTEM, { 'client-status-rule': value });
  const having = (...ids: number[]): ActiveItems => ({ name: 'test', clientsWithActive: async () => new Set(ids) });
  const statuses = async (): Promise<ClientStatus[]> => {
    const { ada, cleo, eve } = world.cast;
    const all = await Promise.all([ada, cleo, eve].map(({ clientId }) => clientOf(ctx, clientId)));
    return all.map((one) => one.status);
  };

  test('is off at first, and by items says nothing as long as nobody knows of items', async () => {
    assert.deepEqual(await applyStatusRule(ctx, [having()]), { inactive: 0, active: 0 });
    await mode('items');
    assert.deepEqual(await applyStatusRule(ctx), { inactive: 0, active: 0 });
    assert.deepEqual(await statuses(), ['Active', 'Active', 'Active']);
  });

  test('by items takes whoever has none, but for those that staff exempted, and brings back whoever has one again', async () => {
    const { ada, cleo, eve } = world.cast;
    await changeClient(ctx, SYSTEM, cleo.clientId, { overrideAutoClose: true });
    assert.deepEqual(await applyStatusRule(ctx, [having(ada.clientId), having()]), { inactive: 1, active: 0 });
    assert.deepEqual(await statuses(), ['Active', 'Active', 'Inactive']);
    assert.deepEqual(await applyStatusRule(ctx, [having(ada.clientId, eve.clientId)]), { inactive: 0, active: 1 });
    assert.deepEqual(await statuses(), ['Active', 'Active', 'Active']);
    await changeClient(ctx, SYSTEM, cleo.clientId, { overrideAutoClose: false });
  });

  test('by items and sign-in waits for three months in which nobody of the account signed in', async () => {
    const { ada, cleo } = world.cast;
    await mode('items-and-login');
    assert.deepEqual(await applyStatusRule(ctx), { inactive: 0, active: 0 }, 'they are new');
    world.clock.turn(days(10));
    await world.browser().signIn('ben@example.test'); // of ada's account
    world.clock.turn(UNUSED_MS - days(9));
    assert.deepEqual(await applyStatusRule(ctx, [having(cleo.clientId)]), { inactive: 1, active: 0 });
    assert.deepEqual(await statuses(), ['Active', 'Active', 'Inactive']);
    assert.deepEqual(
      await applyStatusRule(ctx),
      { inactive: 1, active: 0 },
      'without anybody who knows, the sign-in alone',
    );
    world.clock.turn(days(10));
    assert.deepEqual(await applyStatusRule(ctx), { inactive: 1, active: 0 });
    assert.equal((await clientOf(ctx, ada.clientId)).status, 'Inactive');
    const ben = world.browser();
    await ben.signIn('ben@example.test');
    assert.equal((await ben.get(`/account/${ada.clientId}`)).statusCode, 200, 'an inactive account can be entered');
  });

  test('attack: never opens an account that was closed meanwhile', async () => {
    const { clientId } = world.cast.ada;
    await closeClient(ctx, SYSTEM, clientId);
    assert.equal(await moveStatus(ctx, SYSTEM, clientId, 'Inactive', 'Active'), false);
    await applyStatusRule(ctx, [having(clientId)]);
    const client = await clientOf(ctx, clientId);
    assert.deepEqual([client.status, client.closedAt], ['Closed', world.clock.now()]);
  });
});

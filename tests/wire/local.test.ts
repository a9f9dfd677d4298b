// The same actions in this process, for modules and hooks.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { localApi } from '#api/local.ts';
import { changeAdministrator } from '#domain/administrators/administrators.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import { call, credentialOf } from '#tests/wire/wire.ts';
import { onBothDatabases, PASSWORD, testWorld, type World } from '#tests/world.ts';

onBothDatabases('localApi', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database, { environment: { DOORWARD_URL: 'https://my.example.test' } });
  });
  after(() => world.close());

  test('answers what the wire answers, without an address, a credential or a response type', async () => {
    const { ctx } = world;
    const key = await credentialOf(world, { addresses: ['127.0.0.1'] });
    for (const action of ['WhmcsDetails', 'GetAdminDetails', 'GetAdminUsers', 'GetInvoices', 'Nonsense']) {
      const local = JSON.parse(JSON.stringify(await localApi(ctx, action)));
      assert.deepEqual(local, (await call(world, key, action)).body, action);
    }
  });

  test('acts as the first active full administrator, or as the one who is named by id or user name', async () => {
    const { ctx, cast } = world;
    const who = async (administrator?: number | string) =>
      (await localApi(ctx, 'getadmindetails', {}, administrator)).adminid;
    assert.equal(await who(), cast.root.id);
    assert.equal(await who(cast.sam.id), cast.sam.id);
    assert.equal(await who('SAM'), cast.sam.id);
  });

  test('nobody acts as an administrator who is not there or disabled', async () => {
    const { ctx, cast } = world;
    for (const nobody of ['nobody', 4711])
      assert.deepEqual(await localApi(ctx, 'WhmcsDetails', {}, nobody), {
        result: 'error',
        message: 'Admin ID Not Found',
      });
    await changeAdministrator(ctx, systemActor('Test'), cast.sam.id, { disabled: true });
    assert.equal((await localApi(ctx, 'WhmcsDetails', {}, 'sam')).message, 'Administrator Account Disabled');
  });

  test('SetConfigurationValue changes the settings of its list, and says whether anything changed', async () => {
    const { ctx } = world;
    const set = (setting: string, value?: string) => localApi(ctx, 'SetConfigurationValue', { setting, value });
    assert.deepEqual(await set('CompanyName', 'Örtliche Host'), { result: 'success', value_changed: true });
    assert.deepEqual(await set('companyname', 'Örtliche Host'), { result: 'success', value_changed: false });
    assert.equal((await localApi(ctx, 'GetConfigurationValue', { setting: 'CompanyName' })).value, 'Örtliche Host');
    const [line] = await auditLines(ctx, { event: 'settings.changed' }, { limit: 1 });
    assert.equal(line?.actorName, 'root');
  });

  test('SetConfigurationValue: its documented errors, and the sentence of the settings page for a bad value', async () => {
    const { ctx } = world;
    const errorOf = async (values: Record<string, string>) =>
      (await localApi(ctx, 'SetConfigurationValue', values)).message;
    assert.equal(await errorOf({}), 'Parameter setting is required');
    assert.equal(await errorOf({ setting: 'CompanyName' }), 'Parameter value is required');
    assert.equal(await errorOf({ setting: 'Version', value: 'x' }), 'Invalid name for parameter setting');
    assert.equal(await errorOf({ setting: 'api-allowed-addresses', value: 'x' }), 'Invalid name for parameter setting');
    assert.match(String(await errorOf({ setting: 'Email', value: 'no address' })), /e-mail address/);
    assert.match(String(await errorOf({ setting: 'SystemURL', value: 'https://x.example' })), /DOORWARD_URL/);
  });

  test('takes booleans, numbers, null and nested values for what PHP would make of them', async () => {
    const { ctx, cast } = world;
    const clientid = cast.ada.clientId;
    assert.equal((await localApi(ctx, 'LogActivity', { description: 4711, clientid })).result, 'success');
    const log = await localApi(ctx, 'GetActivityLog', { limitnum: 1, user: null, clientid, description: undefined });
    assert.equal((log.activity as { entry: { description: string }[] }).entry[0]?.description, '4711');
    const admins = async (include_disabled: boolean) =>
      (await localApi(ctx, 'GetAdminUsers', { include_disabled })).count;
    assert.deepEqual([await admins(true), await admins(false)], [2, 1]);
    const list = await localApi(ctx, 'LogActivity', { description: ['a', { b: true }] });
    assert.deepEqual(list, { result: 'error', message: 'The parameter "description" must be a single value' });
  });

  test('what no request could hold is an error answer, never a throw', async () => {
    const { ctx } = world;
    const ring: Record<string, unknown> = {};
    ring.ring = ring;
    const odd = [Number.NaN, new Date(0), ring, () => 1, Symbol('x'), new Map()] as never[];
    for (const description of odd) assert.equal((await localApi(ctx, 'LogActivity', { description })).result, 'error');
    const polluted = JSON.parse('{"description":"x","__proto__":{"polluted":1}}');
    assert.equal((await localApi(ctx, 'LogActivity', polluted)).result, 'success');
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
  });

  test("ValidateLogin's session belongs to the visitor on whose behalf it is asked", async () => {
    const { ctx, cast } = world;
    const visitor = { ip: '203.0.113.77', userAgent: 'A browser' };
    const values = { email: 'ada@example.test', password2: PASSWORD };
    const answer = await localApi(ctx, 'ValidateLogin', values, undefined, visitor);
    assert.equal(answer.result, 'success');
    const [session] = await sessionsOf(ctx, { userId: cast.ada.id });
    assert.deepEqual([session?.ip, session?.userAgent], ['203.0.113.77', 'A browser']);
    assert.equal((await localApi(ctx, 'ValidateLogin', { ...values, password2: 'wrong' })).result, 'error');
  });

  test('works inside a transaction, and is undone with it', async () => {
    const { ctx } = world;
    const undone = ctx.transaction(async (tx) => {
      assert.equal((await localApi(tx, 'LogActivity', { description: 'never' })).result, 'success');
      throw new Error('undo');
    });
    await assert.rejects(undone, /undo/);
    const log = await localApi(ctx, 'GetActivityLog', { description: 'never' });
    assert.equal(log.totalresults, 0);
  });
});

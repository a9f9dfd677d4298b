// Who is let in, in which order it is asked, and the exact words and statuses of refusals.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { changeAdministrator } from '#domain/administrators/administrators.ts';
import { removeApiRole } from '#domain/administrators/api-credentials.ts';
import { addRole, changeRole } from '#domain/administrators/roles.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { banAddress } from '#domain/guard/bans.ts';
import { hours, minutes } from '#kit/duration.ts';
import { md5Hex } from '#kit/secret.ts';
import { type Credential, call, credentialOf, send, set } from '#tests/wire/wire.ts';
import { onBothDatabases, testWorld, type World } from '#tests/world.ts';

const operator = systemActor('Test');
const WRONG: Credential = { identifier: 'x'.repeat(32), secret: 'y'.repeat(32) };
const ACCESS_KEY = 'Let-me.in_[7]';

onBothDatabases('the address', (database) => {
  let world: World;
  let key: Credential;

  before(async () => {
    world = await testWorld(database, {
      environment: { DOORWARD_URL: 'https://my.example.test', DOORWARD_API_ACCESS_KEY: ACCESS_KEY },
    });
    key = await credentialOf(world);
    await set(world, { 'api-allowed-addresses': '203.0.113.7 # billing\n198.51.100.0/24\n2001:db8:7::/48' });
  });
  after(() => world.close());

  const from = async (ip: string, credential = key, more: Record<string, string> = {}) =>
    call(world, credential, 'WhmcsDetails', more, ip);

  test('one of the list and one of a listed range may call, IPv6 and IPv4 in IPv6 too', async () => {
    for (const ip of ['203.0.113.7', '198.51.100.200', '2001:db8:7::1', '::ffff:203.0.113.7'])
      assert.equal((await from(ip)).status, 200, ip);
  });

  test('any other is refused by `Invalid IP <address>` with 403, whether the credential is right or not', async () => {
    for (const credential of [key, WRONG]) {
      const { status, body } = await from('203.0.113.8', credential);
      assert.equal(status, 403);
      assert.deepEqual(body, { result: 'error', message: 'Invalid IP 203.0.113.8' });
    }
    assert.equal((await from('2001:db8:8::1')).body.message, 'Invalid IP 2001:db8:8::1');
  });

  test('the address comes before the credential: from a listed one the same call hears of the credential', async () => {
    assert.equal((await from('203.0.113.7', WRONG)).body.message, 'Invalid or missing credentials');
  });

  test('loopback is not listed while the public address is not loopback', async () => {
    for (const ip of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) assert.equal((await from(ip)).status, 403, ip);
  });

  test('the right access key lifts the list, in the body or the query, and is no credential', async () => {
    assert.equal((await from('192.0.2.9', key, { accesskey: ACCESS_KEY })).status, 200);
    const fields = { ...key, action: 'WhmcsDetails', responsetype: 'json' };
    assert.equal((await send(world, { query: { accesskey: ACCESS_KEY }, fields, ip: '192.0.2.9' })).statusCode, 200);
    const alone = await from('192.0.2.9', WRONG, { accesskey: ACCESS_KEY });
    assert.equal(alone.body.message, 'Invalid or missing credentials');
  });

  test('a wrong access key changes nothing, from a listed address or another', async () => {
    assert.equal((await from('203.0.113.7', key, { accesskey: 'wrong' })).status, 200);
    for (const accesskey of ['wrong', `${ACCESS_KEY}x`, ACCESS_KEY.toLowerCase()])
      assert.equal((await from('192.0.2.9', key, { accesskey })).body.message, 'Invalid IP 192.0.2.9');
  });

  describe('a credential with addresses of its own', () => {
    let own: Credential;
    before(async () => {
      own = await credentialOf(world, { addresses: ['192.0.2.64/28'] });
    });

    test('is used from there, listed by the installation or not', async () => {
      assert.equal((await from('192.0.2.65', own)).status, 200);
    });

    test('is used from nowhere else: neither the list nor the access key widens it', async () => {
      assert.equal((await from('203.0.113.7', own)).body.message, 'Invalid IP 203.0.113.7');
      const keyed = await from('192.0.2.9', own, { accesskey: ACCESS_KEY });
      assert.equal(keyed.body.message, 'Invalid IP 192.0.2.9');
    });

    test('tells nobody without its secret that it exists: from its own addresses too a wrong one hears of the address', async () => {
      const guessed = await from('192.0.2.65', { identifier: own.identifier, secret: WRONG.secret });
      const unknown = await from('192.0.2.65', WRONG);
      assert.deepEqual(guessed.body, unknown.body);
      assert.equal(guessed.body.message, 'Invalid IP 192.0.2.65');
    });
  });

  test('a banned address is refused in words that programs read, access key or not', async () => {
    await banAddress(world.ctx, operator, {
      range: '198.51.100.66',
      reason: 'test',
      source: 'test',
      expiresAt: undefined,
    });
    const { status, body } = await from('198.51.100.66', key, { accesskey: ACCESS_KEY });
    assert.equal(status, 403);
    assert.deepEqual(body, { result: 'error', message: 'Invalid IP 198.51.100.66' });
  });
});

onBothDatabases('loopback', (database) => {
  test('counts as listed while the public address is loopback, in all its spellings', async () => {
    const world = await testWorld(database);
    const key = await credentialOf(world);
    for (const ip of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])
      assert.equal((await call(world, key, 'WhmcsDetails', {}, ip)).status, 200, ip);
    assert.equal((await call(world, key, 'WhmcsDetails', {}, '192.0.2.1')).status, 403);
    await set(world, { 'public-url': 'https://my.example.test' });
    assert.equal((await call(world, key, 'WhmcsDetails')).status, 403);
    await world.close();
  });
});

onBothDatabases('the credential and its administrator', (database) => {
  let world: World;
  before(async () => {
    world = await testWorld(database);
  });
  after(() => world.close());

  const says = async (credential: Credential, action = 'WhmcsDetails') => {
    const { status, body } = await call(world, credential, action);
    return [status, body.message ?? body.result];
  };

  test('none, an unknown one and a wrong secret read the same', async () => {
    const key = await credentialOf(world);
    const refusal = [403, 'Invalid or missing credentials'];
    assert.deepEqual(await says({ identifier: '', secret: '' }), refusal);
    assert.deepEqual(await says(WRONG), refusal);
    assert.deepEqual(await says({ ...key, secret: WRONG.secret }), refusal);
    assert.deepEqual(await says({ ...key, identifier: key.identifier.toLowerCase() }), refusal);
  });

  test('under the old names a wrong pair reads `Authentication Failed`, known or not', async () => {
    const key = await credentialOf(world);
    for (const username of [key.identifier, WRONG.identifier]) {
      const fields = { username, password: WRONG.secret, action: 'WhmcsDetails', responsetype: 'json' };
      const answer = await send(world, { fields });
      assert.equal(answer.statusCode, 403);
      assert.deepEqual(answer.json(), { result: 'error', message: 'Authentication Failed' });
    }
  });

  test('an access key and a user name without a password authenticate nobody', async () => {
    const fields = { username: 'root', accesskey: 'x', action: 'WhmcsDetails', responsetype: 'json' };
    assert.equal((await send(world, { fields })).statusCode, 403);
  });

  test('one that has ended is refused from that instant on', async () => {
    const key = await credentialOf(world, { expiresAt: world.clock.now() + hours(1) });
    assert.deepEqual(await says(key), [200, 'success']);
    world.clock.turn(hours(1));
    assert.deepEqual(await says(key), [403, 'Invalid or missing credentials']);
  });

  test('one whose last role was deleted is refused', async () => {
    const key = await credentialOf(world, { actions: ['whmcsdetails'] });
    assert.deepEqual(await says(key), [200, 'success']);
    await removeApiRole(world.ctx, operator, key.roleId ?? 0);
    assert.deepEqual(await says(key), [403, 'Invalid or missing credentials']);
  });

  test('of a disabled administrator: `Administrator Account Disabled`', async () => {
    const key = await credentialOf(world, { administratorId: world.cast.sam.id });
    await changeAdministrator(world.ctx, operator, world.cast.sam.id, { disabled: true });
    assert.deepEqual(await says(key), [403, 'Administrator Account Disabled']);
    await changeAdministrator(world.ctx, operator, world.cast.sam.id, { disabled: false });
  });

  test('of an administrator whose role lacks API Access: `Access Denied`, until the role is given it', async () => {
    const permissions = ['Main Homepage', 'List Clients'];
    const roleId = await addRole(world.ctx, operator, { name: 'Readers', permissions });
    await changeAdministrator(world.ctx, operator, world.cast.sam.id, { roleId });
    const key = await credentialOf(world, { administratorId: world.cast.sam.id });
    assert.deepEqual(await says(key), [403, 'Access Denied']);
    const more = { name: 'Readers', permissions: [...permissions, 'API Access'] };
    await changeRole(world.ctx, operator, roleId, more);
    assert.deepEqual(await says(key), [200, 'success']);
  });

  test('with API roles it may call what any of them allows, in any case of letters, and is told what not', async () => {
    const key = await credentialOf(world, { actions: ['WhmcsDetails', 'GetInvoices'] });
    assert.deepEqual(await says(key, 'whmcsDETAILS'), [200, 'success']);
    const refusal = 'Invalid Permissions: API action "getclients" is not allowed';
    assert.deepEqual(await says(key, 'GetClients'), [403, refusal]);
  });

  test('an action that WHMCS documents and that is not here yet: `API Function Not Found`', async () => {
    const answer = await call(world, await credentialOf(world), 'getinvoices');
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.body, {
      result: 'error',
      message: 'API Function Not Found',
      detail: 'GetInvoices is not available here yet.',
    });
  });

  test('an action that nobody documents, and which ones there are, is told only to whom a credential lets call it', async () => {
    const everything = await credentialOf(world);
    const narrow = await credentialOf(world, { actions: ['whmcsdetails'] });
    const unknown = 'Invalid API Action: "MakeCoffee" is not a valid API action';
    assert.deepEqual(await says(everything, 'MakeCoffee'), [200, unknown]);
    for (const action of ['MakeCoffee', 'GetInvoices', 'GetClients', 'SetConfigurationValue']) {
      const refusal = `Invalid Permissions: API action "${action.toLowerCase()}" is not allowed`;
      assert.deepEqual(await says(narrow, action), [403, refusal]);
      assert.deepEqual(await says(WRONG, action), [403, 'Invalid or missing credentials']);
    }
  });

  test('no action: 400 `Empty action request`, once the credential is proven', async () => {
    assert.deepEqual(await says(await credentialOf(world), ''), [400, 'Empty action request']);
    assert.deepEqual(await says(WRONG, ''), [403, 'Invalid or missing credentials']);
  });

  test('GET and other methods are refused with 405 in the form of the wire, and never redirected', async () => {
    const key = await credentialOf(world);
    const query = { identifier: key.identifier, secret: key.secret, action: 'WhmcsDetails' };
    for (const method of ['GET', 'PUT'] as const) {
      const answer = await send(world, { method, query });
      assert.equal(answer.statusCode, 405);
      assert.equal(answer.headers.allow, 'POST');
      assert.equal(answer.json().result, 'error');
      assert.match(answer.json().message, /POST/);
    }
    assert.equal((await send(world, { method: 'HEAD' })).body, '');
  });

  test('a use is noted on the credential, and each authentication in the log when the setting is on', async () => {
    const key = await credentialOf(world);
    const events = async () => (await auditLines(world.ctx, { event: 'api.authentication' }, { limit: 50 })).length;
    await says(key);
    assert.equal(await events(), 0);
    await set(world, { 'log-api-authentication': 'on' });
    await says(key);
    await says(key);
    assert.equal(await events(), 2);
    await set(world, { 'log-api-authentication': '' });
  });

  test('refusals of a right credential are logged with the reason, once in a quarter of an hour', async () => {
    const key = await credentialOf(world, { expiresAt: world.clock.now() + 1 });
    world.clock.turn(minutes(20));
    const before = (await refusals()).length;
    for (let n = 0; n < 5; n += 1) await says(key);
    const lines = await refusals();
    assert.equal(lines.length - before, 1);
    assert.match(lines[0]?.description ?? '', /the credential has ended/);
  });

  const refusals = () => auditLines(world.ctx, { event: 'api.authentication.failed' }, { limit: 500 });

  test("an administrator's own name and MD5 of the password: a sentence says what to use instead", async () => {
    const password = md5Hex('correct horse battery staple');
    const fields = { username: 'root', password, action: 'WhmcsDetails', responsetype: 'json' };
    const answer = await send(world, { fields });
    assert.equal(answer.statusCode, 403);
    assert.match(answer.json().message, /^Authentication Failed: .*API credential.*identifier and secret/);
  });
});

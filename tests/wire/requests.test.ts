// Requests as real clients of twenty years send them, and what they parse. Each test names the fact that it checks.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { XMLParser } from 'fast-xml-parser';
import { md5Hex } from '#kit/secret.ts';
import { API, type Credential, credentialOf, multipart, send } from '#tests/wire/wire.ts';
import { onBothDatabases, PASSWORD, testWorld, type World } from '#tests/world.ts';

onBothDatabases('requests of real clients', (database) => {
  let world: World;
  let key: Credential;

  before(async () => {
    world = await testWorld(database);
    key = await credentialOf(world);
  });
  after(() => world.close());

  const details = (): Record<string, string> => ({ action: 'GetAdminDetails', responsetype: 'json', ...key });
  const isRoot = (body: string): void => {
    const answer = JSON.parse(body);
    assert.equal(answer.result, 'success');
    assert.equal(answer.adminid, world.cast.root.id);
  };
  const pair = (): { username: string; password: string } => ({ username: key.identifier, password: key.secret });

  describe('how the parameters travel', () => {
    test('urlencoded body, as PHP curl and http_build_query send it', async () => {
      isRoot((await send(world, { fields: details() })).body);
    });

    test('multipart body, as the Go client sends it', async () => {
      isRoot((await send(world, multipart(details()))).body);
    });

    test('everything in the query of a POST without a body or a content type', async () => {
      isRoot((await send(world, { query: details(), contentType: undefined })).body);
    });

    test('the access key in the query and the rest in the body are merged', async () => {
      isRoot((await send(world, { query: { accesskey: 'whatever' }, fields: details() })).body);
    });

    test('where query and body name the same parameter the body stands', async () => {
      isRoot((await send(world, { query: { action: 'Nonsense' }, fields: details() })).body);
    });

    test('no content type, or one that is none, and a form in the body', async () => {
      const body = new URLSearchParams(details()).toString();
      isRoot((await send(world, { body, contentType: undefined })).body);
      isRoot((await send(world, { body, contentType: 'form' })).body);
      isRoot((await send(world, { body, contentType: 'text/plain' })).body);
    });

    test('a content type with a charset', async () => {
      const contentType = 'application/x-www-form-urlencoded; charset=UTF-8';
      isRoot((await send(world, { fields: details(), contentType })).body);
    });

    test('a base address that ends in a slash', async () => {
      isRoot((await send(world, { fields: details(), path: `/${API}` })).body);
      isRoot((await send(world, { fields: details(), path: `${API}/` })).body);
    });

    test('of a key repeated without brackets the last one counts', async () => {
      isRoot((await send(world, { body: `action=Nonsense&${new URLSearchParams(details())}` })).body);
    });

    test('parameters that an action does not list are ignored', async () => {
      const extra = { limitnum: '10000', stats: 'true', constructor: 'x', 'customfields[1]': 'y' };
      isRoot((await send(world, { fields: { ...details(), ...extra } })).body);
    });

    test('the action in CamelCase, lowerCamel, lower case and with spaces around it', async () => {
      for (const action of ['GetAdminDetails', 'getAdminDetails', 'getadmindetails', ' GETADMINDETAILS '])
        isRoot((await send(world, { fields: { ...details(), action } })).body);
    });
  });

  describe('how a credential is shown', () => {
    const asked = { action: 'GetAdminDetails', responsetype: 'json' };

    test('identifier and secret', async () => {
      isRoot((await send(world, { fields: { ...asked, ...key } })).body);
    });

    test('the same pair as username and password', async () => {
      isRoot((await send(world, { fields: { ...asked, ...pair() } })).body);
    });

    test('the secret as its MD5, by clients that hash whatever password they are given, in either case of letters', async () => {
      const md5 = md5Hex(key.secret);
      isRoot((await send(world, { fields: { ...asked, ...pair(), password: md5 } })).body);
      isRoot((await send(world, { fields: { ...asked, ...pair(), password: md5.toUpperCase() } })).body);
      isRoot((await send(world, { fields: { ...asked, identifier: key.identifier, secret: md5 } })).body);
    });

    test('all five fields, the unused ones empty', async () => {
      const unused = { username: '', password: '', accesskey: '' };
      isRoot((await send(world, { fields: { ...asked, ...key, ...unused } })).body);
      isRoot((await send(world, { fields: { ...asked, ...pair(), identifier: '', secret: '', accesskey: '' } })).body);
    });

    test('with both pairs filled, identifier and secret decide', async () => {
      const other = { username: 'nobody', password: 'nothing' };
      isRoot((await send(world, { fields: { ...asked, ...key, ...other } })).body);
      const wrong = await send(world, { fields: { ...asked, ...pair(), identifier: 'x', secret: 'y' } });
      assert.equal(wrong.statusCode, 403);
    });

    test('half of one pair does not stand in the way of the other', async () => {
      isRoot((await send(world, { fields: { ...asked, ...pair(), identifier: 'x', secret: '' } })).body);
    });
  });

  describe('what is parsed', () => {
    test('json begins with a brace, is compact, and its type begins with application/json', async () => {
      const answer = await send(world, { fields: { ...details(), action: 'WhmcsDetails' } });
      assert.match(answer.headers['content-type'] as string, /^application\/json/);
      assert.equal(
        answer.body,
        '{"result":"success","whmcs":{"version":"8.13.0","canonicalversion":"8.13.0-release.1"}}',
      );
    });

    test('json is ASCII, with slashes escaped', async () => {
      const fields = { ...details(), action: 'LogActivity', description: 'grüße/☃ 😀' };
      assert.equal((await send(world, { fields })).json().result, 'success');
      const log = await send(world, { fields: { ...details(), action: 'GetActivityLog', limitnum: '1' } });
      assert.ok(log.body.includes('gr\\u00fc\\u00dfe\\/\\u2603 \\ud83d\\ude00'));
      assert.equal(log.json().activity.entry[0].description, 'grüße/☃ 😀');
    });

    test('xml: root whmcsapi, the action in lower case, result, lists as repeated children', async () => {
      const fields = { ...details(), action: 'GetActivityLog', limitnum: '2', responsetype: 'xml' };
      const answer = await send(world, { fields });
      assert.match(answer.headers['content-type'] as string, /application\/xml/);
      assert.ok(answer.body.startsWith('<?xml version'));
      const { whmcsapi } = new XMLParser().parse(answer.body);
      assert.equal(whmcsapi.action, 'getactivitylog');
      assert.equal(whmcsapi.result, 'success');
      assert.equal(whmcsapi.activity.entry.length, 2);
    });

    test('nvp when asked for, and when no type is asked for', async () => {
      for (const responsetype of ['nvp', '']) {
        const fields = { ...details(), action: 'EncryptPassword', password2: 'x', responsetype };
        const { body } = await send(world, { fields });
        assert.match(body, /^result=success;password=[\w-]+;$/);
      }
    });

    test('a refusal is written in the type that was asked for', async () => {
      const fields = { action: 'GetClients', identifier: 'x', secret: 'y' };
      const message = 'Invalid or missing credentials';
      const xml = await send(world, { fields: { ...fields, responsetype: 'xml' } });
      assert.ok(xml.body.includes(`<result>error</result><message>${message}</message>`));
      const nvp = await send(world, { fields });
      assert.equal(nvp.body, `result=error;message=${message};`);
      const json = await send(world, { fields: { ...fields, responsetype: 'JSON' } });
      assert.deepEqual(json.json(), { result: 'error', message });
    });

    test('never kept by a cache, never guessed to be a page', async () => {
      const { headers } = await send(world, { fields: details() });
      assert.equal(headers['cache-control'], 'no-store');
      assert.equal(headers['x-content-type-options'], 'nosniff');
    });

    test('no answer sets a cookie', async () => {
      const fields = { ...details(), action: 'ValidateLogin', email: 'ada@example.test', password2: PASSWORD };
      const answer = await send(world, { fields });
      assert.equal(answer.json().result, 'success');
      assert.equal(answer.headers['set-cookie'], undefined);
    });
  });

  test('a call with a credential costs one statement before its action', async () => {
    await send(world, { fields: { ...details(), action: 'WhmcsDetails' } });
    const before = world.ctx.statementCount();
    await send(world, { fields: { ...details(), action: 'WhmcsDetails' } });
    assert.equal(world.ctx.statementCount() - before, 1);
  });
});

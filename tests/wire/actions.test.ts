// The actions of the groups System and Authentication: names, types, texts and defaults as documented, and what they do.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { changeAdministrator } from '#domain/administrators/administrators.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import { closeClient } from '#domain/clients/client-status.ts';
import { insertDuo } from '#domain/credentials/duo.table.ts';
import { banOf } from '#domain/guard/bans.ts';
import { takeHandover } from '#domain/sessions/opening.ts';
import { checkUserSession } from '#domain/sessions/signed-in.ts';
import { redeemSsoToken } from '#domain/sso/sso.ts';
import { days, minutes, seconds } from '#kit/duration.ts';
import { giveApp } from '#tests/factors.ts';
import { type Credential, call, credentialOf, set } from '#tests/wire/wire.ts';
import { onBothDatabases, PASSWORD, testWorld, type World } from '#tests/world.ts';

const operator = systemActor('Test');

onBothDatabases('actions', (database) => {
  let world: World;
  let key: Credential;

  before(async () => {
    world = await testWorld(database);
    key = await credentialOf(world);
  });
  after(() => world.close());

  const ask = async (action: string, values: Record<string, string> = {}) =>
    (await call(world, key, action, values)).body;
  const errorOf = async (action: string, values: Record<string, string> = {}) => {
    const answer = await call(world, key, action, values);
    assert.equal(answer.status, 200);
    assert.equal(answer.body.result, 'error');
    return answer.body.message;
  };

  describe('ValidateLogin', () => {
    const ada = () => ({ email: 'ada@example.test', password2: PASSWORD });

    test('answers userid as a number, passwordhash, and twoFactorEnabled as a boolean', async () => {
      const { passwordhash, ...rest } = await ask('ValidateLogin', ada());
      assert.deepEqual(rest, { result: 'success', userid: world.cast.ada.id, twoFactorEnabled: false });
      assert.match(String(passwordhash), /^[\w-]{43}$/);
    });

    test('the address in any case, and the password exactly', async () => {
      assert.equal((await ask('ValidateLogin', { ...ada(), email: ' ADA@Example.test ' })).result, 'success');
      assert.equal(
        await errorOf('ValidateLogin', { ...ada(), password2: ` ${PASSWORD}` }),
        'Email or Password Invalid',
      );
    });

    test('passwordhash is the token of a real session, as the cookie of a browser', async () => {
      const { passwordhash } = await ask('ValidateLogin', ada());
      const checked = await checkUserSession(world.ctx, String(passwordhash));
      assert.ok('who' in checked && checked.who.userId === world.cast.ada.id);
      const home = await world.app.inject({ url: '/', cookies: { 'doorward-session': String(passwordhash) } });
      assert.ok(!String(home.headers.location).startsWith('/login'));
    });

    test('the session may be moved into a browser once, within 60 seconds', async () => {
      const { passwordhash } = await ask('ValidateLogin', ada());
      world.clock.turn(seconds(59));
      const take = () => world.ctx.transaction((tx) => takeHandover(tx, String(passwordhash)));
      const taken = await Promise.all([take(), take(), take()]);
      assert.equal(taken.filter((one) => one?.userId === world.cast.ada.id).length, 1);
      const late = await ask('ValidateLogin', ada());
      world.clock.turn(seconds(60));
      assert.equal(await world.ctx.transaction((tx) => takeHandover(tx, String(late.passwordhash))), undefined);
    });

    test('writes the same audit line as the sign-in page, with the address of the program', async () => {
      await ask('ValidateLogin', ada());
      const [line] = await auditLines(world.ctx, { event: 'user.login.success' }, { limit: 1 });
      assert.equal(line?.userId, world.cast.ada.id);
      assert.equal(line?.ip, '127.0.0.1');
    });

    test('too many sign-ins at once: 503 with Retry-After, and no wrong word about the password', async () => {
      const { passwords } = world.ctx;
      const { Problem } = await import('#kit/problem.ts');
      const busy = {
        ...passwords,
        check: () => Promise.reject(new Problem('unavailable', 'too-busy', { retryAfterSeconds: 3 })),
      };
      Object.assign(world.ctx, { passwords: busy });
      const answer = await call(world, key, 'ValidateLogin', ada());
      Object.assign(world.ctx, { passwords });
      assert.equal(answer.status, 503);
      assert.equal(answer.headers['retry-after'], '3');
      assert.equal(answer.body.result, 'error');
    });
  });

  describe('CreateSsoToken', () => {
    const id = (n: number): string => String(n);

    test('a token of 40 hex digits, and the address that redeems it, once', async () => {
      const made = await ask('CreateSsoToken', { client_id: id(world.cast.ada.clientId) });
      assert.match(String(made.access_token), /^[0-9a-f]{40}$/);
      assert.equal(made.redirect_url, `http://localhost:8080/oauth/singlesignon.php?access_token=${made.access_token}`);
      const redeem = () => redeemSsoToken(world.ctx, String(made.access_token), { ip: '192.0.2.1', userAgent: 'x' });
      const answers = await Promise.all([redeem(), redeem(), redeem()]);
      const let_in = answers.flatMap((one) => ('session' in one ? [one] : []));
      assert.equal(let_in.length, 1);
      assert.deepEqual(let_in[0]?.session.person, { kind: 'user', userId: world.cast.ada.id }); // the owner, by default
      assert.equal(let_in[0]?.target, `/account/${world.cast.ada.clientId}`);
    });

    test('for a member of the client, and for a user alone', async () => {
      const { ada, ben } = world.cast;
      const both = await ask('CreateSsoToken', { client_id: id(ada.clientId), user_id: id(ben.id) });
      assert.equal(both.result, 'success');
      assert.equal((await ask('CreateSsoToken', { user_id: id(ben.id), client_id: '' })).result, 'success');
      assert.equal((await ask('CreateSsoToken', { user_id: id(ben.id), client_id: '0' })).result, 'success');
    });

    test('the documented refusals', async () => {
      const { ada, eve } = world.cast;
      const client_id = id(ada.clientId);
      const refusals: [Record<string, string>, string][] = [
        [{}, 'A valid client_id or user_id is required'],
        [{ client_id: '4711' }, 'Invalid client_id'],
        [{ client_id: 'abc' }, 'Invalid client_id'],
        [{ user_id: '4711' }, 'Invalid user_id'],
        [{ user_id: '-1' }, 'Invalid user_id'],
        [{ client_id, user_id: id(eve.id) }, 'Invalid user_id for client'],
        [{ client_id, destination: 'clientarea:nowhere' }, 'Invalid destination'],
        [{ client_id, destination: 'clientarea:invoices' }, 'Invalid destination'],
        [{ client_id, destination: 'sso:custom_redirect' }, 'Invalid destination'],
        [{ client_id, destination: 'sso:custom_redirect', sso_redirect_path: '//evil.example' }, 'Invalid destination'],
        [{ client_id, destination: 'clientarea:product_details', service_id: 'x' }, 'Invalid destination'],
      ];
      for (const [values, message] of refusals) assert.equal(await errorOf('CreateSsoToken', values), message);
    });

    test('a client who switched it off, and a closed one', async () => {
      const { eve, cleo } = world.cast;
      await changeClient(world.ctx, operator, eve.clientId, { allowSso: false });
      const blocked = await errorOf('CreateSsoToken', { client_id: id(eve.clientId) });
      assert.equal(blocked, `SSO authentication blocked for client ${eve.clientId}`);
      await closeClient(world.ctx, operator, cleo.clientId);
      assert.equal(await errorOf('CreateSsoToken', { client_id: id(cleo.clientId) }), 'Invalid client_id');
    });

    test('a path inside our own origin, with and without its first slash', async () => {
      for (const sso_redirect_path of ['/account/1/details?a=b', 'account/1/details'])
        assert.equal(
          (
            await ask('CreateSsoToken', {
              client_id: id(world.cast.ada.clientId),
              destination: 'sso:custom_redirect',
              sso_redirect_path,
            })
          ).result,
          'success',
        );
    });
  });

  describe('GetAdminDetails and GetAdminUsers', () => {
    test('GetAdminDetails describes who is behind the credential', async () => {
      const answer = await ask('GetAdminDetails');
      assert.equal(answer.adminid, world.cast.root.id);
      assert.equal(answer.name, 'root Staff');
      assert.match(String(answer.requesttime), /^2026-06-01 \d\d:\d\d:\d\d$/);
      assert.ok(String(answer.allowedpermissions).split(',').includes('API Access'));
      assert.deepEqual(answer.whmcs, { version: '8.13.0', canonicalversion: '8.13.0-release.1' });
      assert.equal(answer.departments, '');
    });

    test('GetAdminUsers lists them without the disabled, filters by role and part of the address', async () => {
      const usernames = async (values: Record<string, string> = {}) => {
        const { count, admin_users } = await ask('GetAdminUsers', values);
        const users = admin_users as { username: string }[];
        assert.equal(count, users.length);
        return users.map((one) => one.username);
      };
      assert.deepEqual(await usernames(), ['root', 'sam']);
      assert.deepEqual(await usernames({ email: 'SAM@' }), ['sam']);
      assert.deepEqual(await usernames({ email: 'nobody' }), []);
      const [sam] = (await ask('GetAdminUsers', { email: 'sam@' })).admin_users as { roleId: number }[];
      assert.deepEqual(await usernames({ roleid: String(sam?.roleId) }), ['sam']);
      assert.deepEqual(await usernames({ roleid: '0' }), ['root', 'sam']); // as typed clients say none
      await changeAdministrator(world.ctx, operator, world.cast.sam.id, { disabled: true });
      assert.deepEqual(await usernames(), ['root']);
      assert.deepEqual(await usernames({ include_disabled: 'true' }), ['root', 'sam']);
      await changeAdministrator(world.ctx, operator, world.cast.sam.id, { disabled: false });
    });

    test('UpdateAdminNotes keeps the notes of who is behind the credential, line by line, and nobody else’s', async () => {
      assert.deepEqual(await ask('UpdateAdminNotes', { notes: 'Call the bank\r\n<b>today</b> ' }), {
        result: 'success',
      });
      assert.equal((await ask('GetAdminDetails')).notes, 'Call the bank\n<b>today</b>');
      const { admin_users } = await ask('GetAdminUsers');
      assert.deepEqual(
        (admin_users as Record<string, unknown>[]).map((one) => one.notes),
        ['Call the bank\n<b>today</b>', ''],
      );
      assert.equal(await errorOf('UpdateAdminNotes'), 'Parameter notes is required');
      assert.equal(await errorOf('UpdateAdminNotes', { notes: 'x'.repeat(10_001) }), 'This is too long.');
      await ask('UpdateAdminNotes', { notes: '' });
      assert.equal((await ask('GetAdminDetails')).notes, '');
    });

    test('an administrator has the documented fields, with their types', async () => {
      const [root] = (await ask('GetAdminUsers')).admin_users as Record<string, unknown>[];
      const types = Object.fromEntries(Object.entries(root ?? {}).map(([name, value]) => [name, typeof value]));
      assert.deepEqual(types, {
        id: 'number',
        uuid: 'string',
        roleId: 'number',
        username: 'string',
        twoFactorAuthModule: 'string',
        firstname: 'string',
        lastname: 'string',
        email: 'string',
        signature: 'string',
        notes: 'string',
        template: 'string',
        language: 'string',
        isDisabled: 'number',
        loginAttempts: 'number',
        supportDepartmentIds: 'object',
        receivesTicketNotifications: 'object',
        homepageWidgetsConfig: 'string',
        hiddenHomepageWidgets: 'string',
        created_at: 'string',
        updated_at: 'string',
        fullName: 'string',
        gravatarHash: 'string',
      });
    });
  });

  describe('GetActivityLog and LogActivity', () => {
    type Entry = { id: number; clientId: number; description: string; username: string; date: string; adminId: number };
    const entries = async (values: Record<string, string>) => {
      const answer = await ask('GetActivityLog', values);
      assert.equal(answer.result, 'success');
      const { totalresults, startnumber } = answer;
      return { totalresults, startnumber, entry: (answer.activity as { entry: Entry[] }).entry };
    };

    test('LogActivity writes a line in the name of the administrator, of a client, under an event of its own', async () => {
      const clientid = String(world.cast.ada.clientId);
      assert.deepEqual(await ask('LogActivity', { description: 'Paid\nby hand', clientid }), { result: 'success' });
      const { entry } = await entries({ limitnum: '1' });
      assert.equal(entry[0]?.description, 'Paid by hand');
      assert.equal(entry[0]?.username, 'root');
      assert.equal(entry[0]?.adminId, world.cast.root.id);
      assert.equal(entry[0]?.clientId, world.cast.ada.clientId);
      const [line] = await auditLines(world.ctx, {}, { limit: 1 });
      assert.equal(line?.event, 'api.activity.logged');
    });

    test('LogActivity takes userid for the client as it was called until 8.0, and refuses what is not there', async () => {
      await ask('LogActivity', { description: 'old', userid: String(world.cast.eve.clientId) });
      assert.equal((await entries({ limitnum: '1' })).entry[0]?.clientId, world.cast.eve.clientId);
      assert.equal(await errorOf('LogActivity', { description: 'x', clientid: '4711' }), 'Client ID Not Found');
      assert.equal(await errorOf('LogActivity', {}), 'Description is required');
    });

    test('newest first, 25 at once, in parts, with the total', async () => {
      for (let n = 0; n < 30; n += 1) await ask('LogActivity', { description: `line ${n}` });
      const first = await entries({});
      assert.equal(first.entry.length, 25);
      assert.equal(first.startnumber, 0);
      assert.equal(first.entry[0]?.description, 'line 29');
      const second = await entries({ limitstart: '25', limitnum: '3' });
      assert.deepEqual(
        second.entry.map((one) => one.description),
        ['line 4', 'line 3', 'line 2'],
      );
      assert.equal(second.totalresults, first.totalresults);
      assert.ok(Number(first.totalresults) > 40);
    });

    test('narrowed by client (also as userid), who acted, a part of the text, the address and the day', async () => {
      const only = async (values: Record<string, string>) => (await entries({ limitnum: '500', ...values })).entry;
      const eves = String(world.cast.eve.clientId);
      for (const name of ['clientid', 'userid'])
        for (const one of await only({ [name]: eves })) assert.equal(one.clientId, world.cast.eve.clientId);
      assert.equal((await only({ description: 'ine 17' })).length, 1);
      assert.ok((await only({ user: 'root' })).every((one) => one.username === 'root'));
      assert.deepEqual(await only({ user: 'nobody' }), []);
      assert.deepEqual(await only({ ipaddress: '203.0.113.1' }), []);
      assert.ok((await only({ ipaddress: '127.0.0.1' })).length > 30);
      for (const date of ['2026-06-01', '20260601', '01/06/2026']) assert.ok((await only({ date })).length > 30, date);
      assert.deepEqual(await only({ date: '2026-06-02' }), []);
      assert.match(String(await errorOf('GetActivityLog', { date: '2026-02-31' })), /date/);
    });

    test('an empty list keeps its wrapper', async () => {
      const answer = await ask('GetActivityLog', { user: 'nobody' });
      assert.deepEqual(answer, { result: 'success', totalresults: 0, startnumber: 0, activity: { entry: [] } });
    });
  });

  describe('AddBannedIp', () => {
    test('bans for days from now, which go before expires', async () => {
      const given = { ip: '198.51.100.1', reason: 'spam', days: '7', expires: '2020-01-01 00:00:00' };
      const answer = await ask('AddBannedIp', given);
      assert.equal(typeof answer.banid, 'number');
      const ban = await banOf(world.ctx, '198.51.100.1');
      assert.equal(ban?.expiresAt, world.clock.now() + days(7));
      assert.equal(ban?.reason, 'spam');
    });

    test('bans until an instant, or for good', async () => {
      await ask('AddBannedIp', { ip: '198.51.100.2', reason: 'x', expires: '2027-01-02 03:04:05' });
      assert.equal((await banOf(world.ctx, '198.51.100.2'))?.expiresAt, Date.UTC(2027, 0, 2, 3, 4, 5));
      await ask('AddBannedIp', { ip: '198.51.100.3', reason: 'x', expires: '0000-00-00 00:00:00' });
      assert.equal((await banOf(world.ctx, '198.51.100.3'))?.expiresAt, undefined);
    });

    test('WHMCS writes a network with a star', async () => {
      await ask('AddBannedIp', { ip: '192.0.2.*', reason: 'x', days: '1' });
      assert.ok(await banOf(world.ctx, '192.0.2.200'));
    });

    test('refuses what is missing, no address, and the network of the caller', async () => {
      const good = { ip: '198.51.100.9', reason: 'x', days: '1' };
      for (const name of ['ip', 'reason', 'days'])
        assert.match(String(await errorOf('AddBannedIp', { ...good, [name]: '' })), /is required$/);
      for (const wrong of [{ days: '0' }, { days: '-1' }, { ip: 'x' }, { ip: '127.0.0.0/8' }])
        await errorOf('AddBannedIp', { ...good, ...wrong });
      for (const ip of ['0.0.0.0/0', '128.0.0.0/1', '198.0.0.0/7', '::/0', '::ffff:0:0/96', '2000::/3', '2001::/15'])
        assert.match(String(await errorOf('AddBannedIp', { ...good, ip })), /a good part of the internet/, ip);
      assert.equal(await banOf(world.ctx, '2001:db8::1'), undefined);
      await errorOf('AddBannedIp', { ip: good.ip, reason: 'x', expires: '2027-02-31 00:00:00' });
      assert.equal(await banOf(world.ctx, '198.51.100.9'), undefined);
    });
  });

  describe('GetConfigurationValue and SetConfigurationValue', () => {
    test('GetConfigurationValue answers from its list, whatever the case of the name', async () => {
      await set(world, { 'company-name': 'Example Hosting', 'support-address': 'help@example.test' });
      const value = async (setting: string) => (await ask('GetConfigurationValue', { setting })).value;
      assert.equal(await value('CompanyName'), 'Example Hosting');
      assert.equal(await value('Email'), 'help@example.test');
      assert.equal(await value('SystemURL'), 'http://localhost:8080/');
      assert.deepEqual([await value('Language'), await value('DefaultCountry')], ['english', '']);
      await set(world, { 'default-language': 'german', 'default-country': 'at' });
      assert.deepEqual([await value('Language'), await value('DefaultCountry')], ['german', 'AT']);
      await set(world, { 'default-language': 'english', 'default-country': '' });
      assert.equal(await value('Charset'), 'utf-8');
      const answer = await ask('GetConfigurationValue', { setting: 'companyname' });
      assert.deepEqual(answer, { result: 'success', setting: 'CompanyName', value: 'Example Hosting' });
    });

    test('GetConfigurationValue: its documented errors, for every setting of ours and every secret too', async () => {
      assert.equal(await errorOf('GetConfigurationValue'), 'Parameter setting is required');
      const names = ['api-allowed-addresses', 'APIAllowedIPs', 'License', 'SMTPPassword', 'cc_encryption_hash'];
      for (const setting of [...names, ...world.ctx.settings.keys()])
        assert.equal(
          await errorOf('GetConfigurationValue', { setting }),
          'Invalid name for parameter setting',
          setting,
        );
    });

    test('SetConfigurationValue is for local calls alone: 403 on the wire, and nothing changes', async () => {
      const answer = await call(world, key, 'SetConfigurationValue', { setting: 'CompanyName', value: 'Evil' });
      assert.equal(answer.status, 403);
      assert.equal(answer.body.message, 'API Command Restricted to Internal API');
      assert.equal((await ask('GetConfigurationValue', { setting: 'CompanyName' })).value, 'Example Hosting');
    });
  });

  describe('EncryptPassword and DecryptPassword', () => {
    test('what one seals the other opens, and no two sealed texts are equal', async () => {
      const seal = async (password2: string) => String((await ask('EncryptPassword', { password2 })).password);
      const text = 'pässwörd & 100 % ☃';
      const [one, other] = [await seal(text), await seal(text)];
      assert.notEqual(one, other);
      assert.ok(!one.includes('pässw'));
      assert.equal((await ask('DecryptPassword', { password2: one })).password, text);
    });

    test('a text that was changed, or made elsewhere, opens nothing', async () => {
      const { password } = await ask('EncryptPassword', { password2: 'x' });
      for (const password2 of ['', 'x', String(password).slice(0, -2), `${password}AA`])
        await errorOf('DecryptPassword', { password2 });
      await errorOf('EncryptPassword');
    });
  });

  describe('GetStaffOnline', () => {
    test('names who was seen in the last fifteen minutes, once, by the latest session', async () => {
      const before = await ask('GetStaffOnline');
      assert.deepEqual(before.staffonline, { staff: [] });
      for (let times = 0; times < 2; times += 1) {
        assert.equal((await world.browser({ ip: '198.51.100.77' }).signIn('sam')).statusCode, 303);
        world.clock.turn(minutes(1));
      }
      const { totalresults, staffonline } = await ask('GetStaffOnline');
      const { staff } = staffonline as { staff: Record<string, string>[] };
      assert.equal(totalresults, 1);
      assert.deepEqual(
        staff.map((one) => [one['adminusername'], one['ipaddress']]),
        [['sam', '198.51.100.77']],
      );
      assert.match(String(staff[0]?.['lastvisit']), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
      assert.equal((await ask('GetStats')).staff_online, 1);
      world.clock.turn(minutes(15));
      assert.equal((await ask('GetStaffOnline')).totalresults, 0);
    });
  });

  describe('GetStats', () => {
    test('amounts with the signs of the default currency, counts as numbers, days of the timeline by date', async () => {
      const { income_today, orders_pending, timeline_data } = await ask('GetStats', { timeline_days: '2' });
      assert.equal(income_today, '$0.00 USD');
      assert.equal(orders_pending, 0);
      const { income, new_orders } = timeline_data as Record<string, Record<string, unknown>>;
      const today = new Date(world.clock.now()).toISOString().slice(0, 10);
      assert.deepEqual(Object.values(income ?? {}), ['0.00', '0.00']);
      assert.equal(Object.keys(new_orders ?? {})[1], today);
    });

    test('at most 90 days, and none for nonsense', async () => {
      const daysOf = async (timeline_days: string) => {
        const { timeline_data } = await ask('GetStats', { timeline_days });
        return Object.keys((timeline_data as Record<string, object>)['new_orders'] ?? {}).length;
      };
      assert.deepEqual([await daysOf('5000'), await daysOf('-1'), await daysOf('x')], [90, 0, 0]);
    });
  });

  test('GetAdminUsers names the second factor that an administrator is asked for first, as WHMCS calls it', async () => {
    const modules = async () => {
      const { admin_users } = await ask('GetAdminUsers');
      return (admin_users as Record<string, unknown>[]).map((one) => [one.username, one.twoFactorAuthModule]);
    };
    const holder = { kind: 'administrator', id: world.cast.root.id } as const;
    assert.deepEqual((await modules())[0], ['root', '']);
    await giveApp(world, holder);
    assert.deepEqual((await modules())[0], ['root', 'totp']);
    await world.ctx.transaction((tx) => insertDuo(tx, holder, 'root'));
    assert.deepEqual(await modules(), [
      ['root', 'duosecurity'],
      ['sam', ''],
    ]);
  });

  test('GetClientPassword gives nothing out, whether the client exists or not', async () => {
    const there = await errorOf('GetClientPassword', { userid: String(world.cast.ada.clientId) });
    assert.equal(await errorOf('GetClientPassword', { userid: '999999' }), there);
    assert.match(String(there), /not given out/);
  });
});

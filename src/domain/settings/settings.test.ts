// Settings: what is accepted, what is kept, who sees it when.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { systemActor } from '#domain/audit/actor.ts';
import { auditLines } from '#domain/audit/audit.ts';
import { companyName, maintenance, publicUrl, supportAddress } from '#domain/settings/general.settings.ts';
import { isLoopbackOrigin, publicLink, publicOrigin } from '#domain/settings/public-url.ts';
import {
  choices,
  flag,
  lines,
  mailAddress,
  namedAddresses,
  publicAddress,
  ranges,
  text,
  wholeNumber,
} from '#domain/settings/setting.ts';
import { adjustSetting, changeSettings, settingOf, settingTexts } from '#domain/settings/settings.ts';
import { seconds } from '#kit/duration.ts';
import type { OpenContext } from '#src/context.ts';
import { findSettings, openContext } from '#src/context.ts';
import type { World } from '#tests/world.ts';
import { onBothDatabases, TEST_COST, testWorld } from '#tests/world.ts';

const SYSTEM = systemActor('Test');

describe('a kind of setting', () => {
  test('every default and every accepted text is written in a form that reads as the same', async () => {
    const known = [...(await findSettings()).values()];
    assert.ok(known.length > 10);
    for (const { name, kind, fallback } of known) {
      const written = kind.write(fallback);
      if (written !== '' || 'value' in kind.read('')) assert.deepEqual(kind.read(written), { value: fallback }, name);
      fc.assert(
        fc.property(fc.string(), (typed) => {
          const read = kind.read(typed);
          if ('value' in read) assert.deepEqual(kind.read(kind.write(read.value)), read, name);
        }),
      );
    }
  });

  test('a line of text stays one line: it may end up in the head of a letter', () => {
    assert.deepEqual(text(100).read(' Acme\r\nBcc: eve@example.test '), { value: 'Acme  Bcc: eve@example.test' });
    assert.deepEqual(text(3).read('four'), { fault: 'setting-too-long' });
    assert.deepEqual(lines(100).read('one\r\n\0two'), { value: 'one\n two' });
  });

  test('a number is a whole one within its bounds, written plainly', () => {
    const kind = wholeNumber(5, 100, 'minutes');
    assert.deepEqual(kind.read(' 7 '), { value: 7 });
    for (const bad of ['', '4', '101', '7.5', '-7', '1e1', '0x10', '٧', 'NaN', 'Infinity', '7 minutes'])
      assert.deepEqual(kind.read(bad), { fault: 'setting-number-out-of-range' }, bad);
  });

  test('a flag is on, off, or refused: never off by a slip', () => {
    for (const on of ['1', 'true', 'ON', 'yes']) assert.deepEqual(flag().read(on), { value: true });
    for (const off of ['', '0', 'false', 'Off', 'no']) assert.deepEqual(flag().read(off), { value: false });
    for (const bad of ['onn', 'ja', '2', ' on']) assert.deepEqual(flag().read(bad), { fault: 'setting-not-a-flag' });
  });

  test('choices are of the list', () => {
    assert.deepEqual(choices(['a', 'b']).read('b, a'), { value: ['b', 'a'] });
    assert.deepEqual(choices(['a', 'b']).read('a,c'), { fault: 'setting-not-an-option' });
    assert.deepEqual(choices(['a', 'b']).read('constructor'), { fault: 'setting-not-an-option' });
  });

  test('the public address is an origin, since the cookies hold for a whole host', () => {
    assert.deepEqual(publicAddress().read('https://My.Example.com/'), { value: 'https://my.example.com' });
    for (const bad of [
      'my.example.com',
      'https://example.com/shop',
      'https://example.com/?a=1',
      'https://example.com/#a',
      'https://ada@example.com',
      'ftp://example.com',
      'javascript:alert(1)',
      'https://',
    ])
      assert.deepEqual(publicAddress().read(bad), { fault: 'setting-not-a-public-address' }, bad);
  });

  test('a mail address is one, or nothing', () => {
    assert.deepEqual(mailAddress().read(''), { value: '' });
    assert.deepEqual(mailAddress().read(' a@example.test '), { value: 'a@example.test' });
    for (const bad of ['a@b@c', 'a@example.test\nBcc: b@example.test', 'a b@example.test', 'a\u200b@example.test'])
      assert.deepEqual(mailAddress().read(bad), { fault: 'email-invalid' }, bad);
  });

  test('ranges are kept in their plain form, so that what is listed is what is matched', () => {
    assert.deepEqual(ranges().read('203.0.113.77/24 # office # two\r\n\n::ffff:192.0.2.1\n198.51.100.*'), {
      value: [
        { range: '203.0.113.0/24', note: 'office # two' },
        { range: '192.0.2.1', note: '' },
        { range: '198.51.100.0/24', note: '' },
      ],
    });
    for (const bad of ['10', '010.0.0.0/8', '10.1/16', 'example.com', '10.0.0.0/8 10.0.0.1', '# only a note'])
      assert.deepEqual(ranges().read(bad), { fault: 'address-range-invalid' }, bad);
  });

  test('named addresses are http or https, of a name of the list, one on each line', () => {
    const kind = namedAddresses(['home']);
    assert.deepEqual(kind.read('home https://a.example/x'), { value: { home: 'https://a.example/x' } });
    for (const bad of [
      'away https://a.example',
      'home javascript:alert(1)',
      'home',
      'home https://a b',
      '__proto__ https://a.example',
    ])
      assert.deepEqual(kind.read(bad), { fault: 'setting-not-named-addresses' }, bad);
  });
});

describe('this very machine', () => {
  test('is meant by localhost and loopback addresses, and by nothing that only looks like them', () => {
    for (const own of ['http://localhost:8080', 'http://127.0.0.1', 'http://127.9.9.9:1', 'http://[::1]:80'])
      assert.ok(isLoopbackOrigin(own), own);
    for (const other of [
      'http://localhost.example.com',
      'http://127.0.0.1.nip.io',
      'https://example.com',
      'http://0.0.0.0',
    ])
      assert.ok(!isLoopbackOrigin(other), other);
  });
});

onBothDatabases('settings', (database) => {
  let world: World;
  let ctx: OpenContext;
  before(async () => {
    world = await testWorld(database, { cast: false });
    ctx = world.ctx;
  });
  after(() => world.close());

  test('of a fresh installation stand where the documentation of WHMCS has them, or where we decided', async () => {
    const texts = await settingTexts(ctx);
    const wanted = {
      // Security: as there
      'email-verification': '',
      'captcha-protection': 'off',
      'captcha-type': 'altcha', // our own, which asks no other site
      'captcha-score-threshold': '0.5',
      'failed-admin-login-ban-minutes': '15',
      'whitelisted-addresses': '',
      'whitelisted-login-failure-notices': 'on',
      'staff-password-reset': 'on',
      'trusted-proxies': '',
      'proxy-header': 'x-forwarded-for',
      'api-allowed-addresses': '',
      'log-api-authentication': '',
      // and as decided
      'required-password-strength': '0', // our own rule takes its place
      'password-minimum-length': '12',
      'session-address-check': 'off',
      'admin-session-address-check': 'network',
      'email-verification-needed': 'never',
      'security-questions': '',
      'login-tries': '5',
      'password-link-minutes': '60',
      'remember-days': '30',
      // Other
      'registration-open': 'on',
      'owners-manage-people': 'on',
      'client-email-preferences': 'on',
      'optional-profile-fields': '',
      'locked-profile-fields': '',
      'locked-user-fields': '',
      'tell-detail-changes': '',
      'marketing-emails': 'on',
      'marketing-opt-in-required': 'on',
      'client-status-rule': 'off',
      'closed-readable-days': '90',
      'forget-accountless-days': '0',
      'invited-address-only': 'on',
      // General, Localisation, Mail
      maintenance: '',
      'terms-address': '',
      'default-language': 'english',
      'default-country': '',
      'mail-signature': '',
      'mail-copies': '',
      'mail-held-back': '',
    };
    assert.deepEqual(Object.fromEntries(Object.keys(wanted).map((name) => [name, texts.get(name)])), wanted);
  });

  test('what is changed holds at once, is written down with before and after, and goes back to its default', async () => {
    assert.deepEqual(await changeSettings(ctx, SYSTEM, { 'company-name': 'Acme', maintenance: 'off' }), [
      'company-name',
    ]);
    assert.equal(await settingOf(ctx, companyName), 'Acme');
    const stored = await ctx.db.selectFrom('settings').select('name').execute();
    assert.ok(stored.some((row) => row.name === 'company-name'));
    const row = await ctx.db
      .selectFrom('audit_log')
      .select('details')
      .where('event', '=', 'settings.changed')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow();
    assert.deepEqual(JSON.parse(row.details ?? ''), { name: 'company-name', before: 'Doorward', after: 'Acme' });
    await changeSettings(ctx, SYSTEM, { 'company-name': 'Doorward' });
    assert.equal(await settingOf(ctx, companyName), 'Doorward');
    const left = await ctx.db.selectFrom('settings').select('name').where('name', '=', 'company-name').execute();
    assert.deepEqual(left, [], 'a default is kept by storing nothing');
  });

  test('all or none: one that will not do leaves the others as they were, and every fault is named', async () => {
    const before = (await auditLines(ctx, { event: 'settings.changed' }, { limit: 100 })).length;
    await assert.rejects(
      changeSettings(ctx, SYSTEM, { 'company-name': 'Other', maintenance: 'perhaps', 'support-address': 'nobody' }),
      { kind: 'invalid', fields: { maintenance: 'setting-not-a-flag', 'support-address': 'email-invalid' } },
    );
    assert.equal(await settingOf(ctx, companyName), 'Doorward');
    assert.equal((await auditLines(ctx, { event: 'settings.changed' }, { limit: 100 })).length, before);
  });

  test('what is unknown, hidden, or a word of the language itself cannot be set', async () => {
    for (const name of ['nonsense', 'password-measured-cost', 'constructor', '__proto__', 'toString', '']) {
      const given = Object.fromEntries([[name, '25:8,1,1']]);
      await assert.rejects(changeSettings(ctx, SYSTEM, given), { kind: 'not-found', code: 'setting-not-found' }, name);
    }
    assert.ok(!(await settingTexts(ctx)).has('password-measured-cost'));
  });

  test('a stored text that no longer fits counts as not stored', async () => {
    await ctx.db.insertInto('settings').values({ name: 'maintenance', value: 'garbage', updated_at: 0 }).execute();
    world.clock.turn(seconds(2));
    assert.equal(await settingOf(ctx, maintenance), false);
    await ctx.db.deleteFrom('settings').where('name', '=', 'maintenance').execute();
  });

  test("another process's change is seen within a second", async () => {
    const other = await openContext(ctx.config, { now: world.clock.now, logger: ctx.log, passwordCost: TEST_COST });
    try {
      assert.equal(await settingOf(other, supportAddress), '');
      await changeSettings(ctx, SYSTEM, { 'support-address': 'help@example.test' });
      world.clock.turn(seconds(1));
      assert.equal(await settingOf(other, supportAddress), 'help@example.test');
    } finally {
      await other.close();
    }
  });

  test('of many who add to one setting at once everybody has theirs', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, at) => adjustSetting(ctx, SYSTEM, companyName, (before) => `${before}+${at}`)),
    );
    assert.equal((await settingOf(ctx, companyName)).split('+').length, 21);
    await changeSettings(ctx, SYSTEM, { 'company-name': 'Doorward' });
  });

  test('links are made from the public address alone', async () => {
    assert.equal(await publicOrigin(ctx), `http://localhost:${ctx.config.port}`);
    await changeSettings(ctx, SYSTEM, { 'public-url': 'https://my.example.com' });
    assert.equal(await publicLink(ctx, '/login'), 'https://my.example.com/login');
    assert.equal(
      await publicOrigin({ ...ctx, config: { ...ctx.config, publicUrl: 'https://by-environment.example' } }),
      'https://by-environment.example',
    );
    await changeSettings(ctx, SYSTEM, { 'public-url': '' });
    assert.equal(await settingOf(ctx, publicUrl), '');
  });
});

// Where a single sign-on, or the way back after signing in, may lead: never out of our own pages by a trick of spelling.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { systemActor } from '#domain/audit/actor.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import {
  CUSTOM_REDIRECT,
  changeDestination,
  DESTINATIONS,
  destinationTarget,
  ownPath,
} from '#domain/sso/destinations.ts';
import type { World } from '#tests/world.ts';
import { testWorld } from '#tests/world.ts';

const HOST = 'https://my.example.com';

describe('a path of our own', () => {
  const good: readonly [given: string, path: string][] = [
    ['', '/'],
    ['/', '/'],
    ['account/1', '/account/1'],
    ['/account/1/details', '/account/1/details'],
    ['cart.php?a=checkout', '/cart.php?a=checkout'],
    ['/viewinvoice.php?id=7&b=%2F%2Fx', '/viewinvoice.php?id=7&b=%2F%2Fx'],
    ['/account/../user/profile', '/user/profile'],
    ['/a/b:c', '/a/b:c'],
    ['/a?next=//evil.example', '/a?next=//evil.example'],
    ['/a#//evil.example', '/a#//evil.example'],
    ['/größe', '/gr%C3%B6%C3%9Fe'],
    ['/loginhelp', '/loginhelp'],
    ['/administration', '/administration'],
  ];
  for (const [given, path] of good) test(`${given || 'nothing'} is ${path}`, () => assert.equal(ownPath(given), path));

  const hostile = [
    '//evil.example',
    '///evil.example',
    '////evil.example/x',
    '/\\evil.example',
    '\\\\evil.example',
    '\\/evil.example',
    '/\\/evil.example',
    '//evil.example@my.example.com',
    '//my.example.com.evil.example',
    'https://evil.example',
    'HTTPS://evil.example',
    'https:evil.example',
    'https:/evil.example',
    'http:\\\\evil.example',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'ftp://evil.example',
    'mailto:a@evil.example',
    'x:y',
    ' //evil.example',
    '\t//evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/\r\n/evil.example',
    '/ /evil.example',
    '/\0/evil.example',
    '\u0001//evil.example',
    '/x\r\nset-cookie: a=b',
    '/\u0085/evil.example',
    '/%2f/evil.example',
    '/%2F/evil.example',
    '/%2fevil.example',
    '/%5cevil.example',
    '/%5Cevil.example',
    '/%2e//evil.example',
    '/%2e%2e//evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/a/..//evil.example',
    '/a/../../..//evil.example',
    '/a/%2e%2e//evil.example',
    '/a//evil.example',
    '/a/%2f%2fevil.example',
    '/a/%252f%252fevil.example',
    '/a/%5c%5cevil.example',
    '/a%0d%0aset-cookie:%20a=b',
    '/a%00',
    '/a%09b',
    '/a/%2e%2e%2fadmin',
    '/a/..%2fadmin',
    '/a/%252e%252e/admin',
    '/%',
    '/%zz',
    '/a%c0%af',
    '/a%ff',
    '/oauth/singlesignon.php?access_token=x',
    '/OAuth/singlesignon.php',
    '/%6fauth/singlesignon.php?access_token=x',
    '/o%61uth/singlesignon.php',
    '/%256fauth/singlesignon.php',
    '/a/../oauth/singlesignon.php',
    '/includes/api.php',
    '/%69ncludes/api.php',
    '/login',
    '/login/',
    '/login?goto=/login',
    '/l%6Fgin',
    '/login/code',
    '/logout',
    '/logo%75t',
    '/logout.php',
    '/login.php',
    '/dologin.php',
    '/DoLogin.php',
    '/admin',
    '/admin/',
    '/admin/clients',
    '/%61dmin/clients',
    '/ADMIN',
    `/${'a'.repeat(2001)}`,
    `/${'%25'.repeat(600)}41`,
  ];
  for (const given of hostile) {
    test(`${JSON.stringify(given.slice(0, 60))} is none`, () => assert.equal(ownPath(given), undefined));
  }

  test('whatever is given: the result stays on our host, begins with one slash, and is its own result', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '//',
      '..',
      '.',
      '%2f',
      '%5c',
      '%2e',
      '%25',
      '%',
      '@',
      ':',
      '?',
      '#',
      '\t',
      '\r\n',
      '\0',
      ';',
      'evil.example',
      'https:',
      'javascript:',
      'admin',
      'oauth',
      'a',
      '\u2028',
      '\ud800',
      '。',
      '／',
      '＠',
    );
    const anything = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')),
      fc.webUrl(),
      fc.string({ unit: 'binary' }),
      fc.webPath(),
    );
    fc.assert(
      fc.property(anything, (given) => {
        const path = ownPath(given);
        if (path === undefined) return;
        assert.match(path, /^\/(?![/\\])[\x21-\x7e]*$/);
        for (const host of [HOST, 'http://localhost:8080']) {
          const reached = new URL(path, `${host}/oauth/singlesignon.php?access_token=x`);
          assert.equal(reached.origin, host);
          assert.equal(reached.href, `${host}${path}`);
          assert.doesNotMatch(decodeURIComponent(reached.pathname), /^\/(oauth|includes|login|logout|admin)(\/|$)/i);
        }
        assert.equal(ownPath(path), path);
      }),
      { numRuns: 20_000 },
    );
  });
});

describe('a destination', () => {
  let world: World;
  const actor = systemActor('Test');
  before(async () => {
    world = await testWorld('sqlite', { cast: false });
  });
  after(() => world.close());
  const ids = { clientId: 7, userId: 3, serviceId: undefined, domainId: undefined };
  const target = (name: string, over: object = {}, path?: string) =>
    destinationTarget(world.ctx, name, { ...ids, ...over }, path);

  test('of ours leads to our page, one that needs an id leads nowhere without it, and an unknown one nowhere at all', async () => {
    assert.equal(await target('clientarea:homepage'), '/account/7');
    assert.equal(await target('clientarea:homepage', { clientId: undefined }), '/');
    assert.equal(await target('clientarea:profile'), '/account/7/details');
    for (const name of [
      'clientarea:product_details',
      'clientarea:upgrade',
      'clientarea:domain_details',
      'nonsense',
      '',
      'constructor',
      '__proto__',
      'clientarea:Homepage',
    ])
      assert.equal(await target(name), undefined, name);
  });

  test("of the operator's leads to the address entered, with ids filled in and nothing else", async () => {
    await changeDestination(
      world.ctx,
      actor,
      'clientarea:product_details',
      'https://billing.example.com/s/{service_id}?c={client_id}&u={user_id}&d={domain_id}',
    );
    assert.equal(
      await target('clientarea:product_details', { serviceId: 9 }),
      'https://billing.example.com/s/9?c=7&u=3&d=',
    );
    await changeDestination(world.ctx, actor, 'clientarea:product_details', '');
    assert.equal(await target('clientarea:product_details', { serviceId: 9 }), undefined);
  });

  test('by its own path leads inside our pages alone', async () => {
    assert.equal(await target(CUSTOM_REDIRECT, {}, 'cart.php?a=checkout'), '/cart.php?a=checkout');
    assert.equal(await target(CUSTOM_REDIRECT), undefined);
    for (const path of ['//evil.example', 'https://evil.example', '/oauth/singlesignon.php'])
      assert.equal(await target(CUSTOM_REDIRECT, {}, path), undefined, path);
  });

  test('takes no address that is a script, holds a password, or lets an id choose the host', async () => {
    const enter = (address: string) => changeDestination(world.ctx, actor, 'clientarea:invoices', address);
    for (const bad of [
      'javascript:alert(1)',
      'ftp://billing.example.com',
      '//billing.example.com',
      '/invoices',
      'https://ada:secret@billing.example.com',
      'https://{client_id}.example.com',
      'https://billing.example.com:{client_id}/',
      'https://billing.example.com\\@evil.example',
      'https://billing.example.com/\r\nx',
      'https://',
      `https://billing.example.com/${'x'.repeat(1000)}`,
    ])
      await assert.rejects(enter(bad), { fields: { address: 'destination-address-invalid' } }, bad);
    await assert.rejects(enter('https://billing.example.com/{email}'), {
      fields: { address: 'destination-placeholder-unknown' },
    });
    await assert.rejects(changeDestination(world.ctx, actor, 'nonsense', 'https://a.example'), { kind: 'not-found' });
    await assert.rejects(
      changeSettings(world.ctx, actor, { 'sso-destinations': 'clientarea:invoices javascript:alert(1)' }),
      { kind: 'invalid' },
    );
  });

  test('each documented name is there once', () => {
    assert.equal(new Set(DESTINATIONS.map(({ name }) => name)).size, DESTINATIONS.length);
  });
});

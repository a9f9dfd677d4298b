// Whose address a request has: headers count only as far as proxies that are trusted wrote them
// (Authentik CVE-2023-36456; better-auth PR 10203).

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { systemActor } from '#domain/audit/actor.ts';
import { visitorAddress } from '#domain/guard/visitor.ts';
import { changeSettings } from '#domain/settings/settings.ts';
import type { World } from '#tests/world.ts';
import { testWorld } from '#tests/world.ts';

const PROXY = '10.0.0.1';
const SECOND_PROXY = '2001:db8:ffff::1';
const STRANGER = '203.0.113.9';

describe('behind proxies that are trusted', () => {
  let world: World;
  before(async () => {
    world = await testWorld('sqlite', {
      cast: false,
      environment: { DOORWARD_TRUSTED_PROXIES: `10.0.0.0/24 ${SECOND_PROXY}` },
    });
  });
  after(() => world.close());
  const seen = (socket: string | undefined, forwarded?: string | string[]): Promise<string> =>
    visitorAddress(world.ctx, socket, forwarded === undefined ? {} : { 'x-forwarded-for': forwarded });

  const cases: readonly [
    why: string,
    socket: string | undefined,
    header: string | string[] | undefined,
    seen: string,
  ][] = [
    ['no header', PROXY, undefined, PROXY],
    ['an empty header', PROXY, '', PROXY],
    ['one hop', PROXY, '192.0.2.1', '192.0.2.1'],
    ['a visitor of IPv6', PROXY, '2001:db8::7', '2001:db8::7'],
    ['IPv4 in the wrapping of IPv6', PROXY, '::ffff:192.0.2.1', '192.0.2.1'],
    ['a socket in that wrapping', `::ffff:${PROXY}`, '192.0.2.1', '192.0.2.1'],
    ['a port', PROXY, '192.0.2.1:51000', '192.0.2.1'],
    ['a port of IPv6', PROXY, '[2001:db8::7]:51000', '2001:db8::7'],
    ['brackets alone', PROXY, '[2001:db8::7]', '2001:db8::7'],
    ['spaces and a tab', PROXY, ' \t192.0.2.1 ', '192.0.2.1'],
    ['what the visitor put in front of it', PROXY, '127.0.0.1, 192.0.2.1', '192.0.2.1'],
    ['a trusted address that the visitor put in front', PROXY, '10.0.0.7, 192.0.2.1', '192.0.2.1'],
    ['two proxies, each adding its peer', PROXY, `192.0.2.1, ${SECOND_PROXY}`, '192.0.2.1'],
    ['two proxies and a lie in front', PROXY, `127.0.0.1, 192.0.2.1, ${SECOND_PROXY}`, '192.0.2.1'],
    ['the header twice', PROXY, ['127.0.0.1', `192.0.2.1, ${SECOND_PROXY}`], '192.0.2.1'],
    ['trusted addresses alone', PROXY, '10.0.0.9, 10.0.0.8', '10.0.0.9'],
    ['nonsense where the proxy writes', PROXY, '192.0.2.1, a', PROXY],
    ['nonsense behind a trusted hop', PROXY, `192.0.2.1, unknown, ${SECOND_PROXY}`, SECOND_PROXY],
    ['an empty hop at the end', PROXY, '192.0.2.1,', PROXY],
    ['an obfuscated name (RFC 7239)', PROXY, '_hidden', PROXY],
    ['a number that some read as an address', PROXY, '2130706433', PROXY],
    ['an octal address', PROXY, '0177.0.0.1', PROXY],
    ['a quoted address', PROXY, '"192.0.2.1"', PROXY],
    ['a header injected by a line break', PROXY, '192.0.2.1\r\nx: y', PROXY],
    ['a script', PROXY, '<script>alert(1)</script>', PROXY],
    ['ten thousand hops', PROXY, `${'127.0.0.1, '.repeat(10_000)}192.0.2.1`, '192.0.2.1'],
    ['a peer that is not trusted', STRANGER, '127.0.0.1', STRANGER],
    ['a neighbour of the trusted range', '10.0.1.1', '127.0.0.1', '10.0.1.1'],
    ['no socket address', undefined, '192.0.2.1', 'unknown'],
    ['a path of a socket', '/run/doorward.sock', '192.0.2.1', 'unknown'],
  ];
  for (const [why, socket, header, expected] of cases) {
    test(`${why}: ${expected}`, async () => assert.equal(await seen(socket, header), expected));
  }

  test('no other header counts, not even from a trusted proxy', async () => {
    const others = [
      'x-real-ip',
      'forwarded',
      'cf-connecting-ip',
      'true-client-ip',
      'client-ip',
      'x-cluster-client-ip',
      'x-forwarded',
    ];
    for (const name of others) {
      const headers = { [name]: name === 'forwarded' ? 'for=127.0.0.1' : '127.0.0.1' };
      assert.equal(await visitorAddress(world.ctx, PROXY, headers), PROXY, name);
    }
  });

  test('proxies of the setting count beside those of the environment, and the header is the one of the setting', async () => {
    const actor = systemActor('Test');
    await changeSettings(world.ctx, actor, {
      'trusted-proxies': '192.0.2.0/24 # edge',
      'proxy-header': 'CF-Connecting-IP',
    });
    const headers = { 'cf-connecting-ip': '198.51.100.4', 'x-forwarded-for': '127.0.0.1' };
    assert.equal(await visitorAddress(world.ctx, '192.0.2.7', headers), '198.51.100.4');
    assert.equal(await visitorAddress(world.ctx, PROXY, headers), '198.51.100.4');
    assert.equal(await visitorAddress(world.ctx, STRANGER, headers), STRANGER);
    await changeSettings(world.ctx, actor, { 'trusted-proxies': '', 'proxy-header': 'x-forwarded-for' });
  });
});

describe('without trusted proxies', () => {
  test('every header is a stranger talking', async (t) => {
    const world = await testWorld('sqlite', { cast: false });
    t.after(() => world.close());
    for (const name of ['x-forwarded-for', 'x-real-ip', 'forwarded', 'cf-connecting-ip', 'true-client-ip'])
      for (const socket of ['127.0.0.1', STRANGER])
        assert.equal(await visitorAddress(world.ctx, socket, { [name]: '198.51.100.4' }), socket, name);
    const answer = await world.app.inject({
      url: '/login',
      remoteAddress: STRANGER,
      headers: { 'x-forwarded-for': '198.51.100.4', forwarded: 'for=198.51.100.4', 'x-real-ip': '198.51.100.4' },
    });
    assert.equal(answer.statusCode, 200);
  });
});

// Internet addresses and ranges.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isLoopback, isWithin, networkName, plainAddress, plainRange, rangeIndex } from '#kit/address.ts';

describe('an address in its plain form', () => {
  for (const [given, plain] of Object.entries({
    '203.0.113.7': '203.0.113.7',
    '::ffff:203.0.113.7': '203.0.113.7',
    '::FFFF:CB00:7107': '203.0.113.7',
    '2001:DB8:0:0:0:0:0:1': '2001:db8::1',
    '::1': '::1',
    'fe80::1%eth0': 'fe80::1',
  })) {
    test(`${given} is ${plain}`, () => assert.equal(plainAddress(given), plain));
  }

  for (const nonsense of [
    '',
    'unknown',
    'localhost',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '0x7f.0.0.1',
    '2130706433',
    '1.2.3.4:80',
    '[::1]',
    '1.2.3.4%eth0',
    '1.2.3.4 ',
    '1.2.3.4\n5.6.7.8',
    '::1\n',
    '1::2::3',
    ':',
    '１.2.3.4',
    '::ffff:999.1.1.1',
    'a'.repeat(100_000),
  ]) {
    test(`${JSON.stringify(nonsense.slice(0, 30))} is none`, () => assert.equal(plainAddress(nonsense), undefined));
  }
});

describe('a range in its plain form', () => {
  for (const [given, plain] of Object.entries({
    '203.0.113.7': '203.0.113.7',
    ' 203.0.113.7 ': '203.0.113.7',
    '203.0.113.7/32': '203.0.113.7',
    '203.0.113.77/24': '203.0.113.0/24',
    '203.0.113.*': '203.0.113.0/24',
    '203.0.*.*': '203.0.0.0/16',
    '10.255.255.255/9': '10.128.0.0/9',
    '0.0.0.0/0': '0.0.0.0/0',
    '2001:db8::1/128': '2001:db8::1',
    '2001:DB8:FFFF::/33': '2001:db8:8000::/33',
    '::/0': '::/0',
    '::ffff:203.0.113.7': '203.0.113.7',
    '::ffff:cb00:7107/120': '203.0.113.0/24',
  })) {
    test(`${given} is ${plain}`, () => assert.equal(plainRange(given), plain));
  }

  for (const nonsense of [
    '',
    '*',
    '*.*.*.*',
    '203.*.*.*',
    '203.0.*.7',
    '203.*.113.*',
    '999.0.0.*',
    '203.0.113.0/33',
    '2001:db8::/129',
    '203.0.113.0/',
    '203.0.113.0/-1',
    '203.0.113.0/+8',
    '203.0.113.0/08',
    '203.0.113.0/24/24',
    '010.0.0.0/8', // eight to some programs, ten to others
    '10.1/16', // 10.0.0.1 to some, 10.1.0.0 to others
    '10/8',
    '0x0a.0.0.0/8',
    '::ffff:cb00:7107/90', // wider than all of IPv4
    '203.0.113.0-203.0.113.9',
    '203.0.113.7, 203.0.113.8',
    'example.com/24',
  ]) {
    test(`${JSON.stringify(nonsense)} is none`, () => assert.equal(plainRange(nonsense), undefined));
  }

  test('its plain form is its own plain form', () => {
    const ranges = fc.oneof(
      fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })),
      fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })),
    );
    fc.assert(
      fc.property(ranges, ([address, bits]) => {
        const plain = plainRange(`${address}/${bits}`);
        if (plain !== undefined) assert.equal(plainRange(plain), plain);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('lying within', () => {
  const cases: readonly [address: string, range: string, within: boolean][] = [
    ['203.0.113.7', '203.0.113.7', true],
    ['203.0.113.8', '203.0.113.7', false],
    ['203.0.113.255', '203.0.113.0/24', true],
    ['203.0.114.0', '203.0.113.0/24', false],
    ['::ffff:203.0.113.7', '203.0.113.0/24', true],
    ['203.0.113.7', '::ffff:203.0.113.7', true],
    ['203.0.113.7', '::ffff:cb00:7100/120', true],
    ['203.0.113.7', '0.0.0.0/0', true],
    ['203.0.113.7', '::/0', false],
    ['2001:db8::1', '0.0.0.0/0', false],
    ['2001:db8:7fff::', '2001:db8::/33', true],
    ['2001:db8:8000::', '2001:db8::/33', false],
    ['10.0.0.1', '010.0.0.0/8', false],
    ['8.0.0.1', '010.0.0.0/8', false],
    ['unknown', '0.0.0.0/0', false],
    ['', '', false],
    ['203.0.113.7', 'nonsense', false],
    ['203.0.113.7', '', false],
  ];
  for (const [address, range, within] of cases) {
    test(`${address || 'nothing'} ${within ? 'lies' : 'does not lie'} in ${range || 'nothing'}`, () =>
      assert.equal(isWithin(address, range), within));
  }

  test('an index of ranges finds what asking each of them finds', () => {
    const range = fc.oneof(
      fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([address, bits]) => `${address}/${bits}`),
      fc.ipV4(),
      fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })).map(([address, bits]) => `${address}/${bits}`),
      fc.constantFrom('10.0.0.0/8', '10.1.0.0/16', '2001:db8::/32', 'nonsense', ''),
    );
    const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('10.1.2.3', '2001:db8::7', '::ffff:10.1.2.3', 'no'));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 20 }), address, (given, visitor) => {
        const ranges = given.map((one) => plainRange(one) ?? one);
        const found = rangeIndex(ranges.map((one, at) => [one, at] as const)).holding(visitor);
        const asked = ranges.flatMap((one, at) => (isWithin(visitor, one) ? [at] : []));
        assert.deepEqual([...found].sort(), asked.sort());
      }),
      { numRuns: 1000 },
    );
  });

  test('ten thousand ranges are no more work than ten (each request asks the bans)', () => {
    const many = Array.from({ length: 10_000 }, (_, at) => [`10.${at >> 8}.${at & 255}.0/24`, at] as const);
    const index = rangeIndex(many);
    const began = performance.now();
    for (let at = 0; at < 1000; at += 1) assert.deepEqual(index.holding('203.0.113.9'), []);
    assert.ok(performance.now() - began < 500, 'half a millisecond for each look');
    assert.deepEqual(index.holding('10.3.7.9'), [3 * 256 + 7]);
  });
});

describe('networks and loopback', () => {
  test('neighbours count together: the /24 of IPv4, the /64 of IPv6', () => {
    assert.equal(networkName('203.0.113.7'), networkName('203.0.113.250'));
    assert.notEqual(networkName('203.0.113.7'), networkName('203.0.114.7'));
    assert.equal(networkName('::ffff:203.0.113.7'), networkName('203.0.113.7'));
    assert.equal(networkName('2001:db8::1'), networkName('2001:db8::ffff:ffff:ffff:ffff'));
    assert.notEqual(networkName('2001:db8::1'), networkName('2001:db8:0:1::1'));
  });

  test('what is no address is a network of its own, of bounded length', () => {
    assert.equal(networkName('unknown'), 'unknown');
    assert.equal(networkName('x'.repeat(5000)).length, 60);
  });

  test('the machine itself, in every spelling, and nobody else', () => {
    for (const own of ['127.0.0.1', '127.255.0.9', '::1', '::ffff:127.0.0.1']) assert.ok(isLoopback(own), own);
    for (const other of ['128.0.0.1', '0.0.0.0', '::', '10.0.0.1', 'localhost', '', '127.1', '2130706433'])
      assert.ok(!isLoopback(other), other);
  });
});

// How actions read what clients send.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readRequest } from './in.ts';
import { dateOnly, decimal, flag, integer, list, map, numbered, present, scalar } from './parameters.ts';
import { WireFault, type WireValues } from './wire.ts';

describe('scalar and present', () => {
  test('a text is handed on untouched, spaces included: it may be a password', () => {
    assert.equal(scalar({ password2: '  a ' }, 'password2'), '  a ');
  });

  test('empty is absent for a reader, and still tells UpdateClient to blank the field', () => {
    assert.equal(scalar({ notes: '' }, 'notes'), undefined);
    assert.equal(present({ notes: '' }, 'notes'), true);
    assert.equal(present({}, 'notes'), false);
  });

  test('names of Object.prototype are not parameters', () => {
    assert.equal(scalar({}, 'constructor'), undefined);
    assert.equal(present({}, 'toString'), false);
  });

  test('the fault names the parameter and holds nothing that was sent', async () => {
    const values = await sent('clientid[secret-key]=secret-value');
    assert.throws(
      () => scalar(values, 'clientid'),
      (error) => {
        assert.ok(error instanceof WireFault);
        assert.equal(error.parameter, 'clientid');
        assert.doesNotMatch(error.message, /secret/);
        return true;
      },
    );
  });
});

describe('integer', () => {
  test('clients send "1"; spaces and leading zeros are forgiven', () => {
    for (const [text, number] of [
      ['1', 1],
      [' 12\n', 12],
      ['007', 7],
      ['0', 0],
      ['10000', 10000],
    ] as const) {
      assert.equal(integer({ id: text }, 'id'), number);
    }
  });

  test('what is no whole number of 0 or more is invalid', () => {
    for (const text of ['-1', '+1', '1.0', '1e3', '0x1F', 'abc', '1 2', '١', '9007199254740993', '1'.repeat(400)]) {
      assert.equal(integer({ id: text }, 'id'), 'invalid', text);
    }
  });

  test('absent, empty and blank are absent; a list is a fault', async () => {
    assert.equal(integer({}, 'id'), undefined);
    assert.equal(integer({ id: '' }, 'id'), undefined);
    assert.equal(integer({ id: '  ' }, 'id'), undefined);
    const values = await sent('id[]=1');
    assert.throws(() => integer(values, 'id'), WireFault);
  });

  test('a given limit is included', () => {
    assert.equal(integer({ n: '250' }, 'n', 250), 250);
    assert.equal(integer({ n: '251' }, 'n', 250), 'invalid');
  });
});

describe('decimal', () => {
  test('amounts become whole hundredths', () => {
    const cases = [
      ['12.34', 1234],
      ['12', 1200],
      ['12.3', 1230],
      ['.5', 50],
      ['5.', 500],
      [' 0.00 ', 0],
      ['+1.10', 110],
    ] as const;
    for (const [text, units] of cases) assert.equal(decimal({ amount: text }, 'amount', 2), units, text);
  });

  test('negative amounts (credits) keep their sign, and there is no negative nothing', () => {
    assert.equal(decimal({ amount: '-12.34' }, 'amount', 2), -1234);
    assert.ok(Object.is(decimal({ amount: '-0.00' }, 'amount', 2), 0));
  });

  test('further digits round, halves away from zero, without binary fractions', () => {
    for (const [text, units] of [
      ['1.005', 101],
      ['0.30000000000000004', 30],
      ['0.994999', 99],
      ['0.995', 100],
      ['-1.005', -101],
    ] as const) {
      assert.equal(decimal({ amount: text }, 'amount', 2), units, text);
    }
    assert.equal(decimal({ rate: '1.00005' }, 'rate', 5), 100005);
    assert.equal(decimal({ hours: '1.5' }, 'hours', 0), 2);
  });

  test('anything else is invalid', () => {
    for (const text of ['', '.', '-', '1,234.56', '1e3', 'NaN', 'Infinity', '1.2.3', '$1', '9'.repeat(20), '0x1']) {
      assert.equal(decimal({ amount: text }, 'amount', 2), text === '' ? undefined : 'invalid', text);
    }
  });

  test('every number of hundredths comes back', () => {
    fc.assert(
      fc.property(fc.integer(), (units) => {
        const cents = String(Math.abs(units)).padStart(3, '0');
        const text = `${units < 0 ? '-' : ''}${cents.slice(0, -2)}.${cents.slice(-2)}`;
        assert.equal(decimal({ amount: text }, 'amount', 2), units);
      }),
    );
  });
});

describe('flag', () => {
  test('1, true, True, on and yes are yes', () => {
    for (const word of ['1', 'true', 'True', 'TRUE', 'on', 'yes', ' 1 '])
      assert.equal(flag({ stats: word }, 'stats'), true, word);
  });

  test('0, false, off and no are no', () => {
    for (const word of ['0', 'false', 'False', 'off', 'no']) assert.equal(flag({ stats: word }, 'stats'), false, word);
  });

  test('empty or absent is neither, other words are a fault', () => {
    assert.equal(flag({ stats: '' }, 'stats'), undefined);
    assert.equal(flag({}, 'stats'), undefined);
    assert.throws(() => flag({ stats: 'maybe' }, 'stats'), /"stats" must be 1 or 0/);
  });
});

describe('list and map', () => {
  test('a bracket list in the order of its numbers', async () => {
    assert.deepEqual(list(await sent('pid[1]=b&pid[0]=a&pid[10]=c'), 'pid'), ['a', 'b', 'c']);
  });

  test('truehost sends a scalar where the docs say array: a list of one', async () => {
    assert.deepEqual(list(await sent('pid=7'), 'pid'), ['7']);
  });

  test('comma lists are split where the action asks for it, and only there', async () => {
    const values = await sent('permissions=profile,%20contacts,,products&name=a,b');
    assert.deepEqual(list(values, 'permissions', { commas: true }), ['profile', 'contacts', 'products']);
    assert.deepEqual(list(values, 'name'), ['a,b']);
  });

  test('empty elements are left out; nothing left is absent', async () => {
    const values = await sent('a[]=&a[]=x&b[]=&c=');
    assert.deepEqual(list(values, 'a'), ['x']);
    assert.equal(list(values, 'b'), undefined);
    assert.equal(list(values, 'c'), undefined);
    assert.equal(list(values, 'd'), undefined);
  });

  test('a list of lists is a fault', async () => {
    const values = await sent('a[0][b]=1');
    assert.throws(() => list(values, 'a'), WireFault);
  });

  test('AddProduct pricing is a map of maps, and a scalar there is a fault', async () => {
    const values = await sent('pricing[1][monthly]=5.00&pricing[1][annually]=50.00&none=&one=1');
    const pricing = map(values, 'pricing') ?? {};
    assert.equal(scalar(map(pricing, '1') ?? {}, 'monthly'), '5.00');
    assert.equal(map(values, 'none'), undefined);
    assert.throws(() => map(values, 'one'), /"one" must be a list/);
  });
});

describe('dateOnly', () => {
  test('Y-m-d and Ymd', () => {
    assert.equal(dateOnly({ date: '2026-03-31' }, 'date'), '2026-03-31');
    assert.equal(dateOnly({ date: ' 20260331 ' }, 'date'), '2026-03-31');
  });

  test('the zero date means none', () => {
    assert.equal(dateOnly({ date: '0000-00-00' }, 'date'), undefined);
    assert.equal(dateOnly({ date: '' }, 'date'), undefined);
  });

  test('days that are in no calendar, and other shapes, are invalid', () => {
    const wrong = [
      '2026-02-29',
      '2026-13-01',
      '2026-00-10',
      '2026-04-31',
      '2026-4-1',
      '2026-0401',
      '31/03/2026',
      '1900-02-29',
      '0000-01-01',
      '2026-03-31 10:00:00',
    ];
    for (const text of wrong) assert.equal(dateOnly({ date: text }, 'date'), 'invalid', text);
    assert.equal(dateOnly({ date: '2000-02-29' }, 'date'), '2000-02-29');
  });

  test('agrees with the calendar of Date on every day', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9999 }),
        fc.integer({ min: 0, max: 13 }),
        fc.integer({ min: 0, max: 32 }),
        (year, month, day) => {
          const text = [
            String(year).padStart(4, '0'),
            String(month).padStart(2, '0'),
            String(day).padStart(2, '0'),
          ].join('-');
          const instant = new Date(`${text}T00:00:00Z`);
          const exists = !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
          assert.equal(dateOnly({ date: text }, 'date'), exists ? text : 'invalid');
        },
      ),
    );
  });
});

test('numbered: 0 works, empties are left out, other suffixes belong to other parameters', async () => {
  const values = await sent('itemamount0=1&itemamount2=&itemamount3=5&itemamount03=9&itemamount=7&itemamount1x=8');
  assert.deepEqual(
    [...numbered(values, 'itemamount')],
    [
      [0, '1'],
      [3, '5'],
    ],
  );
  const listed = await sent('itemamount1[]=1');
  assert.throws(() => numbered(listed, 'itemamount'), WireFault);
});

async function sent(body: string): Promise<WireValues> {
  const answer = await readRequest({ method: 'POST', query: '', body: Buffer.from(body) });
  assert.ok(answer.ok);
  return answer.values;
}

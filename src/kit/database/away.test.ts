import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isDatabaseAway } from '#kit/database/away.ts';

const failed = (message: string, more: object = {}): Error => Object.assign(new Error(message), more);

describe('isDatabaseAway', () => {
  test('a database that cannot serve now is told from a fault of ours', () => {
    for (const errcode of [5, 8, 10, 13, 14, 522, 1032, 3850])
      assert.equal(isDatabaseAway(failed('', { code: 'ERR_SQLITE_ERROR', errcode })), true, String(errcode));
    for (const code of [
      '08006',
      '53100',
      '53300',
      '57P01',
      '25006',
      '55P03',
      '58030',
      '3D000',
      'ECONNREFUSED',
      'EPIPE',
    ])
      assert.equal(isDatabaseAway(failed('', { code })), true, code);
    for (const text of ['Connection terminated unexpectedly', 'timeout exceeded when trying to connect'])
      assert.equal(isDatabaseAway(failed(text)), true, text);
  });

  test('a statement that is wrong, a rule of the tables and anything else are not', () => {
    for (const errcode of [1, 19, 20, 2067])
      assert.equal(isDatabaseAway(failed('', { code: 'ERR_SQLITE_ERROR', errcode })), false, String(errcode));
    for (const code of ['42601', '42P01', '23505', '22021', '40001', 'ERR_INVALID_ARG_TYPE'])
      assert.equal(isDatabaseAway(failed('', { code })), false, code);
    for (const one of [new TypeError('x'), 'Connection terminated', undefined, failed('a Connection terminated')])
      assert.equal(isDatabaseAway(one), false);
  });
});

// Which stored passwords are read, and which are refused before anything is computed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { costText, nobodysHash, readStored } from './stored-form.ts';

const SALT = 'c29tZXNhbHRzb21lc2FsdA';
const HASH = 'A'.repeat(43);
const BCRYPT_REST = 'abcdefghijklmnopqrstuu23JPZtHcGhwXSF41f93o/7vBdDut3Xu';

test("nobody's hash is one of today's cost, of full length, and never twice the same", () => {
  const cost = { memoryKiB: 19456, passes: 2, lanes: 1 };
  const form = readStored(nobodysHash(cost));
  assert.ok(form.format === 'argon2id');
  assert.equal(costText(form.cost), costText(cost));
  assert.equal(form.fullLength, true);
  assert.notEqual(nobodysHash(cost), nobodysHash(cost));
});

test('an Argon2id is read up to 256 MiB, 20 passes and 16 lanes', () => {
  const format = (m: number | string, t: number | string, p: number | string) =>
    readStored(`$argon2id$v=19$m=${m},t=${t},p=${p}$${SALT}$${HASH}`).format;
  assert.equal(format(262144, 20, 16), 'argon2id');
  assert.equal(format(262145, 2, 1), 'unusable');
  assert.equal(format(19456, 21, 1), 'unusable');
  assert.equal(format(19456, 2, 17), 'unusable');
  assert.equal(format(15, 2, 2), 'unusable');
  assert.equal(format(19456, 0, 1), 'unusable');
  assert.equal(format('4294967295', 2, 1), 'unusable');
  assert.equal(format('1e5', 2, 1), 'unusable');
  assert.equal(format(19456, 2, '-1'), 'unusable');
});

test('bcrypt is read from 4 to 15 rounds, in the three spellings of one algorithm', () => {
  const formats = (start: string) => readStored(start + BCRYPT_REST).format;
  for (const start of ['$2y$10$', '$2b$10$', '$2a$10$', '$2y$04$', '$2y$15$'])
    assert.equal(formats(start), 'bcrypt', start);
  for (const start of ['$2y$03$', '$2y$16$', '$2y$31$', '$2y$99$', '$2x$10$', '$2$10$', '$2y$1$']) {
    assert.equal(formats(start), 'unusable', start);
  }
});

test('salts of old WHMCS may hold anything, and a colon ends the digest once', () => {
  const digest = '3cb4e732631f47e6eb961f34554b7cde';
  assert.deepEqual(readStored(digest), { format: 'md5', digest, salt: '' });
  assert.deepEqual(readStored(`${digest}:R(IDy`), { format: 'md5', digest, salt: 'R(IDy' });
  assert.deepEqual(readStored(`${digest}:a:b:c`), { format: 'md5', digest, salt: 'a:b:c' });
  assert.equal(readStored(`${digest}:${'x'.repeat(256)}`).format, 'unusable');
  assert.equal(readStored(digest.slice(1)).format, 'unusable');
  assert.equal(readStored(`${digest}0`).format, 'unusable');
});

test('other formats, near misses and plain text are unusable', () => {
  const others = [
    '',
    'correct horse',
    `$argon2i$v=19$m=19456,t=2,p=1$${SALT}$${HASH}`,
    `$argon2id$v=16$m=19456,t=2,p=1$${SALT}$${HASH}`,
    `$argon2id$m=19456,t=2,p=1$${SALT}$${HASH}`,
    `$argon2id$v=19$m=19456,t=2,p=1,keyid=x$${SALT}$${HASH}`,
    `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$AAAA`,
    `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${HASH}\n`,
    `$2y$10$${BCRYPT_REST}\n`,
    '*0',
  ];
  for (const stored of others) assert.equal(readStored(stored).format, 'unusable', stored);
});

test('no text at all makes the reader throw', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (stored) => readStored(stored).format !== undefined));
});

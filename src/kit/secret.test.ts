// Random bytes, hashes of secrets, comparing, sealing.

import assert from 'node:assert/strict';
import { createHmac, hkdfSync } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  constantTimeEqual,
  fingerprint,
  md5Hex,
  newUuid,
  openSeal,
  randomHex,
  randomLetters,
  randomToken,
} from '#kit/secret.ts';

const KEY = Buffer.alloc(32, 7).toString('base64url');
const OTHER_KEY = Buffer.alloc(32, 8).toString('base64url');

describe('drawing', () => {
  test('a token has 256 bits unless told, and no two are alike', () => {
    const tokens = new Set(Array.from({ length: 2000 }, () => randomToken()));
    assert.equal(tokens.size, 2000);
    for (const token of tokens) assert.match(token, /^[\w-]{43}$/);
    assert.equal(Buffer.from(randomToken(6), 'base64url').length, 6);
  });

  test('a token in hex has two digits for each byte', () => {
    assert.match(randomHex(20), /^[0-9a-f]{40}$/);
  });

  test('letters come as many as asked for, each of the 62 about as often', () => {
    const drawn = randomLetters(62_000);
    assert.match(drawn, /^[A-Za-z0-9]{62000}$/);
    const counts = new Map<string, number>();
    for (const letter of drawn) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    assert.equal(counts.size, 62);
    // A draw by `byte % 62` without throwing bytes away would give the first eight letters a quarter more.
    for (const [letter, count] of counts) assert.ok(Math.abs(count - 1000) < 200, `${letter} came ${count} times`);
  });

  test('a UUID is of version 4', () => {
    assert.match(newUuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe('hashing and comparing', () => {
  test('a fingerprint tells two secrets apart and does not hold them', () => {
    const secret = randomToken();
    assert.equal(fingerprint(secret), fingerprint(secret));
    assert.notEqual(fingerprint(secret), fingerprint(`${secret}x`));
    assert.ok(!fingerprint(secret).includes(secret.slice(0, 8)));
  });

  test('the hash for old clients is the one they compute', () => {
    assert.equal(md5Hex('secret'), '5ebe2294ecd0e0f08eab7690d2a6ee69');
  });

  test('two texts are equal exactly when they are the same', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => constantTimeEqual(a, b) === (a === b)));
    assert.ok(constantTimeEqual('', ''));
    assert.ok(!constantTimeEqual('a', 'a\0'));
  });
});

describe('sealing', () => {
  const seal = openSeal(KEY);

  test('whatever is sealed opens to the same text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, bound) => {
        const whole = text.toWellFormed(); // half of a surrogate pair is no text that any file could hold
        assert.equal(seal.open('letter', seal.seal('letter', whole, bound), bound), whole);
      }),
    );
  });

  test('the same text is sealed differently each time', () => {
    assert.notEqual(seal.seal('letter', 'hello'), seal.seal('letter', 'hello'));
  });

  test('a sealed text opens for its purpose, its bound value and its key alone', () => {
    const sealed = seal.seal('letter', 'hello', 'ada@example.test');
    assert.equal(seal.open('letter', sealed, 'ada@example.test'), 'hello');
    assert.equal(seal.open('password', sealed, 'ada@example.test'), undefined);
    assert.equal(seal.open('letter', sealed, 'eve@example.test'), undefined);
    assert.equal(seal.open('letter', sealed), undefined);
    assert.equal(openSeal(OTHER_KEY).open('letter', sealed, 'ada@example.test'), undefined);
  });

  test('one changed bit anywhere keeps it shut', () => {
    const bytes = Buffer.from(seal.seal('letter', 'hello'), 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      assert.equal(seal.open('letter', changed.toString('base64url')), undefined, `byte ${at}`);
    }
  });

  test('nonsense opens nothing and throws nothing', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => seal.open('letter', text) === undefined));
    for (const text of ['', 'AQ', 'A'.repeat(38), '\0'.repeat(100)]) assert.equal(seal.open('letter', text), undefined);
  });

  test('a signature is of its purpose, its text and its key', () => {
    const signed = seal.sign('csrf', 'a|b');
    assert.equal(seal.sign('csrf', 'a|b'), signed);
    assert.notEqual(seal.sign('notice', 'a|b'), signed);
    assert.notEqual(seal.sign('csrf', 'a|c'), signed);
    assert.notEqual(openSeal(OTHER_KEY).sign('csrf', 'a|b'), signed);
  });

  test('a signature is the HMAC-SHA-256 of RFC 2104, of a text of any length', () => {
    const key = Buffer.from(hkdfSync('sha256', Buffer.from(KEY, 'base64url'), 'doorward', 'sign:csrf', 32));
    for (const text of ['', 'a|b', 'ü–\u{1f600}', 'x'.repeat(1000)])
      assert.equal(seal.sign('csrf', text), createHmac('sha256', key).update(text).digest('base64url'));
  });

  test('a key that is too short is refused', () => {
    assert.throws(() => openSeal(Buffer.alloc(31).toString('base64url')), /32 bytes/);
    assert.throws(() => openSeal(''), /32 bytes/);
  });
});

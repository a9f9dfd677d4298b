// Which new passwords are refused, and which must not be.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { passwordFault } from './strength.ts';

const fault = (password: string, ...words: string[]) => passwordFault(password, { minimumLength: 12, words });
const list =
  readFileSync(new URL('./common-passwords.txt', import.meta.url), 'utf8')
    .split('\n\n')[1]
    ?.trim()
    .split('\n') ?? [];

describe('length', () => {
  test('is what the setting asks for, counted in characters', () => {
    assert.equal(fault('kumquat-vex'), 'password-too-short');
    assert.equal(fault('kumquat-vexy'), undefined);
    assert.equal(fault('🦉🌵🪁🧭🛶🎻🪴🧶🦔🍋🪵'), 'password-too-short');
    assert.equal(fault('🦉🌵🪁🧭🛶🎻🪴🧶🦔🍋🪵🐚'), undefined);
    assert.equal(fault('e\u0301a\u0300o\u0302u\u0308i\u0303y\u0301'), 'password-too-short'); // six, typed with six accents
  });

  test('is never less than eight, whatever the setting says', () => {
    assert.equal(passwordFault('kumq-vx', { minimumLength: 1 }), 'password-too-short');
    assert.equal(passwordFault('kumq-vxz', { minimumLength: 1 }), undefined);
  });

  test('goes up to 1,024 characters', () => {
    const long = 'kumquats vex jolly dwarves '.repeat(40).slice(0, 1023);
    assert.equal(fault(`${long}!`), undefined);
    assert.equal(fault(`${long}!!`), 'password-too-long');
    assert.equal(fault('🦉'.repeat(1025)), 'password-too-long');
  });

  test('nothing at all is missing, and half a character unreadable', () => {
    assert.equal(fault(''), 'password-missing');
    assert.equal(fault('kumquat vex \udc00'), 'password-unreadable');
  });
});

describe('no rules of composition: allowed are', () => {
  const allowed = [
    'kumquat vexes jolly dwarves',
    '            kumquat',
    'выдра поёт на крыше',
    '正確的馬電池訂書釘釘書機桌',
    '830164927503',
    '"; drop table users --',
    '\u0000\u0001 control \u007f',
  ];
  for (const password of allowed) test(JSON.stringify(password), () => assert.equal(fault(password), undefined));
});

describe('common passwords', () => {
  test('at least 3,000 are refused at every minimum length from 8 to 16 (ASVS 5.0 V6.2.4)', () => {
    for (let minimumLength = 8; minimumLength <= 16; minimumLength += 1) {
      const matching = list.filter((password) => [...password].length >= minimumLength);
      assert.ok(matching.length >= 3000, `${matching.length} at ${minimumLength}`);
      const accepted = matching.filter((password) => passwordFault(password, { minimumLength }) !== 'password-common');
      assert.deepEqual(accepted, []);
    }
  });

  test('are refused in capitals too', () => {
    assert.equal(fault('QWERTY123456'), 'password-common');
    assert.equal(fault('Administrator'), 'password-common');
  });

  const variants = [
    'password2026!',
    '1234Sunshine!',
    'aaaaaaaaaaaa',
    'abcabcabcabcabc',
    'passwordpassword',
    'PasswordPasswordPassword',
    'abcdefghijklmnop',
    '123456789012345678',
    '987654321098',
    'ЙЙЙЙЙЙЙЙЙЙЙЙ',
  ];
  for (const password of variants) test(`"${password}" is one`, () => assert.equal(fault(password), 'password-common'));

  test('one with as much again around it is not', () => {
    assert.equal(fault('password of ottilie'), undefined);
    assert.equal(fault('sunshine 7Kq!vz'), undefined);
    assert.equal(fault('abcdefghijklm, said she'), undefined);
  });

  test('the list is lower case, sorted, without doubles, and long enough to matter', () => {
    assert.deepEqual(
      list.filter((password) => password !== password.toLowerCase() || [...password].length < 8),
      [],
    );
    assert.equal(new Set(list).size, list.length);
    assert.equal(list[0]?.startsWith('# '), false);
  });
});

describe("the person's own words", () => {
  const about = ['ada.lovelace@example.com', 'Ada', 'Lovelace', 'Engine & Söhne GmbH'];
  const refused = [
    'ada.lovelace@example.com',
    'AdaLovelace1815',
    'lovelace2026!',
    'Lovelace-Lovelace',
    'lovelace example',
    'Engine & Söhne GmbH',
    'enginesöhnegmbh',
    'engine1engine2',
    'so\u0308hne so\u0308hne 12',
  ];
  for (const password of refused) {
    test(`"${password}" is made of them`, () => assert.equal(fault(password, ...about), 'password-contains-personal'));
  }

  test('may be part of a password that has enough beside them', () => {
    assert.equal(fault('lovelace met babbage at tea', ...about), undefined);
    assert.equal(fault('lovelace7Kq!vz9', ...about), undefined);
  });

  test('of fewer than four letters do not count', () => {
    assert.equal(fault('adamant kumquat', 'Ada', 'Li', ''), undefined);
  });

  test('of others do not count', () => {
    assert.equal(fault('ottilie-1815', 'Charles', 'Babbage'), undefined);
  });
});

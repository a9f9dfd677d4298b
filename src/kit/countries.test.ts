// Countries and their names.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countries, countryName, isCountry } from '#kit/countries.ts';

test('a code is two capitals of the list; nothing else is a country', () => {
  assert.ok(isCountry('GB') && isCountry('NL') && isCountry('AX'));
  for (const other of ['gb', 'UK', 'GBR', '', 'XX', ' GB', 'constructor']) assert.ok(!isCountry(other), other);
});

test('every country has a name that is not its code, and no two the same one', () => {
  const all = countries();
  assert.equal(all.length, 249); // ISO 3166-1
  assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
  for (const { code, name } of all) assert.notEqual(name, code);
});

test('the list follows the alphabet of its language', () => {
  const names = countries('de').map(({ name }) => name);
  assert.deepEqual(
    names,
    [...names].sort((a, b) => a.localeCompare(b, 'de')),
  );
  assert.ok(names.indexOf('Österreich') < names.indexOf('Polen'));
});

test('what is no code is shown as it is', () => {
  assert.equal(countryName('Atlantis'), 'Atlantis');
  assert.equal(countryName('DE', 'de'), 'Deutschland');
});

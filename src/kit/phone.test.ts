// Phone numbers as they are kept.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { countries } from '#kit/countries.ts';
import { phoneParts, storedPhone } from '#kit/phone.ts';

describe('a phone number', () => {
  const cases: readonly [typed: string, country: string, kept: string | undefined][] = [
    ['020 7946 0000', 'GB', '+44.2079460000'],
    ['+44 (0)20 7946-0000', 'NL', '+44.2079460000'],
    ['+44.2079460000', 'GB', '+44.2079460000'],
    ['0044 20 7946 0000', 'NL', '+44.2079460000'],
    ['06 6981 2345', 'IT', '+39.0669812345'],
    ['+800 1234 5678', '', '+800.12345678'],
    ['020 7946 0000', '', undefined],
    ['020 7946 0000', 'Atlantis', undefined],
    ['12', 'DE', undefined],
    ['0000', 'GB', undefined],
    ['', 'GB', undefined],
    ['+', 'GB', undefined],
    ['call me', 'GB', undefined],
    ['my number is 020 7946 0000', 'GB', undefined],
    ['<script>020 7946 0000</script>', 'GB', undefined],
    ['9'.repeat(100_000), 'GB', undefined],
  ];
  for (const [typed, country, kept] of cases) {
    test(`"${typed.slice(0, 40)}" in ${country || 'no country'} is ${kept ?? 'none'}`, () =>
      assert.equal(storedPhone(typed, country), kept));
  }

  test('what is kept is read back as the same number, in every country', () => {
    const codes = countries().map(({ code }) => code);
    fc.assert(
      fc.property(
        fc.stringMatching(/^\+?\d{5,15}$/),
        fc.constantFrom(...codes),
        fc.constantFrom(...codes),
        (typed, at, elsewhere) => {
          const kept = storedPhone(typed, at);
          if (kept === undefined) return;
          assert.equal(storedPhone(kept, elsewhere), kept);
          const { countryCode, number } = phoneParts(kept);
          assert.equal(`+${countryCode}.${number}`, kept);
          assert.match(kept, /^\+\d{1,3}\.\d+$/);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('what was taken over in another form keeps its text as the number', () => {
    assert.deepEqual(phoneParts('ext. 12'), { countryCode: '', number: 'ext. 12' });
    assert.deepEqual(phoneParts(''), { countryCode: '', number: '' });
  });
});

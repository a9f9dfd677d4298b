// Phone numbers, kept as `+<country code>.<number>` as WHMCS keeps them.

import type { CountryCode } from 'libphonenumber-js/min';
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

const MOST_REMEMBERED = 5000;
const LONGEST_REMEMBERED = 40;
const remembered = new Map<string, string | undefined>();

/**
 * A number as `+31.201234567`, read in the light of a country; undefined when it cannot be one. What was read is remembered:
 * reading takes as long as the rest of the API call that answers a client.
 */
export function storedPhone(text: string, country: string): string | undefined {
  if (text.length > LONGEST_REMEMBERED || country.length > 2) return readTwice(text, country);
  const name = `${country} ${text}`;
  const known = remembered.get(name);
  if (known !== undefined || remembered.has(name)) return known;
  const read = readTwice(text, country);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(name, read);
  return read;
}

function readTwice(text: string, country: string): string | undefined {
  const stored = readOnce(text, country);
  // What would be read back as another number (`+44.0000000000` loses a nought each time) is none.
  return stored !== undefined && readOnce(stored, country) === stored ? stored : undefined;
}

function readOnce(text: string, country: string): string | undefined {
  const region: CountryCode | undefined = isSupportedCountry(country) ? country : undefined;
  const parsed = parsePhoneNumberFromString(
    text,
    region ? { defaultCountry: region, extract: false } : { extract: false },
  );
  return parsed?.isPossible() ? `+${parsed.countryCallingCode}.${parsed.nationalNumber}` : undefined;
}

/** The two halves of a stored number: `31` and `201234567`; both empty when there is none. */
export function phoneParts(stored: string): { countryCode: string; number: string } {
  const match = /^\+(\d+)\.(\d+)$/.exec(stored);
  return { countryCode: match?.[1] ?? '', number: match?.[2] ?? stored };
}

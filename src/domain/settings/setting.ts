// What a setting is: a name, a kind that reads and writes it, a default. Each is exported by a *.settings.ts of its topic.

import { plainRange } from '#kit/address.ts';
import { isCountry } from '#kit/countries.ts';
import { publicUrlOf } from '#kit/public-url.ts';
import { isMailAddress, manyLines, oneLine } from '#kit/text.ts';

/** The pages of the settings form. */
export type SettingArea = 'general' | 'people' | 'security' | 'mail' | 'api';

/** How a kind of setting is shown, read and kept. `read` answers a key of locales/en/errors.json when the text will not do. */
export type SettingKind<T> = {
  readonly shown: 'text' | 'long-text' | 'number' | 'flag' | 'choice' | 'choices' | 'country' | 'lines' | 'secret';
  readonly options?: readonly string[];
  readonly unit?: string;
  /** The bounds of a number, for the form to say. */
  readonly bounds?: { readonly least: number; readonly most: number };
  readonly read: (text: string) => { readonly value: T } | { readonly fault: string };
  readonly write: (value: T) => string;
};

/** A setting: label and help are `settings.<name>.label` and `settings.<name>.help`. */
export type Setting<T> = {
  readonly name: string;
  readonly area: SettingArea;
  readonly kind: SettingKind<T>;
  readonly fallback: T;
  /** Kept by the installation itself and not on the form. */
  readonly hidden?: boolean;
};

/** An address range with the operator's note. */
export type NotedRange = { readonly range: string; readonly note: string };

/** One line of text, at most `most` characters. */
export function text(most = 200): SettingKind<string> {
  return {
    shown: 'text',
    read: (given) => (given.length > most ? { fault: 'setting-too-long' } : { value: oneLine(given) }),
    write: (value) => value,
  };
}

/** Lines of text, at most `most` characters. */
export function lines(most: number): SettingKind<string> {
  return {
    shown: 'long-text',
    read: (given) => (given.length > most ? { fault: 'setting-too-long' } : { value: manyLines(given) }),
    write: (value) => value,
  };
}

/** A whole number between two bounds, in a unit that its name and label say. */
export function wholeNumber(least: number, most: number, unit: string): SettingKind<number> {
  return {
    shown: 'number',
    unit,
    bounds: { least, most },
    read: (given) => {
      const number = Number(given.trim());
      const fits = /^\d+$/.test(given.trim()) && number >= least && number <= most;
      return fits ? { value: number } : { fault: 'setting-number-out-of-range' };
    },
    write: String,
  };
}

/** On or off. */
export function flag(): SettingKind<boolean> {
  return {
    shown: 'flag',
    read: (given) => {
      if (['1', 'true', 'on', 'yes'].includes(given.toLowerCase())) return { value: true };
      if (['', '0', 'false', 'off', 'no'].includes(given.toLowerCase())) return { value: false };
      return { fault: 'setting-not-a-flag' };
    },
    write: (value) => (value ? 'on' : ''),
  };
}

/** One of the options. */
export function choice(options: readonly string[]): SettingKind<string> {
  return {
    shown: 'choice',
    options,
    read: (given) => (options.includes(given) ? { value: given } : { fault: 'setting-not-an-option' }),
    write: (value) => value,
  };
}

/** Any number of the options; kept as a comma list. */
export function choices(options: readonly string[]): SettingKind<readonly string[]> {
  return {
    shown: 'choices',
    options,
    read: (given) => {
      const chosen = given.split(/[\s,]+/).filter((one) => one !== '');
      return chosen.every((one) => options.includes(one)) ? { value: chosen } : { fault: 'setting-not-an-option' };
    },
    write: (value) => value.join(','),
  };
}

/** The code of a country (ISO 3166-1 alpha-2), or empty. */
export function country(): SettingKind<string> {
  return {
    shown: 'country',
    read: (given) => {
      const code = given.trim().toUpperCase();
      return code === '' || isCountry(code) ? { value: code } : { fault: 'country-invalid' };
    },
    write: (value) => value,
  };
}

/** The public address of the installation, or empty. */
export function publicAddress(): SettingKind<string> {
  return {
    shown: 'text',
    read: (given) => {
      if (given.trim() === '') return { value: '' };
      const url = publicUrlOf(given.trim());
      return url ? { value: url } : { fault: 'setting-not-a-public-address' };
    },
    write: (value) => value,
  };
}

/** An e-mail address. */
export function mailAddress(): SettingKind<string> {
  return {
    shown: 'text',
    read: (given) =>
      given.trim() === '' || isMailAddress(given.trim()) ? { value: given.trim() } : { fault: 'email-invalid' },
    write: (value) => value,
  };
}

/** A secret as it is kept: sealed by the installation's key. Empty where there is none. `secretOf` in settings.ts opens it. */
export type SealedText = { readonly sealed: string };

/**
 * What another service knows us by: a key or a password. Kept sealed, never shown again, and not written into the log
 * (ASVS 5.0 V13.3.1, V14.2.4). `read` and `write` deal with the sealed text; changeSettings seals what was typed.
 */
export function secret(): SettingKind<SealedText> {
  return {
    shown: 'secret',
    read: (given) => (given.length > 2000 ? { fault: 'setting-too-long' } : { value: { sealed: given.trim() } }),
    write: (value) => value.sealed,
  };
}

/** Addresses and ranges, one a line, each with an optional note after `#`. */
export function ranges(): SettingKind<readonly NotedRange[]> {
  return {
    shown: 'lines',
    read: (given) => {
      const lines = given.split('\n').filter((line) => line.trim() !== '');
      const value = lines.map(notedRange);
      const good = value.filter((one) => one !== undefined);
      return good.length === value.length ? { value: good } : { fault: 'address-range-invalid' };
    },
    write: (value) => value.map((one) => (one.note ? `${one.range} # ${one.note}` : one.range)).join('\n'),
  };
}

/** Names with an address each, one a line: `clientarea:invoices https://billing.example.com/invoices`. */
export function namedAddresses(names: readonly string[]): SettingKind<Readonly<Record<string, string>>> {
  return {
    shown: 'lines',
    read: (given) => {
      const pairs = given
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => line.trim().split(/\s+/));
      const good = pairs.every(
        ([name, url, ...rest]) =>
          names.includes(name ?? '') && /^https?:\/\//.test(url ?? '') && URL.canParse(url ?? '') && rest.length === 0,
      );
      return good ? { value: Object.fromEntries(pairs) } : { fault: 'setting-not-named-addresses' };
    },
    write: (value) =>
      Object.entries(value)
        .map(([name, url]) => `${name} ${url}`)
        .join('\n'),
  };
}

function notedRange(line: string): NotedRange | undefined {
  const [range = '', ...note] = line.split('#');
  const clean = plainRange(range);
  return clean === undefined ? undefined : { range: clean, note: oneLine(note.join('#')) };
}

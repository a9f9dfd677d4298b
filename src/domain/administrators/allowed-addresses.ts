// The list of addresses from which programs may call the API: one added, one taken away.

import { apiAllowedAddresses } from '#domain/administrators/api-access.settings.ts';
import type { Actor } from '#domain/audit/actor.ts';
import type { NotedRange } from '#domain/settings/setting.ts';
import { adjustSetting, settingOf } from '#domain/settings/settings.ts';
import { plainRange } from '#kit/address.ts';
import { invalid, notFound } from '#kit/problem.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** The most characters of a note. */
const LONGEST_NOTE = 200;

/** The list, in the order in which it was made. */
export async function allowedAddresses(ctx: Context): Promise<readonly NotedRange[]> {
  return settingOf(ctx, apiAllowedAddresses);
}

/**
 * Puts an address or range on the list, in its plain form (`1.2.3.*` becomes a /24), and answers that form. Throws invalid
 * `range` when it is none or stands there already, invalid `note` when that is too long.
 */
export async function allowAddress(ctx: Context, actor: Actor, given: NotedRange): Promise<string> {
  const range = plainRange(given.range);
  if (!range) throw invalid({ range: 'address-invalid' });
  if (given.note.length > LONGEST_NOTE) throw invalid({ note: 'too-long' });
  const entry = { range, note: oneLine(given.note) };
  await adjustSetting(ctx, actor, apiAllowedAddresses, (list) => {
    if (list.some((one) => isSame(one.range, range))) throw invalid({ range: 'address-listed' });
    return [...list, entry];
  });
  return range;
}

/** Takes an address or range off the list. Throws not-found `address-not-listed`. */
export async function disallowAddress(ctx: Context, actor: Actor, range: string): Promise<void> {
  await adjustSetting(ctx, actor, apiAllowedAddresses, (list) => {
    const left = list.filter((one) => !isSame(one.range, range));
    if (left.length === list.length) throw notFound('address-not-listed');
    return left;
  });
}

/** Whether two spellings mean one range: the list may hold what was typed as a setting. */
function isSame(one: string, other: string): boolean {
  return one === other || (plainRange(one) ?? one) === (plainRange(other) ?? other);
}

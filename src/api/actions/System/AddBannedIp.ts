// AddBannedIp: shuts an address out of everything, for some days or for good.

import { ActionError, action } from '#api/action.ts';
import { readInstant } from '#api/dialect/instants.ts';
import { integer, scalar } from '#api/dialect/parameters.ts';
import type { WireValues } from '#api/dialect/wire.ts';
import { banAddress } from '#domain/guard/bans.ts';
import { days } from '#kit/duration.ts';

const MOST_DAYS = 36_500;

/**
 * ip (an address, `1.2.3.*` or a range) and reason, both required; days, or else expires (`Y-m-d H:i:s`, UTC; the zero
 * date is for good). Answers banid. Refuses a range that holds the caller's own address.
 */
export default action({
  group: 'System',
  answer: async ({ ctx, caller, values }) => {
    const range = scalar(values, 'ip')?.trim();
    if (!range) throw new ActionError('IP is required');
    const reason = scalar(values, 'reason')?.trim();
    if (!reason) throw new ActionError('Reason is required');
    const expiresAt = endOf(values, ctx.now());
    return { banid: await banAddress(ctx, caller.actor, { range, reason, expiresAt, source: 'api' }) };
  },
});

/** When a ban ends; undefined for good. Days go before an instant, as documented. */
function endOf(values: WireValues, now: number): number | undefined {
  const given = integer(values, 'days', MOST_DAYS);
  if (given === 'invalid' || given === 0) throw new ActionError(`Days must be a whole number from 1 to ${MOST_DAYS}`);
  if (given !== undefined) return now + days(given);
  const text = scalar(values, 'expires');
  if (text === undefined) throw new ActionError('Days is required');
  const expires = readInstant(text);
  if (expires === 'invalid') throw new ActionError('Expires must look like 2026-12-31 23:59:59');
  return expires === 'never' ? undefined : expires;
}

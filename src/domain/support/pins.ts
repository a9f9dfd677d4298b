// The PIN by which a caller shows support that they are signed in as who they say to be. Staff learn whether it matched, and
// nothing else. Six digits that hold for ten minutes, for one call and five tries: whoever guesses, together with however many
// others, is right once in 200,000 times (ASVS 5.0 V6.5.4, V6.6.3).

import type { Actor, StaffActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { Limit } from '#domain/guard/limits.ts';
import { spendLimit } from '#domain/guard/limits.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { findPin, putPin, tryPin } from '#domain/support/pins.table.ts';
import { supportPinMinutes } from '#domain/support/support.settings.ts';
import { userOf } from '#domain/users/users.ts';
import { minutes } from '#kit/duration.ts';
import { invalid } from '#kit/problem.ts';
import { randomDigits } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

/** The digits of a PIN. */
export const PIN_DIGITS = 6;
/** How often a PIN may be tried. */
export const PIN_TRIES = 5;

const MADE: Limit = { name: 'support-pin-made', most: 30, withinMs: minutes(60) };
const TRIED: Limit = { name: 'support-pin-tried', most: 20, withinMs: minutes(60) };

/**
 * A person's PIN as they see it:
 * - `none`: none was made, or its time is over
 * - `holds`: it can be read to support
 * - `used`: support compared it, and it was right
 * - `dead`: it was tried too often
 */
export type OwnPin =
  | { readonly is: 'none' }
  | { readonly is: 'holds'; readonly pin: string; readonly expiresAt: number }
  | { readonly is: 'used'; readonly at: number }
  | { readonly is: 'dead' };

/** The PIN of whoever is signed in. Their own page alone may ask. */
export async function ownPin(ctx: Context, userId: number): Promise<OwnPin> {
  const row = await findPin(ctx, userId);
  if (!row || row.expires_at <= ctx.now()) return { is: 'none' };
  if (row.used_at !== null) return { is: 'used', at: row.used_at };
  if (row.tries >= PIN_TRIES) return { is: 'dead' };
  const pin = ctx.seal.open(PURPOSE, row.pin_sealed, boundTo(userId));
  return pin === undefined ? { is: 'none' } : { is: 'holds', pin, expiresAt: row.expires_at };
}

/** Makes a new PIN; the one before it is worth nothing from here on. Throws too-many. */
export async function makePin(ctx: Context, actor: Actor, userId: number): Promise<void> {
  await spendLimit(ctx, MADE, `user ${userId}`);
  const pin = randomDigits(PIN_DIGITS);
  await ctx.transaction(async (tx) => {
    await putPin(tx, {
      user_id: userId,
      pin_mac: macOf(tx, userId, pin),
      pin_sealed: tx.seal.seal(PURPOSE, pin, boundTo(userId)),
      made_at: tx.now(),
      expires_at: tx.now() + minutes(await settingOf(tx, supportPinMinutes)),
    });
    await audit(tx, actor, { event: 'user.support_pin.made', description: `${actor.name} made a support PIN`, userId });
  });
}

/**
 * Compares what a caller told with the user's PIN; a match spends it. Whether there is a PIN at all is not said. Throws
 * not-found, invalid with the field `pin`, or too-many.
 */
export async function comparePin(ctx: Context, actor: StaffActor, userId: number, told: string): Promise<boolean> {
  const pin = told.replaceAll(/[\s-]/g, '');
  if (!/^\d{6}$/.test(pin)) throw invalid({ pin: 'support-pin-shape' });
  const user = await userOf(ctx, userId);
  await spendLimit(ctx, TRIED, `administrator ${actor.administratorId}`);
  return ctx.transaction(async (tx) => {
    // Nobody who may not sign in is anybody on the phone.
    const matches = user.disabledAt === undefined && (await tryPin(tx, userId, macOf(tx, userId, pin), PIN_TRIES));
    await audit(tx, actor, {
      event: matches ? 'user.support_pin.matched' : 'user.support_pin.refused',
      description: `${actor.name} compared a support PIN of ${user.email}: ${matches ? 'match' : 'no match'}`,
      userId,
    });
    return matches;
  });
}

const PURPOSE = 'support-pin';

/** By the installation's key, so that a stolen database does not tell a PIN; and by the user, so that it is theirs alone. */
function macOf(ctx: Context, userId: number, pin: string): string {
  return ctx.seal.sign(PURPOSE, `${userId}|${pin}`);
}

function boundTo(userId: number): string {
  return `user ${userId}`;
}

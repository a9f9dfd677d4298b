// The table of who signed in on which browser, and for how long that browser is trusted with their second factor.

import type { Generated } from 'kysely';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import { hotInsert, hotQuery } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

/** A person on a browser, as stored. */
export type KnownDeviceRow = {
  id: number;
  device_id: number;
  user_id: number | null;
  administrator_id: number | null;
  user_agent: string;
  ip: string;
  first_seen_at: number;
  last_seen_at: number;
  trusted_at: number | null;
  trusted_until: number | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    known_devices: Omit<KnownDeviceRow, 'id'> & { id: Generated<number> };
  }
}

/** How a browser showed itself at a sign-in. */
export type Seen = { readonly ip: string; readonly userAgent: string };

/** Notes that a person signed in on a browser. Answers whether they had before. */
export async function noteKnown(tx: Context, of: FactorHolder, deviceId: number, seen: Seen): Promise<boolean> {
  const again = of.kind === 'user' ? USER_AGAIN : ADMINISTRATOR_AGAIN;
  const [known] = await again(tx, tx.now(), seen.ip, seen.userAgent, of.id, deviceId);
  if (known) return true;
  await FIRST(tx, {
    device_id: deviceId,
    user_id: of.kind === 'user' ? of.id : null,
    administrator_id: of.kind === 'administrator' ? of.id : null,
    user_agent: seen.userAgent,
    ip: seen.ip,
    first_seen_at: tx.now(),
    last_seen_at: tx.now(),
    trusted_at: null,
    trusted_until: null,
  });
  return false;
}

const SEEN_AGAIN = 'update known_devices set last_seen_at = ?, ip = ?, user_agent = ?';
const USER_AGAIN = hotQuery<{ id: number }>(`${SEEN_AGAIN} where user_id = ? and device_id = ? returning id`);
const ADMINISTRATOR_AGAIN = hotQuery<{ id: number }>(
  `${SEEN_AGAIN} where administrator_id = ? and device_id = ? returning id`,
);

// Whoever signs in is held by their own row (login/holder.ts), so nobody is noted twice on one browser.
const FIRST = hotInsert<Omit<KnownDeviceRow, 'id'>, Pick<KnownDeviceRow, 'id'>>(
  'known_devices',
  {
    device_id: true,
    user_id: true,
    administrator_id: true,
    user_agent: true,
    ip: true,
    first_seen_at: true,
    last_seen_at: true,
    trusted_at: true,
    trusted_until: true,
  },
  'id',
);

/** Whether a person is known on any browser. */
export async function isKnownAnywhere(tx: Context, of: FactorHolder): Promise<boolean> {
  return (await ofPerson(tx, of).limit(1).executeTakeFirst()) !== undefined;
}

/** The browsers of a person, the one used last first; at most `most`. */
export async function knownDeviceRows(ctx: Context, of: FactorHolder, most: number): Promise<KnownDeviceRow[]> {
  return ofPerson(ctx, of).orderBy('last_seen_at', 'desc').orderBy('id', 'desc').limit(most).execute();
}

function ofPerson(ctx: Context, of: FactorHolder) {
  const query = ctx.db.selectFrom('known_devices').selectAll();
  return of.kind === 'user' ? query.where('user_id', '=', of.id) : query.where('administrator_id', '=', of.id);
}

/** Trusts a browser with a person's second factor until an instant. */
export async function trustKnown(tx: Context, of: FactorHolder, deviceId: number, until: number): Promise<void> {
  const query = tx.db
    .updateTable('known_devices')
    .set({ trusted_at: tx.now(), trusted_until: until })
    .where('device_id', '=', deviceId);
  await (of.kind === 'user'
    ? query.where('user_id', '=', of.id)
    : query.where('administrator_id', '=', of.id)
  ).execute();
}

/** Ends the trust in the browsers of a person, or in one of them. Answers in how many. */
export async function endTrustIn(tx: Context, of: FactorHolder, deviceId?: number): Promise<number> {
  let query = tx.db
    .updateTable('known_devices')
    .set({ trusted_at: null, trusted_until: null })
    .where('trusted_until', 'is not', null);
  query = of.kind === 'user' ? query.where('user_id', '=', of.id) : query.where('administrator_id', '=', of.id);
  if (deviceId !== undefined) query = query.where('device_id', '=', deviceId);
  return Number((await query.executeTakeFirst()).numUpdatedRows);
}

/** Forgets that a person signed in on a browser; true for exactly one caller. */
export async function deleteKnown(tx: Context, of: FactorHolder, deviceId: number): Promise<boolean> {
  const query = tx.db.deleteFrom('known_devices').where('device_id', '=', deviceId);
  const done = await (of.kind === 'user'
    ? query.where('user_id', '=', of.id)
    : query.where('administrator_id', '=', of.id)
  ).executeTakeFirst();
  return done.numDeletedRows === 1n;
}

/** Forgets everybody on a browser. */
export async function deleteKnownOn(tx: Context, deviceId: number): Promise<void> {
  await tx.db.deleteFrom('known_devices').where('device_id', '=', deviceId).execute();
}

/** Takes away whoever was not seen on a browser since `before`. */
export async function sweepKnown(ctx: Context, before: number): Promise<void> {
  await ctx.db.deleteFrom('known_devices').where('last_seen_at', '<', before).execute();
}

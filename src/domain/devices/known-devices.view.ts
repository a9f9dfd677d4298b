// Whether the browser of a cookie is known as this person's. One keyed read.

import type { FactorHolder } from '#domain/credentials/factor.ts';
import { hotQuery } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

/** A person on a browser, as far as a sign-in has to know. */
export type KnownByCookie = { deviceId: number; trustedAt: number | null; trustedUntil: number | null };

const KNOWN = `select d.id as "deviceId", k.trusted_at as "trustedAt", k.trusted_until as "trustedUntil"
 from devices d join known_devices k on k.device_id = d.id where (d.token_hash = ? or (d.previous_hash = ? and d.rotated_at > ?))`;
const USER = hotQuery<KnownByCookie>(`${KNOWN} and k.user_id = ?`);
const ADMINISTRATOR = hotQuery<KnownByCookie>(`${KNOWN} and k.administrator_id = ?`);

/** The browser of a cookie's hash, where this person signed in on it. `since`: how long a cookie just replaced is taken. */
export async function knownByCookie(
  ctx: Context,
  tokenHash: string,
  since: number,
  of: FactorHolder,
): Promise<KnownByCookie | undefined> {
  const query = of.kind === 'user' ? USER : ADMINISTRATOR;
  return (await query(ctx, tokenHash, tokenHash, since, of.id))[0];
}

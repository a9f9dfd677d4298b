// What members of staff change about themselves. Their address is where links for a new password go, so another one asks
// for the present password (ASVS 5.0 V7.5.1).

import { administratorOf, changeAdministrator } from '#domain/administrators/administrators.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { requireOwnAdministratorPassword } from '#domain/login/own-password.ts';
import { isAnotherAddress } from '#domain/users/users.ts';
import type { Context } from '#src/context.ts';

/** One's own details as typed. `current`: the present password, looked at when the address becomes another. */
export type OwnStaffDetails = {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly signature: string;
  readonly notes: string;
  readonly current: string;
};

/** Changes them. Throws invalid by field, conflict when the address is taken, or `too-many`. */
export async function changeOwnStaffDetails(
  ctx: Context,
  actor: Actor,
  administratorId: number,
  given: OwnStaffDetails,
): Promise<void> {
  const { current, ...details } = given;
  const before = await administratorOf(ctx, administratorId);
  // Not as addresses are compared: one that only looks alike may be another mailbox.
  if (isAnotherAddress(before.email, details.email))
    await requireOwnAdministratorPassword(ctx, administratorId, current);
  await changeAdministrator(ctx, actor, administratorId, details);
}

// The first administrator: by the printed one-time token, once, and only while there is none.

import {
  insertSetupInvitation,
  lockAdministrators,
  setupInvitationHolds,
  spendSetupInvitation,
  voidSetupInvitations,
} from '#domain/administrators/administrators.table.ts';
import type { NewAdministrator } from '#domain/administrators/administrators.ts';
import { addAdministrator, hasAdministrator } from '#domain/administrators/administrators.ts';
import { FULL_ADMINISTRATOR } from '#domain/administrators/permissions.ts';
import { listRoles, makeFirstRoles } from '#domain/administrators/roles.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { notAllowed } from '#kit/problem.ts';
import { fingerprint, randomToken } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

/** Makes a fresh set-up token, which ends every earlier one; undefined when there is an administrator already. */
export async function offerSetup(ctx: Context): Promise<string | undefined> {
  return ctx.transaction(async (tx) => {
    await makeFirstRoles(tx);
    await lockAdministrators(tx);
    if (await hasAdministrator(tx)) return undefined;
    const token = randomToken();
    await voidSetupInvitations(tx);
    await insertSetupInvitation(tx, fingerprint(token));
    return token;
  });
}

/** Whether a set-up token opens the set-up page now. */
export async function setupIsOpen(ctx: Context, token: string): Promise<boolean> {
  if (await hasAdministrator(ctx)) return false;
  return setupInvitationHolds(ctx, fingerprint(token));
}

/**
 * Makes the first administrator, a full one. Of any number of callers with the token exactly one succeeds
 * (Pocket ID, race in first admin set-up); the others hear not-allowed `setup-over`.
 */
export async function setUp(
  ctx: Context,
  token: string,
  given: Omit<NewAdministrator, 'roleId' | 'passwordHash'> & { passwordHash: string },
  ip: string,
): Promise<number> {
  return ctx.transaction(async (tx) => {
    await makeFirstRoles(tx);
    await lockAdministrators(tx);
    if (await hasAdministrator(tx)) throw notAllowed('setup-over');
    if (!(await spendSetupInvitation(tx, fingerprint(token)))) throw notAllowed('setup-over');
    const id = await addAdministrator(tx, { ...systemActor('Set-up'), ip }, { ...given, roleId: await fullRoleId(tx) });
    await voidSetupInvitations(tx);
    return id;
  });
}

/** The id of the full administrator's role. */
async function fullRoleId(ctx: Context): Promise<number> {
  const full = (await listRoles(ctx)).find((role) => role.name === FULL_ADMINISTRATOR);
  if (!full) throw new Error('the role Full Administrator is missing: run `doorward migrate`');
  return full.id;
}

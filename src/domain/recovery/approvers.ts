// Who may vouch for somebody, beside staff: the owner of every account that they may enter. An owner of just some of them
// does not: with the password, they would come into the others.

import { linkedAccountsOf } from '#domain/access/accounts.ts';
import { ownerIdOf } from '#domain/access/members.ts';
import { ownersApproveRecovery } from '#domain/recovery/recovery.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { findUser } from '#domain/users/users.ts';
import type { Context } from '#src/context.ts';

/**
 * The one user who owns every account that this one may enter, now or later; nobody where the setting forbids it, there is no
 * account, it is they themselves, or that owner was deactivated.
 */
export async function soleOwnerOver(ctx: Context, userId: number): Promise<number | undefined> {
  if (!(await settingOf(ctx, ownersApproveRecovery))) return undefined;
  const accounts = await linkedAccountsOf(ctx, userId);
  const owners = new Set(await Promise.all(accounts.map(({ client }) => ownerIdOf(ctx, client.id))));
  const [owner] = owners;
  if (owner === undefined || owners.size !== 1 || owner === userId) return undefined;
  return (await findUser(ctx, owner))?.disabledAt === undefined ? owner : undefined;
}

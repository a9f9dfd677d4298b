// Leaving every account at once, for somebody who leaves for good. An account that is not closed keeps its owner.

import { forgetInInvitations } from '#domain/access/invitations.table.ts';
import { leaveAccount } from '#domain/access/member-changes.ts';
import { deleteEndedMembers, deleteOwner, memberRowsOfUsers } from '#domain/access/members.table.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import { clientsOf, holdClient } from '#domain/clients/clients.ts';
import { conflict } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** An account by its number and name. */
export type OwnedAccount = { readonly id: number; readonly name: string };

/** The accounts that a person owns and that are not closed: they keep the person here. */
export async function liveAccountsOwnedBy(ctx: Context, userId: number): Promise<OwnedAccount[]> {
  const owned = (await memberRowsOfUsers(ctx, [userId])).filter((row) => row.is_owner === 1);
  const clients = await clientsOf(
    ctx,
    owned.map((row) => row.client_id),
  );
  return [...clients.values()]
    .filter((client) => client.status !== 'Closed')
    .map((client) => ({ id: client.id, name: displayName(client) }));
}

/**
 * Ends every membership of a person who is held for removal, and takes them out of invitations. Answers the accounts it was. Throws conflict
 * `owns-live-account` with their names: each has to be handed over or closed before.
 */
export async function leaveEveryAccount(tx: Context, actor: Actor, userId: number): Promise<number[]> {
  await deleteEndedMembers(tx, [userId]);
  await forgetInInvitations(tx, userId, `user ${userId}`);
  const rows = await memberRowsOfUsers(tx, [userId]);
  for (const row of rows) {
    if (row.is_owner === 1) await leaveClosed(tx, actor, userId, row.client_id);
    else await leaveAccount(tx, actor, userId, row.client_id);
  }
  return rows.map((row) => row.client_id);
}

async function leaveClosed(tx: Context, actor: Actor, userId: number, clientId: number): Promise<void> {
  const client = await holdClient(tx, clientId, 'change'); // else it could be opened again meanwhile, without an owner
  if (client.status !== 'Closed') throw conflict('owns-live-account', { account: displayName(client) });
  await deleteOwner(tx, userId, clientId);
  await audit(tx, actor, {
    event: 'access.owner_left',
    description: `User ${userId} owned the closed account and left for good`,
    clientId,
    userId,
  });
}

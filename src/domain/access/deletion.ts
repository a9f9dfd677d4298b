// Deleting accounts and people for good.

import { deleteEndedMembers, deleteMembersOf, memberRowsOfUsers } from '#domain/access/members.table.ts';
import { membershipsOf } from '#domain/access/members.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { removeClient } from '#domain/clients/client-removal.ts';
import { holdClient } from '#domain/clients/clients.ts';
import { holdForRemoval, removeUser, userOf } from '#domain/users/users.ts';
import { conflict } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/**
 * Deletes a client for good with all its memberships. `withUsers` also deletes the people who are left without any
 * client. Answers how many people went.
 */
export async function deleteClient(ctx: Context, actor: Actor, clientId: number, withUsers: boolean): Promise<number> {
  return ctx.transaction(async (tx) => {
    await holdClient(tx, clientId, 'remove');
    const people = (await deleteMembersOf(tx, clientId)).sort((a, b) => a - b);
    await removeClient(tx, actor, clientId);
    if (!withUsers) return 0;
    await holdForRemoval(tx, people);
    await deleteEndedMembers(tx, people);
    const rest = await membershipsOf(tx, people);
    const alone = people.filter((id) => rest.get(id)?.length === 0);
    for (const id of alone) await removeUser(tx, actor, id);
    return alone.length;
  });
}

/** Deletes a user who has no client. Throws conflict while there is one (behaviours.md 2.8). */
export async function deleteUser(ctx: Context, actor: Actor, userId: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    await holdForRemoval(tx, [userId]);
    await userOf(tx, userId);
    await deleteEndedMembers(tx, [userId]);
    if ((await memberRowsOfUsers(tx, [userId])).length > 0) throw conflict('user-has-clients');
    await removeUser(tx, actor, userId);
  });
}

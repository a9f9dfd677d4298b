// What a member hears who lacks a permission: which one, in words, and who can grant it (behaviours.md, section 15, number 20).

import { ownerIdOf } from '#domain/access/members.ts';
import type { AccessPermission } from '#domain/access/permissions.ts';
import { findUser, nameOf } from '#domain/users/users.ts';
import type { Problem } from '#kit/problem.ts';
import { notAllowed } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';
import type { Frame } from '#web/parts/frame.ts';

/** The refusal of a page for want of a permission on this account. */
export async function accessMissing(
  ctx: Context,
  frame: Frame,
  clientId: number,
  permission: AccessPermission,
): Promise<Problem> {
  const ownerId = await ownerIdOf(ctx, clientId);
  const owner = ownerId === undefined ? undefined : await findUser(ctx, ownerId);
  return notAllowed('access-missing', {
    permission: frame.t(`client.permission.${permission}`),
    owner: owner ? nameOf(owner) : '',
    known: owner ? 'yes' : 'no',
  });
}

// Many memberships at once, for the seed and for importers.

import { insertMembers } from '#domain/access/members.table.ts';
import type { AccessPermission } from '#domain/access/permissions.ts';
import type { Context } from '#src/context.ts';

/** A membership as it comes. An owner holds every permission, whatever is listed. */
export type MemberRecord = {
  readonly clientId: number;
  readonly userId: number;
  readonly isOwner: boolean;
  readonly permissions: readonly AccessPermission[];
  readonly createdAt: number;
};

/** Adds memberships. A pair that is there already, or a second owner, undoes the transaction. */
export async function addManyMembers(tx: Context, members: readonly MemberRecord[]): Promise<void> {
  await insertMembers(
    tx,
    members.map((one) => ({
      client_id: one.clientId,
      user_id: one.userId,
      is_owner: one.isOwner ? 1 : 0,
      permissions: one.isOwner ? '' : one.permissions.join(','),
      service_ids: '',
      may_invite: 0,
      starts_at: null,
      ends_at: null,
      created_at: one.createdAt,
      last_entered_at: null,
    })),
  );
}

// What entering an account takes to decide and to show, in one keyed read: the membership, what the account asks for, and
// the account itself.

import type { MemberRow } from '#domain/access/members.table.ts';
import type { clientFrom } from '#domain/clients/clients.ts';
import { hotQuery } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

/** An account with the membership of one user. `created_at` is the account's; `member_since` is when they were linked. */
export type EntryRow = Parameters<typeof clientFrom>[0] &
  Omit<MemberRow, 'created_at'> & { member_since: number; second_factor: number };

const ENTRY =
  hotQuery<EntryRow>(`select c.*, m.client_id, m.user_id, m.is_owner, m.permissions, m.service_ids, m.may_invite, m.starts_at,
 m.ends_at, m.created_at as member_since, m.last_entered_at, coalesce(r.second_factor, 0) as second_factor
 from members m join clients c on c.id = m.client_id left join entry_rules r on r.client_id = m.client_id
 where m.client_id = ? and m.user_id = ?`);

/** The membership of a user in a client, whatever its term, with the account and its rules. */
export async function entryRow(ctx: Context, userId: number, clientId: number): Promise<EntryRow | undefined> {
  return (await ENTRY(ctx, clientId, userId))[0];
}

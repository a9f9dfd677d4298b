// The people of a client with what they may do there, in one keyed read.

import type { MemberRow } from '#domain/access/members.table.ts';
import type { userFrom } from '#domain/users/users.ts';
import { hotQuery } from '#kit/database/hot-query.ts';
import type { KeysetPlace } from '#kit/keyset.ts';
import type { Context } from '#src/context.ts';

/** A person and their membership. `member_since` is when they were linked; `created_at` when the person was made. */
export type PersonRow = Parameters<typeof userFrom>[0] & Omit<MemberRow, 'created_at'> & { member_since: number };

// Of the password only whether there is one: nobody who lists people has a use for the hash.
const COLUMNS = `u.id, u.uuid, u.first_name, u.last_name, u.email, u.language, u.password_must_change,
 case when u.password_hash is null then null else '' end as password_hash, u.email_verified_at, u.disabled_at, u.created_at,
 u.last_login_at, u.last_login_ip, m.client_id, m.user_id, m.is_owner, m.permissions, m.service_ids, m.may_invite,
 m.starts_at, m.ends_at, m.created_at as member_since, m.last_entered_at
 from members m join users u on u.id = m.user_id`;

const PEOPLE = hotQuery<PersonRow>(`select ${COLUMNS} where m.client_id = ? order by m.is_owner desc, m.user_id`);

/** The people of a client, the owner first. Also those whose term is over or has not begun. */
export async function personRows(ctx: Context, clientId: number): Promise<readonly PersonRow[]> {
  return PEOPLE(ctx, clientId);
}

const OWNER = hotQuery<PersonRow>(`select ${COLUMNS} where m.client_id = ? and m.is_owner = 1`);
const OTHERS = `select ${COLUMNS} where m.client_id = ? and m.is_owner = 0 and (m.ends_at is null or m.ends_at > ?)`;
const OTHERS_AFTER = hotQuery<PersonRow>(`${OTHERS} and m.user_id > ? order by m.user_id limit ?`);
const OTHERS_BEFORE = hotQuery<PersonRow>(`${OTHERS} and m.user_id < ? order by m.user_id desc limit ?`);

/** The owner of a client. */
export async function ownerRow(ctx: Context, clientId: number): Promise<PersonRow | undefined> {
  return (await OWNER(ctx, clientId))[0];
}

/** Up to `limit` of the others by the ids of their users, whose term is not over; those before a place come backwards. */
export async function otherPersonRows(
  ctx: Context,
  clientId: number,
  { after = 0, before }: KeysetPlace,
  limit: number,
): Promise<readonly PersonRow[]> {
  if (before !== undefined) return OTHERS_BEFORE(ctx, clientId, ctx.now(), before, limit);
  return OTHERS_AFTER(ctx, clientId, ctx.now(), after, limit);
}

const COUNT = hotQuery<{ count: number }>(`select count(*) as count from (select user_id from members
 where client_id = ? and (ends_at is null or ends_at > ?) limit ?) as people`);

/** How many people a client has whose term is not over, counted up to `most`. */
export async function countPersonRows(ctx: Context, clientId: number, most: number): Promise<number> {
  return Number((await COUNT(ctx, clientId, ctx.now(), most))[0]?.count ?? 0);
}

// The accounts that a person may change to now, for the menu on each of their pages: only what the menu says of them.

import { hotQuery } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

/** An account as the menu names it. */
export type SwitcherRow = {
  id: number;
  first_name: string;
  last_name: string;
  company_name: string;
  email: string;
  is_owner: number;
};

/** So many are read: enough to see that they are too many for a menu. */
const MOST = 8;

// The limit is a part of the text: given as a value, SQLite would plan the query anew at each call.
const OPEN = hotQuery<SwitcherRow>(`select c.id, c.first_name, c.last_name, c.company_name, c.email, m.is_owner
 from members m join clients c on c.id = m.client_id
 where m.user_id = ? and c.status <> 'Closed'
 and (m.is_owner = 1 or (coalesce(m.starts_at, 0) <= ? and (m.ends_at is null or m.ends_at > ?))) order by m.client_id limit ${MOST}`);

/** The accounts of a user that are not closed, the first few of very many. */
export async function openAccountRows(ctx: Context, userId: number): Promise<readonly SwitcherRow[]> {
  const now = ctx.now();
  return OPEN(ctx, userId, now, now);
}

// The accounts that a person may change to, for the menu on each of their pages: only what the menu says of them.

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

const OPEN = hotQuery<SwitcherRow>(`select c.id, c.first_name, c.last_name, c.company_name, c.email, m.is_owner
 from members m join clients c on c.id = m.client_id
 where m.user_id = ? and c.status <> 'Closed' order by m.client_id limit ?`);

/** The accounts of a user that are not closed, at most `most` of them. */
export async function openAccountRows(ctx: Context, userId: number, most: number): Promise<readonly SwitcherRow[]> {
  return OPEN(ctx, userId, most);
}

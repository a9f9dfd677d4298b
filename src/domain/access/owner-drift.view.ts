// The open accounts whose name or address is another than their owner's, as the database keeps them (owner_drift).

import { hotQuery } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

/** An account and its owner, side by side. */
export type DriftRow = {
  id: number;
  owner_id: number;
  client_first: string;
  client_last: string;
  client_company: string;
  client_email: string;
  owner_first: string;
  owner_last: string;
  owner_email: string;
};

declare module '#kit/tables.ts' {
  interface Tables {
    owner_drift: { client_id: number };
  }
}

const COLUMNS = `d.client_id as id, u.id as owner_id, c.first_name as client_first, c.last_name as client_last,
 c.company_name as client_company, c.email as client_email, u.first_name as owner_first, u.last_name as owner_last,
 u.email as owner_email`;
const JOINED = `join clients c on c.id = d.client_id
 join members m on m.client_id = d.client_id and m.is_owner = 1 join users u on u.id = m.user_id`;

// The page is cut before anything is joined: left to choose, SQLite walks the owners of all accounts first (1.7 s at 200,000).
const OLDER = hotQuery<DriftRow>(`select ${COLUMNS}
 from (select client_id from owner_drift where client_id < ? order by client_id desc limit ?) d ${JOINED}
 order by d.client_id desc`);
const NEWER = hotQuery<DriftRow>(`select ${COLUMNS}
 from (select client_id from owner_drift where client_id > ? order by client_id limit ?) d ${JOINED}
 order by d.client_id`);
const COUNT = hotQuery<{ count: number }>('select count(*) as count from (select 1 from owner_drift limit ?) as taken');

/** Accounts with a smaller number than `below`, the newest first. */
export async function driftBelow(ctx: Context, below: number, limit: number): Promise<readonly DriftRow[]> {
  return OLDER(ctx, below, limit);
}

/** Accounts with a greater number than `above`, the oldest first. */
export async function driftAbove(ctx: Context, above: number, limit: number): Promise<readonly DriftRow[]> {
  return NEWER(ctx, above, limit);
}

/** How many there are, counted up to `most`. */
export async function countDriftRows(ctx: Context, most: number): Promise<number> {
  return Number((await COUNT(ctx, most))[0]?.count ?? 0);
}

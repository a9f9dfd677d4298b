// The table of the alerts that staff put on the home of an account.

import type { Generated } from 'kysely';
import { hotQuery } from '#kit/database/hot-query.ts';
import { rowMover } from '#kit/database/moved-rows.ts';
import type { Context } from '#src/context.ts';

/** An alert as stored. */
export type AlertRow = {
  id: number;
  client_id: number;
  tone: string;
  body: string;
  link: string;
  author: string;
  created_at: number;
};

declare module '#kit/tables.ts' {
  interface Tables {
    client_alerts: Omit<AlertRow, 'id'> & { id: Generated<number> };
  }
}

/** Makes an alert. Answers the id. */
export async function insertAlert(tx: Context, row: Omit<AlertRow, 'id'>): Promise<number> {
  const made = await tx.db.insertInto('client_alerts').values(row).returning('id').executeTakeFirstOrThrow();
  return made.id;
}

/** Removes an alert of a client. Answers whether it was there. */
export async function deleteAlertRow(tx: Context, clientId: number, id: number): Promise<boolean> {
  const done = await tx.db
    .deleteFrom('client_alerts')
    .where('id', '=', id)
    .where('client_id', '=', clientId)
    .executeTakeFirst();
  return done.numDeletedRows === 1n;
}

/** The alerts of a client, the newest first. */
export async function alertRowsOf(ctx: Context, clientId: number, limit: number): Promise<readonly AlertRow[]> {
  return (await OF_CLIENT(ctx, clientId)).slice(0, limit);
}

// Every home of an account asks. Few have any, and none more than can be listed; a limit as a value would be planned anew.
const OF_CLIENT = hotQuery<AlertRow>('select * from client_alerts where client_id = ? order by id desc');

/** Gives the alerts of one client to another: all, or only these. Answers the ids of those that moved. */
export const moveAlertRows = rowMover('client_alerts', 'client_id');

// Where other programs are told of what happens. Secrets are sealed.

import type { Generated } from 'kysely';
import type { Context } from '#src/context.ts';

/** Why a webhook is off: staff, too many failures, or its receiver's word that it is gone (410). */
export type DisabledWhy = 'staff' | 'failing' | 'gone';

/** A webhook as stored; `events` is a comma list, or `*` for all. */
export type WebhookRow = {
  id: number;
  url: string;
  description: string;
  events: string;
  sealed_secret: string;
  sealed_old_secret: string | null;
  old_secret_until: number | null;
  created_at: number;
  failing_since: number | null;
  disabled_at: number | null;
  disabled_why: DisabledWhy | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    webhooks: Omit<WebhookRow, 'id'> & { id: Generated<number> };
  }
}

/** All of them, the oldest first. */
export async function webhookRows(ctx: Context): Promise<WebhookRow[]> {
  return ctx.db.selectFrom('webhooks').selectAll().orderBy('id').execute();
}

/** The webhook of this id. */
export async function findWebhookRow(ctx: Context, id: number): Promise<WebhookRow | undefined> {
  return ctx.db.selectFrom('webhooks').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Adds one. Answers its id. */
export async function insertWebhook(tx: Context, row: Omit<WebhookRow, 'id'>): Promise<number> {
  return (await tx.db.insertInto('webhooks').values(row).returning('id').executeTakeFirstOrThrow()).id;
}

/** Changes one; false when there is none. */
export async function updateWebhook(
  tx: Context,
  id: number,
  row: Partial<Omit<WebhookRow, 'id' | 'created_at'>>,
): Promise<boolean> {
  const done = await tx.db.updateTable('webhooks').set(row).where('id', '=', id).executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Notes the first failure of a row of them, or with `undefined` that one went well again. */
export async function noteFailing(ctx: Context, id: number, since: number | undefined): Promise<void> {
  const query = ctx.db.updateTable('webhooks').where('id', '=', id);
  if (since === undefined) await query.set({ failing_since: null }).where('failing_since', 'is not', null).execute();
  else await query.set({ failing_since: since }).where('failing_since', 'is', null).execute();
}

/** Switches one off; true for the one caller that did. */
export async function disableWebhook(tx: Context, id: number, why: DisabledWhy): Promise<boolean> {
  const done = await tx.db
    .updateTable('webhooks')
    .set({ disabled_at: tx.now(), disabled_why: why })
    .where('id', '=', id)
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Removes one. */
export async function deleteWebhook(tx: Context, id: number): Promise<boolean> {
  return (await tx.db.deleteFrom('webhooks').where('id', '=', id).executeTakeFirst()).numDeletedRows === 1n;
}

// The outbox of webhooks: messages, and for each receiver how it went.

import type { Generated } from 'kysely';
import type { Context } from '#src/context.ts';

/** Where a delivery stands. `dropped`: its webhook is off or gone. */
export type DeliveryState = 'waiting' | 'delivered' | 'failed' | 'dropped';

/** What is told: once, to any number of receivers. */
export type MessageRow = { id: number; public_id: string; event: string; body: string; created_at: number };

/** A delivery of a message to a webhook. */
export type DeliveryRow = {
  id: number;
  webhook_id: number;
  message_id: number;
  state: DeliveryState;
  attempts: number;
  next_attempt_at: number | null;
  leased_until: number | null;
  status: number | null;
  failure: string | null;
  created_at: number;
  ended_at: number | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    webhook_messages: Omit<MessageRow, 'id'> & { id: Generated<number> };
    webhook_deliveries: Omit<DeliveryRow, 'id' | 'attempts'> & { id: Generated<number>; attempts: Generated<number> };
  }
}

/** Puts a message in the outbox for these webhooks. */
export async function insertMessage(
  tx: Context,
  message: Omit<MessageRow, 'id'>,
  webhookIds: readonly number[],
): Promise<void> {
  const made = await tx.db.insertInto('webhook_messages').values(message).returning('id').executeTakeFirstOrThrow();
  for (const id of webhookIds) await insertDelivery(tx, id, made.id);
}

/** Delivers a message to a webhook, now or once more. Answers the delivery's id. */
export async function insertDelivery(tx: Context, webhookId: number, messageId: number): Promise<number> {
  const made = await tx.db
    .insertInto('webhook_deliveries')
    .values({
      webhook_id: webhookId,
      message_id: messageId,
      state: 'waiting',
      next_attempt_at: tx.now(),
      leased_until: null,
      status: null,
      failure: null,
      created_at: tx.now(),
      ended_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return made.id;
}

/** Takes the delivery that is due longest, for `leaseMs`, so that no other process sends it too. */
export async function leaseDueDelivery(ctx: Context, leaseMs: number): Promise<DeliveryRow | undefined> {
  const now = ctx.now();
  return ctx.db
    .updateTable('webhook_deliveries')
    .set((eb) => ({ leased_until: now + leaseMs, attempts: eb('attempts', '+', 1) }))
    .where('id', '=', (eb) =>
      eb
        .selectFrom('webhook_deliveries')
        .select('id')
        .where('state', '=', 'waiting')
        .where('next_attempt_at', '<=', now)
        .where((or) => or.or([or('leased_until', 'is', null), or('leased_until', '<=', now)]))
        .orderBy('next_attempt_at')
        .limit(1),
    )
    .where((or) => or.or([or('leased_until', 'is', null), or('leased_until', '<=', now)]))
    .where('state', '=', 'waiting')
    .returningAll()
    .executeTakeFirst();
}

/** Ends a delivery that waits. */
export async function endDelivery(
  ctx: Context,
  id: number,
  state: Exclude<DeliveryState, 'waiting'>,
  how: { readonly status: number | undefined; readonly failure: string | undefined },
): Promise<void> {
  await ctx.db
    .updateTable('webhook_deliveries')
    .set({
      state,
      status: how.status ?? null,
      failure: how.failure ?? null,
      leased_until: null,
      next_attempt_at: null,
      ended_at: ctx.now(),
    })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .execute();
}

/** Puts a delivery back until `at`. */
export async function postponeDelivery(
  ctx: Context,
  id: number,
  at: number,
  how: { readonly status: number | undefined; readonly failure: string | undefined },
): Promise<void> {
  await ctx.db
    .updateTable('webhook_deliveries')
    .set({ status: how.status ?? null, failure: how.failure ?? null, leased_until: null, next_attempt_at: at })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .execute();
}

/** A message. */
export async function findMessage(ctx: Context, id: number): Promise<MessageRow | undefined> {
  return ctx.db.selectFrom('webhook_messages').selectAll().where('id', '=', id).executeTakeFirst();
}

/** One delivery of a webhook. */
export async function findDelivery(ctx: Context, webhookId: number, id: number): Promise<DeliveryRow | undefined> {
  return ctx.db
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('id', '=', id)
    .where('webhook_id', '=', webhookId)
    .executeTakeFirst();
}

/** A delivery with the event it tells of. */
export type ListedDelivery = DeliveryRow & { event: string };

/** Deliveries of a webhook, the newest first (`newerThan`: the oldest first), all or those of a state. */
export async function deliveryRows(
  ctx: Context,
  webhookId: number,
  state: DeliveryState | undefined,
  page: { limit: number; olderThan: number | undefined; newerThan: number | undefined },
): Promise<ListedDelivery[]> {
  let query = ctx.db
    .selectFrom('webhook_deliveries as d')
    .innerJoin('webhook_messages as m', 'm.id', 'd.message_id')
    .selectAll('d')
    .select('m.event')
    .where('d.webhook_id', '=', webhookId)
    .orderBy('d.id', page.newerThan === undefined ? 'desc' : 'asc')
    .limit(page.limit);
  if (state !== undefined) query = query.where('d.state', '=', state);
  if (page.olderThan !== undefined) query = query.where('d.id', '<', page.olderThan);
  if (page.newerThan !== undefined) query = query.where('d.id', '>', page.newerThan);
  return query.execute();
}

/** Puts every failed delivery of a webhook back, at most `most`, as long as its message is kept. Answers how many. */
export async function retryFailed(tx: Context, webhookId: number, most: number): Promise<number> {
  const done = await tx.db
    .updateTable('webhook_deliveries')
    .set({ state: 'waiting', attempts: 0, next_attempt_at: tx.now(), leased_until: null, ended_at: null })
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('webhook_deliveries')
        .select('id')
        .where('webhook_id', '=', webhookId)
        .where('state', '=', 'failed')
        .orderBy('id')
        .limit(most),
    )
    .where('state', '=', 'failed')
    .executeTakeFirst();
  return Number(done.numUpdatedRows);
}

/** Removes messages made before an instant, with their deliveries. At most `most` at a time; answers how many went. */
export async function deleteOldMessages(ctx: Context, before: number, most: number): Promise<number> {
  const done = await ctx.db
    .deleteFrom('webhook_messages')
    .where('id', 'in', (eb) =>
      eb.selectFrom('webhook_messages').select('id').where('created_at', '<', before).orderBy('created_at').limit(most),
    )
    .executeTakeFirst();
  return Number(done.numDeletedRows);
}

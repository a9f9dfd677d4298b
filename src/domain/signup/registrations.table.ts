// Registrations on their way: taken in, waiting for staff. What becomes of one takes its row away.

import type { Generated } from 'kysely';
import type { Context } from '#src/context.ts';

/** `received`: nobody looked at it yet; `waiting`: staff decide. */
export type RegistrationState = 'received' | 'waiting';

/** A registration as stored. `sealed` holds all that was typed, and the hash of the password. */
export type RegistrationRow = {
  id: number;
  state: RegistrationState;
  name: string;
  email: string;
  email_key: string;
  /** The person who opens a further account; null for somebody new. */
  user_id: number | null;
  sealed: string;
  ip: string;
  tries: number;
  leased_until: number | null;
  created_at: number;
  expires_at: number;
};

declare module '#kit/tables.ts' {
  interface Tables {
    registrations: Omit<RegistrationRow, 'id'> & { id: Generated<number> };
  }
}

/** Takes one in. Answers the id. */
export async function insertRegistration(tx: Context, row: Omit<RegistrationRow, 'id'>): Promise<number> {
  const made = await tx.db.insertInto('registrations').values(row).returning('id').executeTakeFirstOrThrow();
  return made.id;
}

/** Takes the oldest one that nobody looks at, for so long; it answers for exactly one caller. */
export async function leaseRegistration(ctx: Context, forMs: number): Promise<RegistrationRow | undefined> {
  const now = ctx.now();
  const next = ctx.db
    .selectFrom('registrations')
    .select('id')
    .where('state', '=', 'received')
    .where((or) => or.or([or('leased_until', 'is', null), or('leased_until', '<=', now)]))
    .orderBy('id')
    .limit(1);
  return ctx.db
    .updateTable('registrations')
    .set((eb) => ({ leased_until: now + forMs, tries: eb('tries', '+', 1) }))
    .where('id', '=', next)
    .where('state', '=', 'received')
    .where((or) => or.or([or('leased_until', 'is', null), or('leased_until', '<=', now)]))
    .returningAll()
    .executeTakeFirst();
}

/** Takes one away; it answers for exactly one caller. */
export async function takeRegistration(
  tx: Context,
  id: number,
  state: RegistrationState,
): Promise<RegistrationRow | undefined> {
  return tx.db
    .deleteFrom('registrations')
    .where('id', '=', id)
    .where('state', '=', state)
    .returningAll()
    .executeTakeFirst();
}

/** Lets one wait for staff until a time; it answers for exactly one caller. */
export async function letWait(tx: Context, id: number, until: number): Promise<boolean> {
  const done = await tx.db
    .updateTable('registrations')
    .set({ state: 'waiting', leased_until: null, expires_at: until })
    .where('id', '=', id)
    .where('state', '=', 'received')
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Whether one of this address waits for staff already. */
export async function someoneWaits(tx: Context, emailKey: string): Promise<boolean> {
  const row = await tx.db
    .selectFrom('registrations')
    .select('id')
    .where('state', '=', 'waiting')
    .where('email_key', '=', emailKey)
    .executeTakeFirst();
  return row !== undefined;
}

/** How many wait for staff, counted up to `most`. */
export async function countWaiting(ctx: Context, most: number): Promise<number> {
  const some = ctx.db.selectFrom('registrations').select('id').where('state', '=', 'waiting').limit(most);
  const counted = await ctx.db
    .selectFrom(some.as('some'))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(counted.count);
}

/** Up to `limit` of those that wait: behind the id `after`, or in front of `before` with the nearest first. The oldest comes first. */
export async function waitingRows(
  ctx: Context,
  page: { readonly limit: number; readonly after?: number | undefined; readonly before?: number | undefined },
): Promise<RegistrationRow[]> {
  let query = ctx.db.selectFrom('registrations').selectAll().where('state', '=', 'waiting').limit(page.limit);
  if (page.before !== undefined) query = query.where('id', '<', page.before).orderBy('id', 'desc');
  else query = query.orderBy('id', 'asc');
  if (page.after !== undefined) query = query.where('id', '>', page.after);
  return query.execute();
}

/** One of those that wait. */
export async function findWaiting(ctx: Context, id: number): Promise<RegistrationRow | undefined> {
  return ctx.db
    .selectFrom('registrations')
    .selectAll()
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .executeTakeFirst();
}

/** Throws away those whose time is over. Answers how many. */
export async function sweepRegistrations(ctx: Context): Promise<number> {
  const done = await ctx.db
    .deleteFrom('registrations')
    .where('state', '=', 'waiting')
    .where('expires_at', '<=', ctx.now())
    .executeTakeFirst();
  return Number(done.numDeletedRows);
}

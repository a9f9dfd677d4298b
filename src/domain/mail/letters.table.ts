// The outbox and the history of letters, one table: a letter waits sealed and is kept with its secrets masked.

import type { Generated } from 'kysely';
import { sql } from 'kysely';
import { rowMover } from '#kit/database/moved-rows.ts';
import type { Context } from '#src/context.ts';

/** Where a letter stands. `withheld`: letters of its kind are switched off, so it was never to be sent. */
export type LetterState = 'waiting' | 'sent' | 'failed' | 'expired' | 'withheld';

/** A letter as stored. */
export type LetterRow = {
  id: number;
  created_at: number;
  kind: string;
  language: string;
  to_address: string;
  subject: string;
  sealed: string | null;
  kept_html: string;
  kept_text: string;
  user_id: number | null;
  client_id: number | null;
  administrator_id: number | null;
  state: LetterState;
  attempts: number;
  next_attempt_at: number | null;
  leased_until: number | null;
  expires_at: number;
  sent_at: number | null;
  failure: string | null;
};

/** A letter as lists read it: without its texts, sealed or kept. */
export type ListedLetterRow = Omit<LetterRow, 'sealed' | 'kept_html' | 'kept_text'>;

const LISTED = [
  'id',
  'created_at',
  'kind',
  'language',
  'to_address',
  'subject',
  'user_id',
  'client_id',
  'administrator_id',
  'state',
  'attempts',
  'next_attempt_at',
  'leased_until',
  'expires_at',
  'sent_at',
  'failure',
] as const;

declare module '#kit/tables.ts' {
  interface Tables {
    letters: Omit<LetterRow, 'id' | 'attempts'> & { id: Generated<number>; attempts: Generated<number> };
  }
}

/** Puts a letter in the outbox. Answers its id. */
export async function insertLetter(tx: Context, row: Omit<LetterRow, 'id' | 'attempts'>): Promise<number> {
  const made = await tx.db.insertInto('letters').values(row).returning('id').executeTakeFirstOrThrow();
  return made.id;
}

/** Takes the letter that is due longest, for `leaseMs`, so that no other process sends it too. */
export async function leaseDueLetter(ctx: Context, leaseMs: number): Promise<LetterRow | undefined> {
  const now = ctx.now();
  return ctx.db
    .updateTable('letters')
    .set((eb) => ({ leased_until: now + leaseMs, attempts: eb('attempts', '+', 1) }))
    .where('id', '=', (eb) =>
      eb
        .selectFrom('letters')
        .select('id')
        .where('state', '=', 'waiting')
        .where('next_attempt_at', '<=', now)
        .where('expires_at', '>', now)
        .where((or) => or.or([or('leased_until', 'is', null), or('leased_until', '<=', now)]))
        .orderBy('next_attempt_at')
        .limit(1),
    )
    .where((or) => or.or([or('leased_until', 'is', null), or('leased_until', '<=', now)]))
    .where('state', '=', 'waiting')
    .returningAll()
    .executeTakeFirst();
}

/** Ends a letter: its sealed text goes, what is kept is masked. Only a waiting letter can end. */
export async function endLetter(
  ctx: Context,
  id: number,
  state: Exclude<LetterState, 'waiting' | 'withheld'>,
  failure?: string,
): Promise<void> {
  await ctx.db
    .updateTable('letters')
    .set({
      state,
      sealed: null,
      leased_until: null,
      next_attempt_at: null,
      sent_at: state === 'sent' ? ctx.now() : null,
      failure: failure ?? null,
    })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .execute();
}

/** Puts a letter back until `at`, with the reason. */
export async function postponeLetter(ctx: Context, id: number, at: number, failure: string): Promise<void> {
  await ctx.db
    .updateTable('letters')
    .set({ leased_until: null, next_attempt_at: at, failure })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .execute();
}

/** Ends every letter whose use is over: a link that no longer opens need not be sent, nor kept. */
export async function expireLetters(ctx: Context): Promise<number> {
  const done = await ctx.db
    .updateTable('letters')
    .set({ state: 'expired', sealed: null, leased_until: null, next_attempt_at: null })
    .where('state', '=', 'waiting')
    .where('expires_at', '<=', ctx.now())
    .executeTakeFirst();
  return Number(done.numUpdatedRows);
}

/** Ends the waiting letters to a person, of one kind or all. */
export async function expireLettersOf(
  tx: Context,
  kind: string | undefined,
  to: { userId: number } | { administratorId: number },
): Promise<void> {
  let query = tx.db
    .updateTable('letters')
    .set({ state: 'expired', sealed: null, leased_until: null, next_attempt_at: null })
    .where('state', '=', 'waiting');
  if (kind !== undefined) query = query.where('kind', '=', kind);
  query =
    'userId' in to ? query.where('user_id', '=', to.userId) : query.where('administrator_id', '=', to.administratorId);
  await query.execute();
}

/** Removes every letter of an account, also those that wait. */
export async function deleteLettersOf(tx: Context, clientId: number): Promise<void> {
  await tx.db.deleteFrom('letters').where('client_id', '=', clientId).execute();
}

/** Letters, newest first: for a person, an account, or all; only one state when asked. */
export async function lettersPage(
  ctx: Context,
  filter: { userId?: number | undefined; clientId?: number | undefined; state?: LetterState | undefined },
  page: { limit: number; before?: number | undefined },
): Promise<ListedLetterRow[]> {
  let query = ctx.db.selectFrom('letters').select(LISTED).orderBy('id', 'desc').limit(page.limit);
  if (page.before !== undefined) query = query.where('id', '<', page.before);
  if (filter.userId !== undefined) query = query.where('user_id', '=', filter.userId);
  if (filter.clientId !== undefined) query = query.where('client_id', '=', filter.clientId);
  if (filter.state !== undefined) query = query.where('state', '=', filter.state);
  return query.execute();
}

/** The letters of an account: to it, and to its owner about nothing but themselves. Ids, in one order or the other. */
export async function letterIdsAround(
  ctx: Context,
  of: { clientId: number; ownerId: number | undefined },
  page: { limit: number; olderThan?: number | undefined; newerThan?: number | undefined },
): Promise<number[]> {
  let query = ctx.db
    .selectFrom('letters')
    .select('id')
    .where((eb) =>
      of.ownerId === undefined
        ? eb('client_id', '=', of.clientId)
        : eb.or([
            eb('client_id', '=', of.clientId),
            eb.and([eb('user_id', '=', of.ownerId), eb('client_id', 'is', null)]),
          ]),
    )
    .orderBy('id', page.newerThan === undefined ? 'desc' : 'asc')
    .limit(page.limit);
  if (page.olderThan !== undefined) query = query.where('id', '<', page.olderThan);
  if (page.newerThan !== undefined) query = query.where('id', '>', page.newerThan);
  return (await query.execute()).map((row) => row.id);
}

/** Letters in one order or the other: all, those of a state, those to an address in whatever case. */
export async function letterRowsAt(
  ctx: Context,
  filter: { state?: LetterState | undefined; to?: string | undefined },
  page: { limit: number; olderThan?: number | undefined; newerThan?: number | undefined },
): Promise<ListedLetterRow[]> {
  let query = ctx.db.selectFrom('letters').select(LISTED).limit(page.limit);
  if (filter.to !== undefined) {
    query = query.where(sql<string>`lower(to_address)`, '=', filter.to.toLowerCase());
    // A person has few letters, a state has millions: the index of the address leads.
    if (filter.state !== undefined) query = query.where(sql<string>`coalesce(state, '')`, '=', filter.state);
  } else if (filter.state !== undefined) query = query.where('state', '=', filter.state);
  if (page.olderThan !== undefined) query = query.where('id', '<', page.olderThan);
  if (page.newerThan !== undefined) query = query.where('id', '>', page.newerThan);
  return query.orderBy('id', page.newerThan === undefined ? 'desc' : 'asc').execute();
}

/** Makes a waiting letter due at once, unless it is being sent. Answers whether it was. */
export async function hastenLetterRow(tx: Context, id: number): Promise<boolean> {
  const now = tx.now();
  const done = await tx.db
    .updateTable('letters')
    .set({ next_attempt_at: now })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .where('expires_at', '>', now)
    .where((or) => or.or([or('leased_until', 'is', null), or('leased_until', '<=', now)]))
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** These letters, in no order. */
export async function letterRows(ctx: Context, ids: readonly number[]): Promise<ListedLetterRow[]> {
  if (ids.length === 0) return [];
  return ctx.db.selectFrom('letters').select(LISTED).where('id', 'in', ids).execute();
}

/** Letters to a client as programs ask for them: written in a span of time, with a text in the subject. */
type AskedLetters = {
  readonly clientId: number;
  readonly from?: number | undefined;
  readonly until?: number | undefined;
  readonly subject?: string | undefined;
};

/** The newest first, after skipping some. */
export async function askedLetterRows(
  ctx: Context,
  asked: AskedLetters,
  part: { readonly skip: number; readonly limit: number },
): Promise<LetterRow[]> {
  return askedLetters(ctx, asked).selectAll().orderBy('id', 'desc').limit(part.limit).offset(part.skip).execute();
}

/** How many they are. */
export async function countAskedLetterRows(ctx: Context, asked: AskedLetters): Promise<number> {
  const counted = await askedLetters(ctx, asked)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(counted.count);
}

function askedLetters(ctx: Context, { clientId, from, until, subject }: AskedLetters) {
  let query = ctx.db.selectFrom('letters').where('client_id', '=', clientId);
  if (from !== undefined) query = query.where('created_at', '>=', from);
  if (until !== undefined) query = query.where('created_at', '<', until);
  if (subject === undefined) return query;
  const pattern = `%${subject.toLowerCase().replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  return query.where(sql<boolean>`lower(subject) like ${pattern} escape '\\'`);
}

/** How many letters there are of a state, counted up to `most`. */
export async function countLetterRows(ctx: Context, state: LetterState, most: number): Promise<number> {
  const counted = await ctx.db
    .selectFrom(ctx.db.selectFrom('letters').select('id').where('state', '=', state).limit(most).as('some'))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(counted.count);
}

/** How many letters an account has, counted up to `most`. */
export async function countLetterRowsOf(ctx: Context, clientId: number, most: number): Promise<number> {
  const counted = await ctx.db
    .selectFrom(ctx.db.selectFrom('letters').select('id').where('client_id', '=', clientId).limit(most).as('some'))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(counted.count);
}

/** One letter. */
export async function findLetter(ctx: Context, id: number): Promise<LetterRow | undefined> {
  return ctx.db.selectFrom('letters').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The newest letters to a person with their kept text, which holds no link that opens anything. */
export async function keptLettersTo(ctx: Context, userId: number, most: number): Promise<LetterRow[]> {
  return ctx.db
    .selectFrom('letters')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('id', 'desc')
    .limit(most)
    .execute();
}

/** Takes a person's letters away; of those that belong to an account too, that there was one stays. */
export async function forgetLettersTo(tx: Context, userId: number): Promise<void> {
  await tx.db.deleteFrom('letters').where('user_id', '=', userId).where('client_id', 'is', null).execute();
  await tx.db
    .updateTable('letters')
    .set({ to_address: '', sealed: null, kept_html: '', kept_text: '', user_id: null })
    .where('user_id', '=', userId)
    .execute();
}

/** Takes away last letters that were written before `before`. The kind is part of the text, as the index wants it. */
export async function sweepFarewellRows(ctx: Context, before: number): Promise<void> {
  await ctx.db.deleteFrom('letters').where('kind', '=', sql.lit('farewell')).where('created_at', '<', before).execute();
}

/** Gives the letters of one client to another: all, or only these. Answers the ids of those that moved. */
export const moveLetterRows = rowMover('letters', 'client_id');

// The outbox and the history of letters, one table: a letter waits sealed and is kept with its secrets masked.

import type { Generated } from 'kysely';
import type { Context } from '#src/context.ts';

/** Where a letter stands. */
export type LetterState = 'waiting' | 'sent' | 'failed' | 'expired';

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
  state: Exclude<LetterState, 'waiting'>,
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

/** Ends the waiting letters of a kind to a person: a newer one takes their place. */
export async function expireLettersOf(
  tx: Context,
  kind: string,
  to: { userId?: number; administratorId?: number },
): Promise<void> {
  let query = tx.db
    .updateTable('letters')
    .set({ state: 'expired', sealed: null, next_attempt_at: null })
    .where('state', '=', 'waiting')
    .where('kind', '=', kind);
  query = to.userId === undefined ? query : query.where('user_id', '=', to.userId);
  query = to.administratorId === undefined ? query : query.where('administrator_id', '=', to.administratorId);
  await query.execute();
}

/** Letters, newest first: for a person, an account, or all; only one state when asked. */
export async function lettersPage(
  ctx: Context,
  filter: { userId?: number | undefined; clientId?: number | undefined; state?: LetterState | undefined },
  page: { limit: number; before?: number | undefined },
): Promise<Omit<LetterRow, 'sealed' | 'kept_html' | 'kept_text'>[]> {
  let query = ctx.db
    .selectFrom('letters')
    .select([
      'id',
      'created_at',
      'kind',
      'language',
      'to_address',
      'subject',
      'user_id',
      'client_id',
      'administrator_id',
    ])
    .select(['state', 'attempts', 'next_attempt_at', 'leased_until', 'expires_at', 'sent_at', 'failure'])
    .orderBy('id', 'desc')
    .limit(page.limit);
  if (page.before !== undefined) query = query.where('id', '<', page.before);
  if (filter.userId !== undefined) query = query.where('user_id', '=', filter.userId);
  if (filter.clientId !== undefined) query = query.where('client_id', '=', filter.clientId);
  if (filter.state !== undefined) query = query.where('state', '=', filter.state);
  return query.execute();
}

/** One letter. */
export async function findLetter(ctx: Context, id: number): Promise<LetterRow | undefined> {
  return ctx.db.selectFrom('letters').selectAll().where('id', '=', id).executeTakeFirst();
}

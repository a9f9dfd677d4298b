// The table of questions to somebody who is signed in, whether it is they who speak to support.

import type { Generated } from 'kysely';
import type { Context } from '#src/context.ts';

/** A question as stored. The number that staff tell the caller is sealed. */
export type IdentityCheckRow = {
  id: number;
  user_id: number;
  administrator_id: number;
  number_sealed: string;
  asked_at: number;
  expires_at: number;
  answered_at: number | null;
  answer: 'confirmed' | 'declined' | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    identity_checks: Omit<IdentityCheckRow, 'id'> & { id: Generated<number> };
  }
}

/** Keeps a question. */
export async function insertIdentityCheck(
  tx: Context,
  row: Omit<IdentityCheckRow, 'id' | 'answered_at' | 'answer'>,
): Promise<void> {
  await tx.db
    .insertInto('identity_checks')
    .values({ ...row, answered_at: null, answer: null })
    .execute();
}

/** The newest question to a user; of one administrator when told. */
export async function newestIdentityCheck(
  ctx: Context,
  userId: number,
  administratorId?: number,
): Promise<IdentityCheckRow | undefined> {
  let query = ctx.db.selectFrom('identity_checks').selectAll().where('user_id', '=', userId);
  if (administratorId !== undefined) query = query.where('administrator_id', '=', administratorId);
  return query.orderBy('id', 'desc').limit(1).executeTakeFirst();
}

/** Answers a question that waits; true for exactly one caller. */
export async function answerIdentityCheck(tx: Context, id: number, answer: 'confirmed' | 'declined'): Promise<boolean> {
  const done = await tx.db
    .updateTable('identity_checks')
    .set({ answered_at: tx.now(), answer })
    .where('id', '=', id)
    .where('answered_at', 'is', null)
    .where('expires_at', '>', tx.now())
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Ends the questions to a user that wait: a newer one takes their place. */
export async function endIdentityChecks(tx: Context, userId: number): Promise<void> {
  await tx.db
    .updateTable('identity_checks')
    .set({ expires_at: tx.now() })
    .where('user_id', '=', userId)
    .where('answered_at', 'is', null)
    .where('expires_at', '>', tx.now())
    .execute();
}

/** Takes away questions whose time was over before `before`. The log keeps what came of them. */
export async function sweepIdentityChecks(ctx: Context, before: number): Promise<void> {
  await ctx.db.deleteFrom('identity_checks').where('expires_at', '<', before).execute();
}

// What people answered to their security question: one each, hashed as passwords are.

import type { Context } from '#src/context.ts';

/** An answer as stored. */
export type AnswerRow = { user_id: number; question_id: number; answer_hash: string; set_at: number };

declare module '#kit/tables.ts' {
  interface Tables {
    security_answers: AnswerRow;
  }
}

/** The answer of a user, if they have one. */
export async function findAnswerRow(ctx: Context, userId: number): Promise<AnswerRow | undefined> {
  return ctx.db.selectFrom('security_answers').selectAll().where('user_id', '=', userId).executeTakeFirst();
}

/** Keeps an answer in place of the one before. */
export async function putAnswerRow(tx: Context, row: AnswerRow): Promise<void> {
  const { user_id: _, ...fresh } = row;
  await tx.db
    .insertInto('security_answers')
    .values(row)
    .onConflict((on) => on.column('user_id').doUpdateSet(fresh))
    .execute();
}

/** Forgets an answer. Answers whether there was one. */
export async function deleteAnswerRow(tx: Context, userId: number): Promise<boolean> {
  const done = await tx.db.deleteFrom('security_answers').where('user_id', '=', userId).executeTakeFirst();
  return done.numDeletedRows === 1n;
}

/** Which of these users have an answer. */
export async function usersWithAnswer(ctx: Context, ids: readonly number[]): Promise<ReadonlySet<number>> {
  if (ids.length === 0) return new Set();
  const rows = await ctx.db.selectFrom('security_answers').select('user_id').where('user_id', 'in', ids).execute();
  return new Set(rows.map((row) => row.user_id));
}

/** Which questions somebody has answered. */
export async function answeredQuestions(ctx: Context, ids: readonly number[]): Promise<ReadonlySet<number>> {
  const asked = ids.map(async (id) => {
    const row = await ctx.db
      .selectFrom('security_answers')
      .select('question_id')
      .where('question_id', '=', id)
      .limit(1)
      .executeTakeFirst();
    return row ? [id] : [];
  });
  return new Set((await Promise.all(asked)).flat());
}

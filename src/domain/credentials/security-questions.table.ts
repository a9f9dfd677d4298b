// The operator's list of security questions. There are few.

import type { Generated } from 'kysely';
import { locked } from '#kit/database/database.ts';
import { hotQuery } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

/** A question as stored. */
export type QuestionRow = { id: number; question: string; created_at: number };

declare module '#kit/tables.ts' {
  interface Tables {
    security_questions: Omit<QuestionRow, 'id'> & { id: Generated<number> };
  }
}

/** Every question, in the order they were made. */
export async function questionRows(ctx: Context): Promise<readonly QuestionRow[]> {
  return ALL(ctx);
}

const ALL = hotQuery<QuestionRow>('select * from security_questions order by id');

/** One question, locked: see `locked` of kit/database. */
export async function lockQuestionRow(
  tx: Context,
  id: number,
  strength: 'keep' | 'remove',
): Promise<QuestionRow | undefined> {
  return locked(
    tx,
    tx.db.selectFrom('security_questions').selectAll().where('id', '=', id),
    strength,
  ).executeTakeFirst();
}

/** Makes a question. Answers the id. */
export async function insertQuestion(tx: Context, question: string): Promise<number> {
  const made = await tx.db
    .insertInto('security_questions')
    .values({ question, created_at: tx.now() })
    .returning('id')
    .executeTakeFirstOrThrow();
  return made.id;
}

/** Removes a question. Answers whether it was there. */
export async function deleteQuestionRow(tx: Context, id: number): Promise<boolean> {
  const done = await tx.db.deleteFrom('security_questions').where('id', '=', id).executeTakeFirst();
  return done.numDeletedRows === 1n;
}

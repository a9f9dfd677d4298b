// Which security question goes with an address: one read, whether somebody has it or not.

import { hotQuery } from '#kit/database/hot-query.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** The id of the question that whoever signs in with this address has answered, if any. */
export async function questionIdOfAddress(ctx: Context, email: string): Promise<number | undefined> {
  return (await QUESTION(ctx, comparable(email)))[0]?.question_id;
}

const QUESTION = hotQuery<{ question_id: number }>(
  'select a.question_id from security_answers a join users u on u.id = a.user_id where u.email_key = ?',
);

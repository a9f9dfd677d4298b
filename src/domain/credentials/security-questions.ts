// Security questions, a legacy (behaviours.md 3.9): the operator's list, and what each person answered to one of them. The
// answer is kept as its normalised form's slow hash; nobody can read it, and tries are counted before it is looked at.
//
// How an answer is stored, for whoever imports them: `security_answers.answer_hash` holds what `sealAnswer` gives, that is
// Argon2id in the PHC form `$argon2id$v=19$m=…,t=…,p=…$salt$hash` over `normalisedAnswer` in UTF-8. Any form that a stored
// password may have (password/stored-form.ts) is read too, over the same normalised text.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { charactersOf } from '#domain/credentials/password/password-text.ts';
import {
  answeredQuestions,
  deleteAnswerRow,
  findAnswerRow,
  putAnswerRow,
  usersWithAnswer,
} from '#domain/credentials/security-answers.table.ts';
import { securityQuestionsAsked } from '#domain/credentials/security-questions.settings.ts';
import type { QuestionRow } from '#domain/credentials/security-questions.table.ts';
import {
  deleteQuestionRow,
  insertQuestion,
  lockQuestionRow,
  questionRows,
} from '#domain/credentials/security-questions.table.ts';
import type { Limit } from '#domain/guard/limits.ts';
import { forgetUses, spendLimit } from '#domain/guard/limits.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { hours } from '#kit/duration.ts';
import { conflict, invalid, notFound } from '#kit/problem.ts';
import { comparable, oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** A question of the list. */
export type SecurityQuestion = { readonly id: number; readonly text: string };

/** The same with whether somebody answers it, so that it has to stay. */
export type ListedQuestion = SecurityQuestion & { readonly isInUse: boolean };

/** As many there may be. */
export const MOST_QUESTIONS = 50;
const LONGEST_QUESTION = 200;
const LEAST_ANSWER = 3;
const LONGEST_ANSWER = 200;

/** Five tries an hour for one person, wherever they are asked (behaviours.md, section 15, number 24; ASVS 5.0 V6.3.1). */
const TRIES: Limit = { name: 'security-answer', most: 5, withinMs: hours(1) };

/** Whether people are asked here at all: switched on, and there is something to ask. */
export async function areQuestionsAsked(ctx: Context): Promise<boolean> {
  return (await settingOf(ctx, securityQuestionsAsked)) && (await questionRows(ctx)).length > 0;
}

/** The list. */
export async function listQuestions(ctx: Context): Promise<SecurityQuestion[]> {
  return (await questionRows(ctx)).map(questionFrom);
}

/** The list, with what is in use. */
export async function listQuestionsInUse(ctx: Context): Promise<ListedQuestion[]> {
  const questions = await listQuestions(ctx);
  const answered = await answeredQuestions(
    ctx,
    questions.map(({ id }) => id),
  );
  return questions.map((question) => ({ ...question, isInUse: answered.has(question.id) }));
}

/** The question of this id. Throws not-found. */
export async function questionOf(ctx: Context, id: number): Promise<SecurityQuestion> {
  const found = (await listQuestions(ctx)).find((one) => one.id === id);
  if (!found) throw notFound('security-question-not-found');
  return found;
}

/** Puts a question on the list. Throws invalid with the field `question`, or conflict `security-questions-full`. Answers the id. */
export async function addQuestion(ctx: Context, actor: Actor, text: string): Promise<number> {
  const question = oneLine(text);
  if (question === '') throw invalid({ question: 'security-question-missing' });
  if (question.length > LONGEST_QUESTION) throw invalid({ question: 'too-long' });
  return ctx.transaction(async (tx) => {
    const all = await questionRows(tx);
    if (all.length >= MOST_QUESTIONS) throw conflict('security-questions-full', { most: MOST_QUESTIONS });
    if (all.some((one) => comparable(one.question) === comparable(question)))
      throw invalid({ question: 'security-question-there' });
    const id = await insertQuestion(tx, question);
    await audit(tx, actor, {
      event: 'security_question.created',
      description: `The security question "${question}" was added`,
      details: { questionId: id },
    });
    return id;
  });
}

/** Takes a question off the list. Throws not-found, or conflict `security-question-in-use`. */
export async function removeQuestion(ctx: Context, actor: Actor, id: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const row = await lockQuestionRow(tx, id, 'remove'); // nobody chooses it meanwhile
    if (!row) throw notFound('security-question-not-found');
    if ((await answeredQuestions(tx, [id])).has(id)) throw conflict('security-question-in-use');
    await deleteQuestionRow(tx, id);
    await audit(tx, actor, {
      event: 'security_question.deleted',
      description: `The security question "${row.question}" was removed`,
      details: { questionId: id },
    });
  });
}

/** The question that a user answers, whether it is asked at present or not. */
export async function questionOfUser(ctx: Context, userId: number): Promise<SecurityQuestion | undefined> {
  const answer = await findAnswerRow(ctx, userId);
  return answer && (await listQuestions(ctx)).find((one) => one.id === answer.question_id);
}

/** Which of these users have a question. */
export async function usersWithQuestion(ctx: Context, ids: readonly number[]): Promise<ReadonlySet<number>> {
  return usersWithAnswer(ctx, ids);
}

/** The form in which answers are compared: however it is typed, "Rex  the DOG!" is "rex the dog". */
export function normalisedAnswer(answer: string): string {
  return comparable(answer)
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}

/** What is wrong with a new answer: a key of locales/en/errors.json, or undefined. */
export function answerFault(answer: string): string | undefined {
  if (answer.length > LONGEST_ANSWER) return 'too-long';
  const plain = normalisedAnswer(answer);
  if (plain === '') return 'security-answer-missing';
  return charactersOf(plain) < LEAST_ANSWER ? 'security-answer-too-short' : undefined;
}

/** Checks and seals a new answer; slow, so outside of a transaction. Throws invalid with the field `answer`. */
export async function sealAnswer(ctx: Context, answer: string): Promise<string> {
  const fault = answerFault(answer);
  if (fault) throw invalid({ answer: fault });
  return ctx.passwords.seal(normalisedAnswer(answer));
}

/** Keeps a user's question and sealed answer in place of those before. Throws invalid with the field `question`. */
export async function storeAnswer(
  tx: Context,
  actor: Actor,
  userId: number,
  chosen: { readonly questionId: number; readonly answerHash: string },
): Promise<void> {
  if (!(await lockQuestionRow(tx, chosen.questionId, 'keep'))) throw invalid({ question: 'security-question-gone' });
  const { questionId, answerHash } = chosen;
  await putAnswerRow(tx, { user_id: userId, question_id: questionId, answer_hash: answerHash, set_at: tx.now() });
  await audit(tx, actor, {
    event: 'user.security_question.set',
    description: 'A security question and its answer were set',
    userId,
    details: { questionId },
  });
}

/** Forgets a user's question and answer. Answers whether there was one. */
export async function forgetAnswer(tx: Context, actor: Actor, userId: number): Promise<boolean> {
  if (!(await deleteAnswerRow(tx, userId))) return false;
  await audit(tx, actor, {
    event: 'user.security_question.removed',
    description: 'The security question of a user was taken away',
    userId,
  });
  return true;
}

/** What an answer came to. `none`: there is nothing to answer, so it stands in nobody's way. */
export type AnswerCheck = 'right' | 'wrong' | 'none';

/**
 * Looks whether an answer is the user's. The try is counted before it is looked at. Throws `too-many`. Call it outside of a
 * transaction: it is slow.
 */
export async function checkAnswer(ctx: Context, actor: Actor, userId: number, answer: string): Promise<AnswerCheck> {
  if (!(await areQuestionsAsked(ctx))) return 'none';
  const stored = await findAnswerRow(ctx, userId);
  if (!stored) return 'none';
  const tries = { limit: TRIES, whom: `user ${userId}` };
  await spendLimit(ctx, tries.limit, tries.whom);
  const plain = normalisedAnswer(answer.slice(0, LONGEST_ANSWER));
  if ((await ctx.passwords.check(plain, stored.answer_hash)).matches) {
    await forgetUses(ctx, [tries]);
    return 'right';
  }
  await audit(ctx, actor, {
    event: 'user.security_question.failed',
    description: 'The answer to a security question was wrong',
    userId,
  });
  return 'wrong';
}

/**
 * The question that somebody is asked who has none, or who is not there: always the same for the same address, and any of
 * the list, so that a stranger cannot tell it from a real one. Each question draws its lot with the installation's key, so
 * that one more on the list changes few of them.
 */
export async function decoyQuestion(ctx: Context, email: string): Promise<SecurityQuestion | undefined> {
  const whom = comparable(email);
  const lots = (await listQuestions(ctx)).map((question) => ({
    question,
    lot: ctx.seal.sign('security-question', `${question.id}|${whom}`),
  }));
  return lots.sort((a, b) => (a.lot < b.lot ? -1 : 1))[0]?.question;
}

function questionFrom(row: QuestionRow): SecurityQuestion {
  return { id: row.id, text: row.question };
}

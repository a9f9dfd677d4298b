// The security question of a person who signs in: choosing one, answering it, and how it goes away again. Which question a
// stranger is shown tells nothing: whoever has none, or is not there, has one all the same on that page.

import type { Actor } from '#domain/audit/actor.ts';
import type { SecurityQuestion } from '#domain/credentials/security-questions.ts';
import {
  areQuestionsAsked,
  checkAnswer,
  decoyQuestion,
  forgetAnswer,
  listQuestions,
  questionOfUser,
  sealAnswer,
  storeAnswer,
} from '#domain/credentials/security-questions.ts';
import { securityQuestionChangedLetter } from '#domain/login/security-question.mail.ts';
import { questionIdOfAddress } from '#domain/login/security-question.view.ts';
import { queueLetter } from '#domain/mail/outbox.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { holdUser, nameOf, userOf } from '#domain/users/users.ts';
import { days } from '#kit/duration.ts';
import { conflict, invalid, notFound } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** What somebody chose. `currentAnswer`: to the question they had. */
export type ChosenQuestion = {
  readonly currentAnswer: string;
  readonly questionId: number | undefined;
  readonly answer: string;
  readonly answerAgain: string;
};

/**
 * The question that is asked of whoever forgot the password of an address, before the letter: theirs, or one drawn for the
 * address. The same work for both. Undefined where none is asked.
 */
export async function questionForAddress(ctx: Context, email: string): Promise<SecurityQuestion | undefined> {
  if (!(await areQuestionsAsked(ctx))) return undefined;
  const own = await questionIdOfAddress(ctx, email);
  const decoy = await decoyQuestion(ctx, email);
  return (await listQuestions(ctx)).find((one) => one.id === own) ?? decoy;
}

/** The question that this user is asked; undefined where none is asked, or they have none. */
export async function questionAskedOf(ctx: Context, userId: number): Promise<SecurityQuestion | undefined> {
  return (await areQuestionsAsked(ctx)) ? questionOfUser(ctx, userId) : undefined;
}

/** Refuses whoever cannot answer their security question, where it is asked. Throws invalid with the field `answer`, or `too-many`. */
export async function requireSecurityAnswer(
  ctx: Context,
  actor: Actor,
  userId: number,
  answer: string,
  field = 'answer',
): Promise<void> {
  if ((await checkAnswer(ctx, actor, userId, answer)) !== 'wrong') return;
  throw invalid({ [field]: answer.trim() === '' ? 'security-answer-missing' : 'security-answer-wrong' });
}

/**
 * Chooses a question and its answer, or others in their place. Whoever chooses has just proved who they are (step-up.ts;
 * ASVS 5.0 V7.5.1). Throws invalid by field (currentAnswer, question, answer, answerAgain), conflict
 * `security-questions-off`, or `too-many`.
 */
export async function chooseSecurityQuestion(
  ctx: Context,
  actor: Actor,
  userId: number,
  given: ChosenQuestion,
): Promise<void> {
  if (!(await areQuestionsAsked(ctx))) throw conflict('security-questions-off');
  const { questionId } = given;
  if (questionId === undefined) throw invalid({ question: 'security-question-not-chosen' });
  if (given.answer !== given.answerAgain) throw invalid({ answerAgain: 'security-answer-differs' });
  await requireSecurityAnswer(ctx, actor, userId, given.currentAnswer, 'currentAnswer');
  const answerHash = await sealAnswer(ctx, given.answer);
  await ctx.transaction(async (tx) => {
    if (!(await holdUser(tx, userId))) throw notFound('user-not-found');
    await storeAnswer(tx, actor, userId, { questionId, answerHash });
    await tellOfChange(tx, userId, 'set');
  });
}

/** Takes one's own question away. Throws invalid with the field `currentAnswer`, or `too-many`. */
export async function dropSecurityQuestion(
  ctx: Context,
  actor: Actor,
  userId: number,
  currentAnswer: string,
): Promise<void> {
  await requireSecurityAnswer(ctx, actor, userId, currentAnswer, 'currentAnswer');
  await ctx.transaction(async (tx) => {
    if (await forgetAnswer(tx, actor, userId)) await tellOfChange(tx, userId, 'removed');
  });
}

/** Takes a user's question away, as staff: for whoever forgot the answer. They are told. Throws not-found. */
export async function removeSecurityQuestion(ctx: Context, actor: Actor, userId: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    await userOf(tx, userId);
    if (await forgetAnswer(tx, actor, userId)) await tellOfChange(tx, userId, 'removed');
  });
}

async function tellOfChange(tx: Context, userId: number, change: 'set' | 'removed'): Promise<void> {
  const user = await userOf(tx, userId);
  await queueLetter(
    tx,
    securityQuestionChangedLetter({
      to: { address: user.email, name: nameOf(user), language: user.language },
      company: await settingOf(tx, companyName),
      resetUrl: await publicLink(tx, '/password/reset'),
      expiresAt: tx.now() + days(7),
      userId,
      change,
    }),
  );
}

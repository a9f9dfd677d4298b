// The way without scripts: a question in words, and a wait. Programs could answer it, so it is made slow and rare instead of
// hard: ten seconds between seeing and sending, once for each question, and so many in an hour for one network, right or
// wrong (docs/decisions/012-captcha-without-scripts.md).

import type { Limit } from '#domain/guard/limits.ts';
import { spendLimit } from '#domain/guard/limits.ts';
import { spendOnce } from '#domain/guard/spent-once.ts';
import { networkName } from '#kit/address.ts';
import { hours, minutes, seconds } from '#kit/duration.ts';
import { invalid, Problem } from '#kit/problem.ts';
import { randomHex } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

/** How long to wait before answering. */
export const QUESTION_WAIT_MS = seconds(10);
const HOLDS_MS = minutes(30);
const ANSWERS: Limit = { name: 'captcha-answer', most: 20, withinMs: hours(1) };
const PURPOSE = 'captcha-question';

/** A question: how much two numbers are, and a sealed text to send along. */
export type Question = { readonly one: number; readonly other: number; readonly token: string };

/** Makes a question for a form. */
export function makeQuestion(ctx: Context, form: string): Question {
  const nonce = randomHex(16);
  const [one, other] = [
    2 + (Number.parseInt(nonce.slice(0, 4), 16) % 18),
    2 + (Number.parseInt(nonce.slice(4, 8), 16) % 8),
  ];
  const kept = JSON.stringify({ at: ctx.now(), sum: one + other, nonce });
  return { one, other, token: ctx.seal.seal(PURPOSE, kept, form) };
}

/** Takes an answer, once. Throws invalid with the field `captchaAnswer`, or too-many. */
export async function takeAnswer(
  ctx: Context,
  form: string,
  given: { readonly token: string; readonly answer: string; readonly ip: string },
): Promise<void> {
  await spendLimit(ctx, ANSWERS, networkName(given.ip));
  const question = opened(ctx, form, given.token);
  if (!question || ctx.now() >= question.at + HOLDS_MS) throw refused('captcha-over');
  if (ctx.now() < question.at + QUESTION_WAIT_MS)
    throw new Problem('invalid', 'captcha-too-quick', {
      fields: { captchaAnswer: 'captcha-too-quick' },
      values: { seconds: QUESTION_WAIT_MS / seconds(1) },
    });
  // Spent before it is compared: a question is answered once, right or wrong.
  if (!(await spendOnce(ctx, `captcha ${question.nonce}`, question.at + HOLDS_MS))) throw refused('captcha-over');
  if (numberIn(given.answer) !== question.sum) throw refused('captcha-wrong');
}

type Kept = { readonly at: number; readonly sum: number; readonly nonce: string };

function opened(ctx: Context, form: string, token: string): Kept | undefined {
  const text = token.length > 1000 ? undefined : ctx.seal.open(PURPOSE, token, form);
  return text === undefined ? undefined : JSON.parse(text); // ours: nobody else can seal
}

/** A whole number as people type it, in the digits of Arabic and Persian too. */
function numberIn(typed: string): number | undefined {
  const plain = typed
    .trim()
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0));
  return /^\d{1,3}$/.test(plain) ? Number(plain) : undefined;
}

function refused(code: string): Problem {
  return invalid({ captchaAnswer: code });
}

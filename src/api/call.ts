// One call of an action, from the wire or from this process: which action it is, and every way in which it may end as an
// answer. Whatever goes wrong, the caller gets `result=error` and a sentence.

import { ActionError, type Caller } from '#api/action.ts';
import { findInCatalogue } from '#api/catalogue.ts';
import type { Answer, AnswerMap } from '#api/dialect/out.ts';
import { WireFault, type WireValues } from '#api/dialect/wire.ts';
import type { Actions, FoundAction } from '#api/found-actions.ts';
import { isDatabaseAway } from '#kit/database/away.ts';
import type { ProblemKind } from '#kit/problem.ts';
import { Problem } from '#kit/problem.ts';
import { randomToken } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';
import { isKey, translator } from '#src/locales/words.ts';

/** An answer with the status that HTTP gives it. */
export type Answered = {
  readonly status: number;
  readonly answer: Answer;
  readonly retryAfterSeconds?: number | undefined;
};

/** Calls an action by its name in any case. Whether the caller may call it was asked before. Never throws. */
export async function callAction(
  actions: Actions,
  ctx: Context,
  caller: Caller,
  name: string,
  values: WireValues,
): Promise<Answered> {
  const found = actions.get(name.toLowerCase());
  if (!found) return notAnswered(name);
  if (found.action.localOnly && !caller.local) return refused(403, 'API Command Restricted to Internal API');
  try {
    return { status: 200, answer: { result: 'success', ...(await found.action.answer({ ctx, caller, values })) } };
  } catch (error) {
    return asAnswer(ctx, found, error);
  }
}

/** A refusal with its status. */
export function refused(status: number, message: string, more: AnswerMap = {}): Answered {
  return { status, answer: { result: 'error', message, ...more } };
}

/** Anything that nobody foresaw: logged with its cause and a reference, said in one polite sentence that holds the reference. */
export function faulted(ctx: Context, error: unknown, action: string | undefined): Answered {
  const reference = randomToken(6);
  ctx.log.error({ err: error, reference, action }, 'an API call failed');
  if (isDatabaseAway(error))
    return { ...refused(503, english('errors.database-away'), { reference }), retryAfterSeconds: 30 };
  return refused(200, `Something went wrong on our side. It has been noted under the reference ${reference}.`, {
    reference,
  });
}

/** An action of the catalogue without a file here is not available yet; any other name is none. */
function notAnswered(name: string): Answered {
  const entry = findInCatalogue(name);
  if (!entry) return refused(200, `Invalid API Action: "${name.slice(0, 100)}" is not a valid API action`);
  return refused(200, 'API Function Not Found', { detail: `${entry.name} is not available here yet.` });
}

function asAnswer(ctx: Context, found: FoundAction, error: unknown): Answered {
  if (error instanceof ActionError)
    return { ...refused(200, error.message), retryAfterSeconds: error.retryAfterSeconds };
  if (error instanceof WireFault) return refused(200, error.message);
  if (error instanceof Problem)
    return { ...refused(statusOf(error.kind), wordsOf(error)), retryAfterSeconds: error.retryAfterSeconds };
  return faulted(ctx, error, found.name);
}

/** What an action did not put into a documented text. 200, as for every application error, but where waiting helps. */
function statusOf(kind: ProblemKind): number {
  switch (kind) {
    case 'too-many':
      return 429;
    case 'unavailable':
      return 503;
    case 'invalid':
    case 'not-found':
    case 'not-allowed':
    case 'conflict':
      return 200;
  }
}

const english = translator('en'); // programs read this, and WHMCS's own texts are English too

/** The sentence of a Problem, as the pages say it. */
export function wordsOf(problem: Problem): string {
  const key = `errors.${problem.code}`;
  return english(isKey(key) ? key : 'errors.invalid', problem.values);
}

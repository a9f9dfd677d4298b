// "Is it you who speaks to us?": support asks on the screens of whoever is signed in as the person, and tells the caller a
// number. Only who hears the caller's phone and sits at such a screen can type it there. It is typed and not shown beside a
// button: whoever presses what is in front of them would else confirm a stranger's call (number matching, against fatigue).

import type { Actor, StaffActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { Limit } from '#domain/guard/limits.ts';
import { spendLimit } from '#domain/guard/limits.ts';
import { askWhereSignedIn, stopAsking } from '#domain/sessions/sessions.ts';
import type { IdentityCheckRow } from '#domain/support/identity-checks.table.ts';
import {
  answerIdentityCheck,
  endIdentityChecks,
  insertIdentityCheck,
  newestIdentityCheck,
} from '#domain/support/identity-checks.table.ts';
import { holdUser, userOf } from '#domain/users/users.ts';
import { minutes } from '#kit/duration.ts';
import { conflict, invalid, notFound } from '#kit/problem.ts';
import { constantTimeEqual, randomDigits } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

/** How long a question waits. */
export const QUESTION_MS = minutes(5);

// Nobody is asked until they press anything; and one of staff does not ask everybody.
const ASKED: Limit = { name: 'identity-checks-of', most: 5, withinMs: minutes(60) };
const ASKING: Limit = { name: 'identity-checks-by', most: 30, withinMs: minutes(60) };

/** How a question stands, for whoever asked it. `number`: only while it waits. */
export type AskedCheck =
  | { readonly is: 'waiting'; readonly number: string; readonly until: number }
  | { readonly is: 'confirmed' | 'declined'; readonly at: number }
  | { readonly is: 'expired' };

/**
 * Asks a user in every browser that they are signed in with now; an earlier question ends. Where those are, and how many, is
 * not said. Throws not-found, conflict `support-nobody-there`, or too-many.
 */
export async function askIdentity(ctx: Context, actor: StaffActor, userId: number): Promise<void> {
  await userOf(ctx, userId);
  await spendLimit(ctx, ASKING, `administrator ${actor.administratorId}`);
  await spendLimit(ctx, ASKED, `user ${userId}`);
  await ctx.transaction(async (tx) => {
    const held = await holdUser(tx, userId); // of two who ask at once the later one's question is the one that waits
    if (!held) throw notFound('user-not-found');
    await endIdentityChecks(tx, userId);
    const until = tx.now() + QUESTION_MS;
    if (held.user.disabledAt !== undefined || (await askWhereSignedIn(tx, userId, until)) === 0)
      throw conflict('support-nobody-there');
    await insertIdentityCheck(tx, {
      user_id: userId,
      administrator_id: actor.administratorId,
      number_sealed: tx.seal.seal(PURPOSE, twoDigits(), `user ${userId}`),
      asked_at: tx.now(),
      expires_at: until,
    });
    await audit(tx, actor, {
      event: 'user.identity_check.asked',
      description: `${actor.name} asked ${held.user.email} on their screen whether it is they`,
      userId,
    });
  });
}

/** The newest question of an administrator to a user, as long as it is of any interest. */
export async function askedCheck(
  ctx: Context,
  administratorId: number,
  userId: number,
): Promise<AskedCheck | undefined> {
  const row = await newestIdentityCheck(ctx, userId, administratorId);
  if (!row || row.asked_at + INTERESTING_MS <= ctx.now()) return undefined;
  if (row.answer !== null && row.answered_at !== null) return { is: row.answer, at: row.answered_at };
  const number = ctx.seal.open(PURPOSE, row.number_sealed, `user ${userId}`);
  if (row.expires_at <= ctx.now() || number === undefined) return { is: 'expired' };
  return { is: 'waiting', number, until: row.expires_at };
}

const INTERESTING_MS = minutes(30);

/** What the person answers: that it is not they, or the number that they were told. */
export type IdentityAnswer = { readonly is: 'declined' } | { readonly is: 'confirmed'; readonly number: string };

/**
 * Answers the question that waits for this person, once; a wrong number declines. `over`: none waits. `asked`: this very session
 * is asked. Throws invalid with the field `number`.
 */
export async function answerIdentity(
  ctx: Context,
  actor: Actor,
  who: { readonly userId: number; readonly isAsked: boolean },
  given: IdentityAnswer,
): Promise<'confirmed' | 'declined' | 'wrong' | 'over'> {
  const number = given.is === 'confirmed' ? given.number.replaceAll(/\s/g, '') : undefined;
  if (number !== undefined && !/^\d{2}$/.test(number)) throw invalid({ number: 'support-number-missing' });
  if (!who.isAsked) return 'over';
  return ctx.transaction(async (tx) => {
    const row = await newestIdentityCheck(tx, who.userId);
    if (!row) return 'over';
    const isRight = number !== undefined && constantTimeEqual(number, numberOf(tx, row));
    const answer = isRight ? 'confirmed' : 'declined';
    const isWrong = number !== undefined && !isRight;
    if (!(await answerIdentityCheck(tx, row.id, answer))) return 'over';
    await stopAsking(tx, who.userId);
    await audit(tx, actor, {
      event: `user.identity_check.${answer}`,
      description: `${actor.name} ${isWrong ? 'typed another number than support told the caller' : `${answer} that it is they who speak to support`}`,
      userId: who.userId,
      administratorId: row.administrator_id,
    });
    return isWrong ? 'wrong' : answer;
  });
}

const PURPOSE = 'identity-check';

/** A sealed text that does not open equals no number. */
function numberOf(ctx: Context, row: IdentityCheckRow): string {
  return ctx.seal.open(PURPOSE, row.number_sealed, `user ${row.user_id}`) ?? '';
}

/** From 10 to 99: said in one word, and typed as it is said. */
function twoDigits(): string {
  for (;;) {
    const number = randomDigits(2);
    if (!number.startsWith('0')) return number;
  }
}

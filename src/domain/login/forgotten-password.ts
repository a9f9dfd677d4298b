// The way back for whoever forgot their password: by the address typed, by the user name of staff, or by the button of a
// link that is dead. Strangers hear the same whoever they ask for (ASVS 5.0 V6.3.8), and a second factor is still asked at
// the sign-in that follows (V6.4.3).

import { administratorOf, findAdministratorByName, holdAdministrator } from '#domain/administrators/administrators.ts';
import { strangerActor } from '#domain/audit/actor.ts';
import type { AnswerCheck } from '#domain/credentials/security-questions.ts';
import { checkAnswer } from '#domain/credentials/security-questions.ts';
import { countUse, spendLimit } from '#domain/guard/limits.ts';
import { staffPasswordReset } from '#domain/login/login.settings.ts';
import { noAccountLetter } from '#domain/login/no-account.mail.ts';
import { findPasswordLink } from '#domain/login/password-links.table.ts';
import {
  holdPersonOf,
  passwordLinkState,
  sendPasswordLink,
  sendToAdministrator,
  stateOf,
} from '#domain/login/password-links.ts';
import { wrongAnswerLetter } from '#domain/login/security-question.mail.ts';
import { queueLetter } from '#domain/mail/outbox.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { User } from '#domain/users/users.ts';
import { findUserByEmail, holdUser, nameOf, userOf } from '#domain/users/users.ts';
import { networkName } from '#kit/address.ts';
import { days, hours } from '#kit/duration.ts';
import { later } from '#kit/later.ts';
import { invalid, notAllowed, Problem } from '#kit/problem.ts';
import { fingerprint } from '#kit/secret.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/**
 * A stranger says they forgot the password of an address. The same answer for every address, and a letter to every one: the
 * link, or that nobody signs in with it (at most once a day), or that the answer to the security question was wrong. The
 * work is done after the answer is given, so that its time tells nothing either (ASVS 5.0 V6.3.8; behaviours.md, section
 * 15, number 2). `answer`: to the security question that everybody is shown where they are asked. Throws `too-many` by
 * network and by what was typed.
 */
export async function requestPasswordLink(ctx: Context, email: string, ip: string, answer = ''): Promise<void> {
  await countRequest(ctx, email, ip);
  afterwards(ctx, () => sendWhenKnown(ctx, email, answer, ip));
}

/** Counted alike for every address, by the network and by what was typed. */
async function countRequest(ctx: Context, typed: string, ip: string): Promise<void> {
  await spendLimit(ctx, FROM_NETWORK, networkName(ip));
  await spendLimit(ctx, FOR_ADDRESS, comparable(typed).slice(0, 300));
}

const FROM_NETWORK = { name: 'reset-network', most: 20, withinMs: hours(1) };
const FOR_ADDRESS = { name: 'reset-address', most: 5, withinMs: hours(1) };

/**
 * A member of staff says they forgot their password, by user name or address. The same answer for every name. Nothing is
 * sent where the operator switched it off. Throws `too-many`.
 */
export async function requestAdministratorPasswordLink(ctx: Context, name: string, ip: string): Promise<void> {
  await spendLimit(ctx, FROM_NETWORK, networkName(ip));
  await spendLimit(ctx, { ...FOR_ADDRESS, name: 'reset-staff' }, comparable(name).slice(0, 300));
  afterwards(ctx, () => sendToNamed(ctx, name, ip));
}

async function sendToNamed(ctx: Context, name: string, ip: string): Promise<void> {
  if (!(await settingOf(ctx, staffPasswordReset))) return;
  await ctx.transaction(async (tx) => {
    const found = await findAdministratorByName(tx, name);
    const held = found && (await holdAdministrator(tx, found.id))?.administrator;
    if (held && held.disabledAt === undefined) await sendToAdministrator(tx, strangerActor(ip), held);
  });
}

/** Does it once the answer is on its way. */
function afterwards(ctx: Context, work: () => Promise<void>): void {
  later(work, (error) => ctx.log.error({ err: error }, 'a letter about a password could not be queued'));
}

/**
 * Whose security question has to be answered before a fresh link goes out in place of this dead one: a user's id, or
 * undefined where none is asked.
 */
export async function userOfDeadLink(ctx: Context, token: string): Promise<number | undefined> {
  const state = await passwordLinkState(ctx, token);
  return 'fresh' in state && state.fresh !== undefined && state.side === 'user' ? state.whose : undefined;
}

/**
 * Sends a fresh link in place of a dead one, to the very mailbox that got that one; whoever has none of its letters learns
 * and moves nothing by it. Answers the masked address. Throws not-allowed `password-link-over`, `too-many`, or invalid with
 * the field `answer`.
 */
export async function sendFreshPasswordLink(ctx: Context, token: string, answer: string, ip: string): Promise<string> {
  const row = await findPasswordLink(ctx, fingerprint(token));
  const state = row && (await stateOf(ctx, row));
  if (!row || !state || !('fresh' in state) || state.fresh === undefined) throw notAllowed('password-link-over');
  await countRequest(ctx, row.sent_to ?? '', ip);
  const actor = strangerActor(ip);
  if (row.user_id !== null && (await checkAnswer(ctx, actor, row.user_id, answer)) === 'wrong')
    throw invalid({ answer: 'security-answer-wrong' });
  await ctx.transaction(async (tx) => {
    await holdPersonOf(tx, row);
    const now = await stateOf(tx, row); // their address may have become another meanwhile
    if (!('fresh' in now) || now.fresh === undefined) throw notAllowed('password-link-over');
    if (row.user_id === null)
      return sendToAdministrator(tx, actor, await administratorOf(tx, row.administrator_id ?? 0));
    const { hasPassword } = await userOf(tx, row.user_id);
    return sendPasswordLink(tx, actor, row.user_id, hasPassword ? 'asked' : 'welcome');
  });
  return state.fresh;
}

async function sendWhenKnown(ctx: Context, email: string, answer: string, ip: string): Promise<void> {
  const found = await findUserByEmail(ctx, email);
  if (!found) return sayNoAccount(ctx, email);
  if (found.disabledAt !== undefined) return;
  if ((await answered(ctx, found, answer, ip)) === 'wrong') return sayWrongAnswer(ctx, found);
  await ctx.transaction(async (tx) => {
    const user = (await holdUser(tx, found.id))?.user;
    if (user && user.disabledAt === undefined) await sendPasswordLink(tx, strangerActor(ip), user.id, 'asked');
  });
}

/** An answer that is one too many is as good as a wrong one: nobody is there any more to be told. */
async function answered(ctx: Context, user: User, answer: string, ip: string): Promise<AnswerCheck> {
  try {
    return await checkAnswer(ctx, strangerActor(ip), user.id, answer);
  } catch (error) {
    if (error instanceof Problem && error.kind === 'too-many') return 'wrong';
    throw error;
  }
}

/** Once a day for one address, and so often in all: whoever types other people's addresses must not make us a nuisance. */
async function sayNoAccount(ctx: Context, email: string): Promise<void> {
  if ((await countUse(ctx, { name: 'no-account', most: 1, withinMs: days(1) }, comparable(email))) > 1) return;
  if ((await countUse(ctx, { name: 'no-account-in-all', most: 500, withinMs: days(1) }, '')) > 500) return;
  await ctx.transaction(async (tx) => {
    const to = { address: email.trim(), name: '', language: '' };
    const company = await settingOf(tx, companyName);
    await queueLetter(tx, noAccountLetter({ to, company, expiresAt: tx.now() + days(1) }));
  });
}

/** So that they know why no link came, and that somebody tries. Once an hour. */
async function sayWrongAnswer(ctx: Context, user: User): Promise<void> {
  if ((await countUse(ctx, { name: 'wrong-answer-letter', most: 1, withinMs: hours(1) }, `user ${user.id}`)) > 1)
    return;
  await ctx.transaction(async (tx) => {
    await queueLetter(
      tx,
      wrongAnswerLetter({
        to: { address: user.email, name: nameOf(user), language: user.language },
        company: await settingOf(tx, companyName),
        resetUrl: await publicLink(tx, '/password/reset'),
        expiresAt: tx.now() + days(1),
        userId: user.id,
      }),
    );
  });
}

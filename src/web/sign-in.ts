// What follows each step of signing in by a page, at the customers' door and at the staff's. The steps themselves are
// rules of domain/login; nothing here decides whether somebody is who they say.

import { awaitConfirmation } from '#domain/login/confirmation.ts';
import type { Side } from '#domain/login/holder.ts';
import type { CodeAnswer } from '#domain/login/next-step.ts';
import { offerCode, waitingSide } from '#domain/login/next-step.ts';
import type { PasswordAnswer } from '#domain/login/password-login.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { signIn } from '#domain/login/sign-in.ts';
import type { CountedTry } from '#domain/login/tries.ts';
import type { Proof } from '#domain/sessions/proof.ts';
import { invalid, Problem } from '#kit/problem.ts';
import { customerPath, gotoIn, staffPath, withGoto } from '#web/goto.ts';
import type { Answer, Visit } from '#web/page.ts';
import { awaitStep, dropAttempt, enter } from '#web/page.ts';
import { verificationNotice, verificationToken } from '#web/verification.ts';

/** One of the two doors: who knocks there, where it is, where it leads. */
export type Door = {
  readonly side: Side;
  readonly login: string;
  readonly code: string;
  /** The one sentence for every refusal (ASVS 5.0 V6.3.8). */
  readonly refusal: string;
  /** Where to go on: the way back if it is one of ours, else the home. */
  readonly goOn: (goto: string) => string;
};

/** The door of customers. */
export const CUSTOMERS: Door = {
  side: 'user',
  login: '/login',
  code: '/login/code',
  refusal: 'login-wrong',
  goOn: (goto) => customerPath(goto) ?? '/',
};

/** The door of staff. */
export const STAFF: Door = {
  side: 'administrator',
  login: '/admin/login',
  code: '/admin/login/code',
  refusal: 'admin-login-wrong',
  goOn: (goto) => staffPath(goto) ?? '/admin',
};

/** The way back: from the form once it was posted, else from the address. */
export function gotoOf(visit: Visit): string {
  return gotoIn(visit);
}

/** Offers a name and a password that were typed, and goes on to what is next. Throws what the form then says. */
export async function knock(visit: Visit, door: Door, name: string, password: string): Promise<Answer> {
  const answer = await offerPassword(visit.ctx, {
    side: door.side,
    name,
    password,
    source: { kind: 'visitor', ip: visit.ip },
    ip: visit.ip,
    canChoosePassword: true,
  });
  return afterPassword(visit, door, answer);
}

/** Offers the code of a second factor for the sign-in that is under way in this browser. */
export async function offerTypedCode(visit: Visit, door: Door, code: string): Promise<Answer> {
  const attempt = visit.attempt ?? '';
  if ((await waitingSide(visit.ctx, 'second-factor', attempt)) !== door.side) return startAgain(visit, door);
  return afterCode(visit, door, await offerCode(visit.ctx, attempt, code, visit.ip));
}

/** Back to the first step, which says why. */
export function startAgain(visit: Visit, door: Door): Answer {
  return dropAttempt(withGoto(door.login, gotoOf(visit)), { tone: 'info', key: 'entrance.login.over' });
}

/** Opens the session of a Proof in this browser, in place of the one it had on this side. */
export async function open(visit: Visit, door: Door, proof: Proof, counted?: CountedTry): Promise<Answer> {
  const held = door.side === 'user' ? visit.user : visit.administrator;
  const answers = verificationToken(gotoOf(visit));
  const opening = {
    ip: visit.ip,
    userAgent: visit.userAgent,
    origin: 'login',
    replaces: held?.sessionId,
    answers,
  } as const;
  const opened = await signIn(visit.ctx, proof, opening, counted).catch(unlessUnproven);
  if (opened === 'unproven') return awaitStep(await awaitConfirmation(visit.ctx, proof, visit.ip), '/login/confirm');
  if (answers !== undefined) return enter(opened, '/', await verificationNotice(visit.ctx, answers, opened.person));
  return enter(opened, door.goOn(gotoOf(visit)));
}

/** Where an address has to be confirmed before, nobody is signed in yet: the next page says so. */
function unlessUnproven(error: unknown): 'unproven' {
  if (error instanceof Problem && error.code === 'address-unproven') return 'unproven';
  throw error;
}

async function afterPassword(visit: Visit, door: Door, answer: PasswordAnswer): Promise<Answer> {
  switch (answer.at) {
    case 'refused':
      throw new Problem('invalid', door.refusal);
    case 'second-factor':
      return awaitStep(answer.attempt, withGoto(door.code, gotoOf(visit)));
    case 'new-password':
      return awaitStep(answer.attempt, withGoto('/login/new-password', gotoOf(visit)));
    case 'proved':
      return open(visit, door, answer.proof, answer.counted);
  }
}

async function afterCode(visit: Visit, door: Door, answer: CodeAnswer): Promise<Answer> {
  switch (answer.at) {
    case 'wrong-code':
      throw invalid({ code: 'code-wrong' });
    case 'over':
      return startAgain(visit, door);
    case 'new-password':
      return awaitStep(answer.attempt, withGoto('/login/new-password', gotoOf(visit)));
    case 'proved':
      return open(visit, door, answer.proof);
  }
}

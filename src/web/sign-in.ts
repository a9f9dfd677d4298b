// What follows each step of signing in by a page, at the customers' door and at the staff's. The steps themselves are
// rules of domain/login; nothing here decides whether somebody is who they say.

import type { Factor, FactorHolder } from '#domain/credentials/factor.ts';
import { awaitConfirmation } from '#domain/login/confirmation.ts';
import type { Side } from '#domain/login/holder.ts';
import { factorHolderOf } from '#domain/login/holder.ts';
import type { ResponseAnswer, Waiting } from '#domain/login/next-step.ts';
import { offerFactor, waitingFor } from '#domain/login/next-step.ts';
import type { PasswordAnswer } from '#domain/login/password-login.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { signIn } from '#domain/login/sign-in.ts';
import type { StepAnswer } from '#domain/login/steps.ts';
import type { CountedTry } from '#domain/login/tries.ts';
import type { Proof } from '#domain/sessions/proof.ts';
import { invalid, Problem } from '#kit/problem.ts';
import { customerPath, gotoIn, staffPath, withGoto } from '#web/goto.ts';
import type { Answer, Visit } from '#web/page.ts';
import { awaitStep, dropAttempt, enter } from '#web/page.ts';
import { recoveryFinish } from '#web/recovery-link.ts';
import { verificationNotice, verificationToken } from '#web/verification.ts';

/** One of the two doors: who knocks there, where it is, where it leads. */
export type Door = {
  readonly side: Side;
  readonly login: string;
  /** The one sentence for every refusal (ASVS 5.0 V6.3.8). */
  readonly refusal: string;
  /** Where to go on: the way back if it is one of ours, else the home. */
  readonly goOn: (goto: string) => string;
};

/** The door of customers. */
export const CUSTOMERS: Door = {
  side: 'user',
  login: '/login',
  refusal: 'login-wrong',
  goOn: (goto) => customerPath(goto) ?? '/',
};

/** The door of staff. */
export const STAFF: Door = {
  side: 'administrator',
  login: '/admin/login',
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
    isPersonThere: true,
    remember: visit.form.has('remember'),
    device: visit.device,
  });
  return afterPassword(visit, door, answer);
}

/**
 * Offers the response to a second factor for the sign-in that is under way in this browser. `name`: the factor that the page
 * asks for; without it, whichever takes typed codes. `trust`: they ticked that this browser need not be asked again.
 */
export async function offerResponse(
  visit: Visit,
  door: Door,
  name: string | undefined,
  text: string,
  trust = visit.form.has('trust'),
): Promise<Answer> {
  const attempt = visit.attempt ?? '';
  const response = { text, browser: visit.browser };
  const how = { trust, side: door.side };
  return afterResponse(visit, door, await offerFactor(visit.ctx, attempt, name, response, visit.ip, how));
}

/** What the sign-in under way in this browser waits for at this step of this door; undefined when it does not. */
export async function waitingHere(
  visit: Visit,
  door: Door,
  step: 'second-factor' | 'factor-set-up',
): Promise<Waiting | undefined> {
  const waiting = await waitingFor(visit.ctx, step, visit.attempt ?? '');
  return waiting?.side === door.side ? waiting : undefined;
}

/** Whose sign-in in this browser waits for a second factor to be set up, where the one of this name is offered. */
export async function settingUpHere(visit: Visit, door: Door, name: string): Promise<FactorHolder | undefined> {
  const waiting = await waitingHere(visit, door, 'factor-set-up');
  return waiting?.factors.some((factor) => factor.name === name) ? factorHolderOf(waiting.person) : undefined;
}

/** The page of a door that asks for this factor: `/login/passkey`; all typed codes share one. */
export function factorPage(door: Door, factor: Pick<Factor, 'name' | 'asks' | 'isSpare'>): string {
  return `${door.login}/${factor.asks === 'code' && !factor.isSpare ? 'code' : factor.name}`;
}

/** Back to the first step, which says why. */
export function startAgain(visit: Visit, door: Door): Answer {
  return dropAttempt(withGoto(door.login, gotoOf(visit)), { tone: 'info', key: 'entrance.login.over' });
}

/** What somebody ticked on the way: that this browser is to be remembered, or trusted with their second factor. */
export type Wishes = { readonly remember: boolean; readonly trust: boolean };
const NO_WISHES: Wishes = { remember: false, trust: false };

/** Opens the session of a Proof in this browser, in place of the one it had on this side. */
export async function open(
  visit: Visit,
  door: Door,
  proof: Proof,
  counted?: CountedTry,
  { remember, trust } = NO_WISHES,
): Promise<Answer> {
  const held = door.side === 'user' ? visit.user : visit.administrator;
  const answers = verificationToken(gotoOf(visit));
  const opening = {
    ip: visit.ip,
    userAgent: visit.userAgent,
    origin: 'login',
    replaces: held?.sessionId,
    answers,
    browser: { device: visit.device, remember, trust },
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
    case 'proved':
      return open(visit, door, answer.proof, answer.counted, answer);
    case 'second-factor':
    case 'new-password':
    case 'factor-set-up':
      return afterStep(visit, door, answer);
  }
}

async function afterResponse(visit: Visit, door: Door, answer: ResponseAnswer): Promise<Answer> {
  if (answer.at === 'wrong') throw invalid({ code: 'code-wrong' });
  return afterStep(visit, door, answer);
}

/** Goes to where the sign-in stands after any step: the next one, the start, or in. */
export async function afterStep(visit: Visit, door: Door, answer: StepAnswer): Promise<Answer> {
  switch (answer.at) {
    case 'over':
      return startAgain(visit, door);
    case 'second-factor':
      return awaitStep(answer.attempt, secondStep(visit, door, answer.strongest));
    case 'new-password':
      return awaitStep(answer.attempt, withGoto(`${door.login}/new-password`, gotoOf(visit)));
    case 'factor-set-up':
      return awaitStep(answer.attempt, withGoto(`${door.login}/set-up`, gotoOf(visit)));
    case 'proved':
      return open(visit, door, answer.proof, undefined, answer);
  }
}

/** The page of the second step. Whoever comes by the link that does without is not asked for what they lost. */
function secondStep(visit: Visit, door: Door, strongest: Factor): string {
  const finish = door.side === 'user' ? recoveryFinish(gotoOf(visit)) : undefined;
  return finish ?? withGoto(factorPage(door, strongest), gotoOf(visit));
}

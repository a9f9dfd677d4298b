// Passkeys where somebody signs in or is asked again who they are: alone, after a password, set up on the way, and before what
// needs a fresh proof. Customers and staff alike; each page is a few lines over these.

import type { FactorHolder } from '#domain/credentials/factor.ts';
import type { Ceremony } from '#domain/credentials/passkeys.ts';
import {
  addPasskey,
  askForAnswer,
  askForNew,
  checkNew,
  doPasskeysSignIn,
  PASSKEY,
} from '#domain/credentials/passkeys.ts';
import type { Asking, Purpose } from '#domain/credentials/passkeys-challenge.ts';
import { factorHolderOf, holderActor } from '#domain/login/holder.ts';
import { setUpDuringSignIn } from '#domain/login/next-step.ts';
import { offerPasskey } from '#domain/login/passkey-login.ts';
import { confirmByFactor, stepUpWays } from '#domain/login/step-up.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid, notAllowed, notFound } from '#kit/problem.ts';
import { confirmWaysOut } from '#web/confirm-ways.ts';
import { rememberTick, trustTick } from '#web/device-parts.ts';
import { afterSetUpAtSignIn } from '#web/factor-added.ts';
import { onwardIn } from '#web/factor-parts.ts';
import { factorWaysOut } from '#web/factor-ways.ts';
import { withGoto } from '#web/goto.ts';
import type { OwnSide } from '#web/own-side.ts';
import { inSession } from '#web/own-side.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, renew, show } from '#web/page.ts';
import { entranceRoom } from '#web/parts/rooms.ts';
import {
  defaultNameOf,
  inPasskeyWords,
  passkeyFactorSent,
  passkeyForm,
  passkeySent,
  shownNameOf,
} from '#web/passkey-form.ts';
import type { Door } from '#web/sign-in.ts';
import { afterStep, gotoOf, offerResponse, settingUpHere, startAgain, waitingHere } from '#web/sign-in.ts';
import { gotoField } from '#web/sign-in-pictures.ts';

/**
 * The button below the form of a sign-in page, where passkeys sign anybody in at this door. It is seen only where there is
 * script to do something by it, and is the same for everybody.
 */
export async function passkeyButton(visit: Visit, door: Door): Promise<Html | undefined> {
  const ceremony = await askAnybody(visit, door);
  if (!ceremony) return undefined;
  const drawn = passkeyForm(visit.frame, {
    asks: 'get',
    ceremony,
    action: signInPage(door),
    button: visit.frame.t('passkeys.sign-in.button'),
    tone: 'plain',
    body: gotoField(onwardIn(door, gotoOf(visit))),
    inAutofill: true,
  });
  return html`<div hidden data-passkey-only>${drawn}</div>`;
}

/** The page of signing in by a passkey alone. */
export async function drawSignIn(visit: Visit, door: Door): Promise<Answer> {
  if (visit.user && door.side === 'user') return goTo(door.goOn(gotoOf(visit)));
  if (visit.administrator && door.side === 'administrator') return goTo(door.goOn(gotoOf(visit)));
  const ceremony = await askAnybody(visit, door);
  if (!ceremony) throw notFound('page-not-found');
  const { frame, errors } = visit;
  const { t } = frame;
  const goto = onwardIn(door, gotoOf(visit));
  return show(
    entranceRoom(frame, {
      title: t('passkeys.sign-in.title'),
      intro: t('passkeys.sign-in.intro'),
      errors,
      body: passkeyForm(frame, {
        asks: 'get',
        ceremony,
        button: t('passkeys.sign-in.button'),
        body: html`${gotoField(goto)}${await rememberTick(visit, door)}`,
        errors,
      }),
      wayOut: html`<p><a href="${withGoto(door.login, goto)}">${t('passkeys.sign-in.password')}</a></p>`,
    }),
  );
}

/** Signs in by a passkey alone. Throws invalid by field, or `too-many`. */
export async function signInByPasskey(visit: Visit, door: Door): Promise<Answer> {
  const { token, response } = passkeySent(visit);
  const answer = await offerPasskey(visit.ctx, {
    side: door.side,
    token,
    response,
    browser: visit.browser,
    ip: visit.ip,
    remember: visit.form.has('remember'),
  });
  if (answer.at !== 'refused') return afterStep(visit, door, answer);
  throw invalid({ form: answer.why === 'expired' ? 'passkey-expired' : 'passkey-wrong' });
}

/** The page that asks for a passkey after the password. */
export async function drawSecondFactor(visit: Visit, door: Door): Promise<Answer> {
  const waiting = await waitingHere(visit, door, 'second-factor');
  if (!waiting) return startAgain(visit, door);
  const goto = onwardIn(door, gotoOf(visit));
  if (!waiting.factors.some(({ name }) => name === PASSKEY)) return goTo(withGoto(`${door.login}/code`, goto));
  const { frame, errors } = visit;
  const { t } = frame;
  const asking = askingOf(visit, 'second-factor', factorHolderOf(waiting.person));
  return show(
    entranceRoom(frame, {
      title: t('passkeys.second.title'),
      intro: t('passkeys.second.intro'),
      errors,
      body: passkeyForm(frame, {
        asks: 'get',
        ceremony: await askForAnswer(visit.ctx, asking),
        button: t('passkeys.second.button'),
        body: html`${gotoField(goto)}${await trustTick(visit, door)}`,
        errors,
      }),
      wayOut: factorWaysOut(frame, door, waiting.factors, `${door.login}/${PASSKEY}`, goto),
    }),
  );
}

/** Offers the passkey after the password. */
export async function offerSecondFactor(visit: Visit, door: Door): Promise<Answer> {
  return inPasskeyWords(offerResponse(visit, door, PASSKEY, passkeyFactorSent(visit, 'second-factor')));
}

/** The page that sets a passkey up, where signing in goes no further without a second factor. */
export async function drawSetUp(visit: Visit, door: Door): Promise<Answer> {
  const holder = await settingUpHere(visit, door, PASSKEY);
  if (!holder) return startAgain(visit, door);
  const { frame, errors } = visit;
  const { t } = frame;
  const goto = onwardIn(door, gotoOf(visit));
  const ceremony = await askForNew(visit.ctx, askingOf(visit, 'enrol', holder), await shownNameOf(visit.ctx, holder));
  return show(
    entranceRoom(frame, {
      title: t('passkeys.new.title'),
      intro: t('passkeys.set-up.intro'),
      errors,
      body: passkeyForm(frame, {
        asks: 'create',
        ceremony,
        button: t('passkeys.new.button'),
        body: gotoField(goto),
        errors,
      }),
      wayOut: html`<p><a href="${withGoto(`${door.login}/set-up`, goto)}">${t('factors.set-up.others')}</a></p>`,
    }),
  );
}

/** Sets it up and goes on signing in. */
export async function setUpPasskey(visit: Visit, door: Door): Promise<Answer> {
  const holder = await settingUpHere(visit, door, PASSKEY);
  if (!holder) return startAgain(visit, door);
  const { token, response } = passkeySent(visit);
  const enrolment = await checkNew(visit.ctx, askingOf(visit, 'enrol', holder), token, response);
  const otherwise = await defaultNameOf(visit);
  const answer = await setUpDuringSignIn(visit.ctx, visit.attempt ?? '', visit.ip, async (tx, held) => {
    const name = { name: '', otherwise, keepSessionId: undefined };
    await addPasskey(tx, holderActor(held, visit.ip), held.factor, enrolment, name);
    return PASSKEY;
  });
  return afterSetUpAtSignIn(visit, door, answer);
}

/** The page that asks again who this is, by a passkey. */
export async function drawStepUp(visit: Visit, side: OwnSide): Promise<Answer> {
  const holder = holderHere(visit, side);
  const goto = onwardIn(side.door, gotoOf(visit));
  const ways = await stepUpWays(visit.ctx, holder);
  if (ways.by !== 'factors' || !ways.factors.some(({ name }) => name === PASSKEY))
    return goTo(withGoto(side.confirmIdentity, goto));
  const { frame, errors } = visit;
  const { t } = frame;
  return show(
    entranceRoom(frame, {
      title: t('factors.confirm.title'),
      intro: t('passkeys.step-up.intro'),
      errors,
      body: passkeyForm(frame, {
        asks: 'get',
        ceremony: await askForAnswer(visit.ctx, askingOf(visit, 'step-up', holder)),
        button: t('passkeys.step-up.button'),
        body: gotoField(goto),
        errors,
      }),
      wayOut: confirmWaysOut(frame, side, ways.factors, PASSKEY, goto),
    }),
  );
}

/** Confirms by a passkey who this is, and goes on to where they wanted to be. */
export async function stepUpByPasskey(visit: Visit, side: OwnSide): Promise<Answer> {
  const who = inSession(visit, side);
  holderHere(visit, side);
  const response = { text: passkeyFactorSent(visit, 'step-up'), browser: visit.browser };
  await inPasskeyWords(confirmByFactor(visit.ctx, who, PASSKEY, response, visit.ip));
  return renew(side.kind, side.door.goOn(gotoOf(visit))); // ASVS 5.0 V7.2.4
}

/** What a sign-in page asks passkeys for; undefined where they sign nobody in at this door. */
async function askAnybody(visit: Visit, door: Door): Promise<Ceremony | undefined> {
  const asking = { purpose: 'sign-in', side: door.side, whose: undefined, browser: visit.browser } as const;
  return (await doPasskeysSignIn(visit.ctx, door.side)) ? askForAnswer(visit.ctx, asking) : undefined;
}

/** The page of signing in by a passkey at this door. */
function signInPage(door: Door): string {
  return `${door.login}/passkey-sign-in`;
}

function askingOf(visit: Visit, purpose: Purpose, holder: FactorHolder): Asking {
  return { purpose, side: holder.kind, whose: holder, browser: visit.browser };
}

/** Whose session this is. Not of staff in the place of a user: they show nothing of the user's factors. */
function holderHere(visit: Visit, side: OwnSide): FactorHolder {
  if (visit.user?.acting) throw notAllowed('acting-secrets');
  return inSession(visit, side).holder;
}

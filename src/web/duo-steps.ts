// Duo where somebody signs in or is asked again who they are: after a password, set up on the way, and before what needs a
// fresh proof. Customers and staff alike; each page is a few lines over these.

import { duoResponse } from '#domain/credentials/duo.factor.ts';
import { addDuo, askByDuo, askForDuo, carriedBy, confirmDuo, DUO } from '#domain/credentials/duo.ts';
import type { DuoVisit } from '#domain/credentials/duo-visit.ts';
import { trustDays } from '#domain/devices/devices.ts';
import { factorHolderOf, holderActor } from '#domain/login/holder.ts';
import { setUpDuringSignIn } from '#domain/login/next-step.ts';
import { confirmByFactor, stepUpWays } from '#domain/login/step-up.ts';
import { html } from '#kit/html.ts';
import { invalid, notAllowed } from '#kit/problem.ts';
import { confirmWaysOut } from '#web/confirm-ways.ts';
import { duoLink, duoSent, duoVisitOf, orBackTo, ownHolder } from '#web/duo-parts.ts';
import { afterSetUpAtSignIn } from '#web/factor-added.ts';
import { onwardIn } from '#web/factor-parts.ts';
import { factorWaysOut } from '#web/factor-ways.ts';
import { withGoto } from '#web/goto.ts';
import type { OwnSide } from '#web/own-side.ts';
import { inSession } from '#web/own-side.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, renew, show } from '#web/page.ts';
import { entranceRoom } from '#web/parts/rooms.ts';
import { shownNameOf } from '#web/passkey-form.ts';
import type { Door } from '#web/sign-in.ts';
import { gotoOf, offerResponse, settingUpHere, startAgain, waitingHere } from '#web/sign-in.ts';

/** The page that asks by Duo after the password. */
export async function drawDuoSecondFactor(visit: Visit, door: Door): Promise<Answer> {
  const waiting = await waitingHere(visit, door, 'second-factor');
  if (!waiting) return startAgain(visit, door);
  const { ctx, frame } = visit;
  const { t } = frame;
  const goto = onwardIn(door, gotoOf(visit));
  if (!waiting.factors.some(({ name }) => name === DUO)) return goTo(withGoto(`${door.login}/code`, goto));
  const asking = duoVisitOf(visit, 'second-factor', factorHolderOf(waiting.person));
  const link = await askByDuo(ctx, asking, { goto, trust: false });
  return show(
    entranceRoom(frame, {
      title: t('factors.duo.login.title'),
      intro: t('factors.duo.login.intro'),
      body: duoLink(frame, link, { trusting: await trustingLink(visit, asking, goto) }),
      wayOut: factorWaysOut(frame, door, waiting.factors, `${door.login}/${DUO}`, goto),
    }),
  );
}

/** Takes what came back, and goes on with signing in. What is in the address counts once, in the browser that was sent. */
export async function duoSecondFactorCameBack(visit: Visit, door: Door): Promise<Answer> {
  const waiting = await waitingHere(visit, door, 'second-factor');
  if (!waiting) return startAgain(visit, door);
  const asking = duoVisitOf(visit, 'second-factor', factorHolderOf(waiting.person));
  return cameBack(visit, asking, `${door.login}/${DUO}`, ({ onward, trust, state, code }) =>
    offerResponse(onward, door, DUO, duoResponse('second-factor', state, code), trust),
  );
}

/** The page that sets Duo up, where signing in goes no further without a second factor. */
export async function drawDuoSetUp(visit: Visit, door: Door): Promise<Answer> {
  const holder = await settingUpHere(visit, door, DUO);
  if (!holder) return startAgain(visit, door);
  const { ctx, frame } = visit;
  const { t } = frame;
  const goto = onwardIn(door, gotoOf(visit));
  const { name } = await shownNameOf(ctx, holder);
  // The address may not be confirmed yet: nobody could do that before they are in.
  const link = await askForDuo(ctx, duoVisitOf(visit, 'set-up', holder), name, { goto, trust: false });
  return show(
    entranceRoom(frame, {
      title: t('factors.duo.add'),
      intro: t('factors.duo.set-up.text'),
      body: duoLink(frame, link),
      wayOut: html`<p><a href="${withGoto(`${door.login}/set-up`, goto)}">${t('factors.set-up.others')}</a></p>`,
    }),
  );
}

/** Takes what came back, sets Duo up and goes on with signing in. */
export async function duoSetUpCameBack(visit: Visit, door: Door): Promise<Answer> {
  const holder = await settingUpHere(visit, door, DUO);
  if (!holder) return startAgain(visit, door);
  const { ctx, ip } = visit;
  const asking = duoVisitOf(visit, 'set-up', holder);
  return cameBack(visit, asking, `${door.login}/set-up/${DUO}`, async ({ onward, state, code }) => {
    const confirmed = await confirmDuo(ctx, asking, (await shownNameOf(ctx, holder)).name, { state, code });
    const answer = await setUpDuringSignIn(ctx, visit.attempt ?? '', ip, (tx, held) =>
      addDuo(tx, holderActor(held, ip), held.factor, { confirmed, keepSessionId: undefined }),
    );
    return afterSetUpAtSignIn(onward, door, answer);
  });
}

/** The page that asks again who this is, by Duo. */
export async function drawDuoStepUp(visit: Visit, side: OwnSide): Promise<Answer> {
  const holder = ownHolder(visit, side);
  const { ctx, frame } = visit;
  const { t } = frame;
  const goto = onwardIn(side.door, gotoOf(visit));
  const ways = await stepUpWays(ctx, holder);
  if (ways.by !== 'factors' || !ways.factors.some(({ name }) => name === DUO))
    return goTo(withGoto(side.confirmIdentity, goto));
  const link = await askByDuo(ctx, duoVisitOf(visit, 'step-up', holder), { goto, trust: false });
  return show(
    entranceRoom(frame, {
      title: t('factors.confirm.title'),
      intro: t('factors.duo.confirm.intro'),
      body: duoLink(frame, link, { isLone: ways.factors.length === 1 }),
      wayOut: confirmWaysOut(frame, side, ways.factors, DUO, goto),
    }),
  );
}

/** Takes what came back, and goes on to where they wanted to be. */
export async function duoStepUpCameBack(visit: Visit, side: OwnSide): Promise<Answer> {
  const asking = duoVisitOf(visit, 'step-up', ownHolder(visit, side));
  const who = inSession(visit, side);
  return cameBack(visit, asking, `${side.confirmIdentity}/${DUO}`, async ({ onward, state, code }) => {
    const response = { text: duoResponse('step-up', state, code), browser: visit.browser };
    await confirmByFactor(visit.ctx, who, DUO, response, visit.ip);
    return renew(side.kind, side.door.goOn(gotoOf(onward))); // ASVS 5.0 V7.2.4
  });
}

type CameBack = {
  /** The visit with the way on that we sealed, in place of what the address says. */
  readonly onward: Visit;
  readonly trust: boolean;
  readonly state: string;
  readonly code: string;
};

/** Goes on by `work` when this page sent the browser; else, and when it was no yes, back to `page`. */
async function cameBack(
  visit: Visit,
  asking: DuoVisit,
  page: string,
  work: (came: CameBack) => Promise<Answer>,
): Promise<Answer> {
  const sent = duoSent(visit);
  const carried = carriedBy(visit.ctx, asking, sent.state);
  return orBackTo(withGoto(page, carried?.goto ?? ''), async () => {
    if (!carried) throw notAllowed('duo-over');
    if (sent.code === '') throw invalid({ form: 'duo-denied' });
    return work({ ...sent, onward: { ...visit, query: { goto: carried.goto } }, trust: carried.trust });
  });
}

/** The second link, where a browser may be trusted: what others tick in a form goes along with the visit. */
async function trustingLink(
  { ctx }: Visit,
  asking: DuoVisit,
  goto: string,
): Promise<{ href: string; days: number } | undefined> {
  const days = await trustDays(ctx, asking.holder.kind);
  const href = days === 0 ? undefined : await askByDuo(ctx, asking, { goto, trust: true });
  return href === undefined ? undefined : { href, days };
}

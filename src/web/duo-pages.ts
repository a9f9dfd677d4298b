// One's own Duo: setting it up, how it stands, taking it away. Customers and staff alike; each page is a few lines over these,
// and asks again who this is before.

import type { OwnDuo } from '#domain/credentials/duo.ts';
import { addDuo, askForDuo, carriedBy, confirmDuo, duoOf, isDuoOffered, removeDuo } from '#domain/credentials/duo.ts';
import { isOnlyFactor } from '#domain/credentials/factors.ts';
import { addOwnFactor, loseOwnFactor, mayBeWithout } from '#domain/login/own-factors.ts';
import { isFresh } from '#domain/login/step-up.ts';
import { userOf } from '#domain/users/users.ts';
import { isUnproven } from '#domain/verification/verification.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid, notAllowed, notFound } from '#kit/problem.ts';
import { duoLink, duoSent, duoVisitOf, orBackTo, ownHolder } from '#web/duo-parts.ts';
import { afterFactorAdded } from '#web/factor-added.ts';
import { lossesOfLastFactor } from '#web/factor-losses.ts';
import { wayBackIn } from '#web/factor-parts.ts';
import type { OwnSide } from '#web/own-side.ts';
import { inSession } from '#web/own-side.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, renew, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { definitions } from '#web/parts/definitions.ts';
import { remark } from '#web/parts/notice.ts';
import { status } from '#web/parts/status.ts';
import { ago, date } from '#web/parts/time.ts';
import { shownNameOf } from '#web/passkey-form.ts';
import type { SectionOf } from '#web/security-section.ts';

/** The line of the overview. Where nobody may set it up, only whoever has it sees it. */
export const duoSection: SectionOf = async (visit, side) => {
  const { t } = visit.frame;
  const duo = await duoOf(visit.ctx, inSession(visit, side).holder);
  if (!duo && !(await isDuoOffered(visit.ctx, side.kind))) return undefined;
  return {
    group: 'second-factor',
    title: t('factors.name.duo'),
    text: t('factors.duo.section', { state: duo ? 'on' : 'off', name: duo?.name ?? '' }),
    status: duo ? status('good', t('factors.security.on')) : status('quiet', t('factors.security.off')),
    link: pageOf(side),
  };
};

/** How one's own stands, or the way to set it up. */
export async function drawOwnDuo(visit: Visit, side: OwnSide): Promise<Answer> {
  const { ctx, frame } = visit;
  const { t } = frame;
  const duo = await duoOf(ctx, inSession(visit, side).holder);
  return show(
    side.room(frame, {
      title: t('factors.name.duo'),
      intro: t('factors.duo.intro'),
      back: wayBackIn(visit, side),
      body: duo ? ownPicture(visit, side, duo) : await settingUpPicture(visit, side),
    }),
  );
}

/** Takes what came back from Duo, and stores it. What is in the address counts once, in the browser that was sent. */
export async function ownDuoCameBack(visit: Visit, side: OwnSide): Promise<Answer> {
  const { ctx, actor } = visit;
  const holder = ownHolder(visit, side);
  const who = inSession(visit, side);
  const asking = duoVisitOf(visit, 'enrol', holder);
  const sent = duoSent(visit);
  return orBackTo(pageOf(side), async () => {
    if (!carriedBy(ctx, asking, sent.state)) throw notAllowed('duo-over');
    if (sent.code === '') throw invalid({ form: 'duo-denied' });
    await requireOffered(visit, side);
    // The page asked who this is; it may be a while since, as with a form that was open (login/step-up.ts).
    if (!(await isFresh(ctx, who, true))) return goTo(pageOf(side));
    const confirmed = await confirmDuo(ctx, asking, (await shownNameOf(ctx, holder)).name, sent);
    await addOwnFactor(ctx, who, (tx) => addDuo(tx, actor, holder, { confirmed, keepSessionId: who.sessionId }));
    return afterFactorAdded(visit, side, 'factors.duo.added');
  });
}

/** What is lost with it; or why it stays. */
export async function drawDuoRemoval(visit: Visit, side: OwnSide): Promise<Answer> {
  const { ctx, frame, errors } = visit;
  const { t } = frame;
  const who = inSession(visit, side);
  if (!(await duoOf(ctx, who.holder))) throw notFound('duo-not-found');
  const isLast = await isOnlyFactor(ctx, who.holder);
  const body =
    isLast && !(await mayBeWithout(ctx, who))
      ? html`<p>${t('factors.duo.remove.required')}</p>${linkButton({ href: side.security, text: t('factors.security.title') })}`
      : confirmation(frame, {
          errors,
          losses: [
            t('factors.duo.remove.loss'),
            ...(isLast ? await lossesOfLastFactor(visit, side) : []),
            t('factors.sessions-end'),
          ],
          kept: t('factors.duo.remove.kept'),
          button: t('factors.duo.remove.button'),
          cancel: { href: pageOf(side), text: t('factors.cancel') },
        });
  return show(
    side.room(frame, {
      title: t('factors.duo.remove'),
      back: { href: pageOf(side), text: t('factors.name.duo') },
      errors,
      body: card({ body }),
    }),
  );
}

/** Takes it away. Other sessions end, and this browser goes on under a new token. Throws conflict `factor-required`. */
export async function removeOwnDuo(visit: Visit, side: OwnSide): Promise<Answer> {
  const { ctx, actor } = visit;
  const who = inSession(visit, side);
  await loseOwnFactor(ctx, who, (tx) => removeDuo(tx, actor, who.holder, who.sessionId));
  return renew(side.kind, side.security, { tone: 'success', key: 'factors.duo.removed' });
}

function pageOf(side: OwnSide): string {
  return `${side.security}/duo`;
}

function ownPicture({ frame }: Visit, side: OwnSide, duo: OwnDuo): Html {
  const { t } = frame;
  return stack(
    card({
      body: definitions(frame, [
        { term: t('factors.duo.name'), value: duo.name },
        { term: t('factors.duo.since'), value: date(frame, duo.createdAt) },
        { term: t('factors.duo.used'), value: ago(frame, duo.lastUsedAt, t('factors.duo.used.never')) },
      ]),
    }),
    card({
      title: t('factors.duo.remove'),
      intro: t('factors.duo.remove.intro'),
      tone: 'danger',
      actions: linkButton({ href: `${pageOf(side)}/removal`, text: t('factors.duo.remove.link'), tone: 'danger' }),
    }),
  );
}

async function settingUpPicture(visit: Visit, side: OwnSide): Promise<Html> {
  const { ctx, frame } = visit;
  const { t } = frame;
  const { holder } = inSession(visit, side);
  if (!(await isDuoOffered(ctx, side.kind))) return remark({ tone: 'info', body: t('factors.duo.not-offered') });
  if (await isAddressOpen(visit, side))
    return remark({
      tone: 'warning',
      body: t('factors.duo.unproven'),
      action: linkButton({ href: '/user/confirmation', text: t('factors.duo.unproven.button') }),
    });
  const { name } = await shownNameOf(ctx, holder);
  const link = await askForDuo(ctx, duoVisitOf(visit, 'enrol', holder), name, { goto: '', trust: false });
  return card({
    title: t('factors.duo.add'),
    intro: t('factors.duo.set-up.text'),
    body: duoLink(frame, link, { isLone: true }),
  });
}

async function requireOffered(visit: Visit, side: OwnSide): Promise<void> {
  if (!(await isDuoOffered(visit.ctx, side.kind))) throw notFound('page-not-found');
  if (await isAddressOpen(visit, side)) throw notAllowed('duo-unproven');
}

/** Duo knows customers by their address: nobody is asked there under one that may be somebody else's. */
async function isAddressOpen({ ctx, user }: Visit, side: OwnSide): Promise<boolean> {
  return side.kind === 'user' && user !== undefined && (await isUnproven(ctx, await userOf(ctx, user.userId)));
}

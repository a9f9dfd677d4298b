// Setting up an authenticator app, naming it, removing it: on one's own pages and, where signing in goes no further without a
// second factor, on the way in. Customers and staff alike.

import { administratorOf } from '#domain/administrators/administrators.ts';
import type { FactorHolder } from '#domain/credentials/factor.ts';
import { factorsOffered, isOnlyFactor } from '#domain/credentials/factors.ts';
import type { Authenticator, SeedDraft } from '#domain/credentials/totp.ts';
import {
  addAuthenticator,
  authenticatorOf,
  authenticatorsOf,
  confirmDraft,
  draftAgain,
  draftAuthenticator,
  MOST_AUTHENTICATORS,
  MOST_IN_NAME,
  removeAuthenticator,
  renameAuthenticator,
  TOTP,
} from '#domain/credentials/totp.ts';
import { holderActor } from '#domain/login/holder.ts';
import { setUpDuringSignIn } from '#domain/login/next-step.ts';
import { addOwnFactor, loseOwnFactor, mayBeWithout } from '#domain/login/own-factors.ts';
import { userOf } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { notFound } from '#kit/problem.ts';
import { oneLine } from '#kit/text.ts';
import { afterFactorAdded, afterSetUpAtSignIn } from '#web/factor-added.ts';
import { lossesOfLastFactor } from '#web/factor-losses.ts';
import { onwardIn, wayBackIn } from '#web/factor-parts.ts';
import { withGoto } from '#web/goto.ts';
import type { OwnSide } from '#web/own-side.ts';
import { inSession } from '#web/own-side.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, renew, show, textOr } from '#web/page.ts';
import { hiddenField, linkButton } from '#web/parts/button.ts';
import { card, linkList, stack } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { codeField, textField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { qrCode } from '#web/parts/qr.ts';
import { entranceRoom } from '#web/parts/rooms.ts';
import { secretList } from '#web/parts/secret.ts';
import { status } from '#web/parts/status.ts';
import { ago, date } from '#web/parts/time.ts';
import type { SectionOf } from '#web/security-section.ts';
import type { Door } from '#web/sign-in.ts';
import { gotoOf, settingUpHere, startAgain } from '#web/sign-in.ts';
import { gotoField } from '#web/sign-in-pictures.ts';
import { wholeNumber } from '#web/staff.ts';

/** The line of the overview. Where nobody may set one up, only whoever has one sees it. */
export const appSection: SectionOf = async (visit, side) => {
  const { t } = visit.frame;
  const { holder } = inSession(visit, side);
  const count = (await authenticatorsOf(visit.ctx, holder)).length;
  if (count === 0 && !(await isOffered(visit, holder))) return undefined;
  return {
    group: 'second-factor',
    title: t('factors.name.totp'),
    text: t('factors.app.section', { count }),
    status: count > 0 ? status('good', t('factors.security.on')) : status('quiet', t('factors.security.off')),
    link: `${side.security}/app`,
  };
};

/** One's own apps, and another one. */
export async function drawApps(visit: Visit, side: OwnSide): Promise<Answer> {
  const { ctx, frame, errors } = visit;
  const { t } = frame;
  const { holder } = inSession(visit, side);
  const apps = await authenticatorsOf(ctx, holder);
  const offered = await isOffered(visit, holder);
  const add = offered && apps.length < MOST_AUTHENTICATORS && (await setUpForm(visit, holder));
  return show(
    side.room(frame, {
      title: t('factors.name.totp'),
      intro: t('factors.app.intro'),
      back: wayBackIn(visit, side),
      errors,
      body: stack(
        apps.length > 0 &&
          card({ title: t('factors.app.yours'), flush: linkList(apps.map((app) => lineOf(visit, side, app))) }),
        !offered && remark({ tone: 'info', body: t('factors.app.not-offered') }),
        apps.length >= MOST_AUTHENTICATORS &&
          remark({ tone: 'info', body: t('errors.too-many-authenticators', { most: MOST_AUTHENTICATORS }) }),
        add && card({ title: apps.length > 0 ? t('factors.app.another') : t('factors.app.add'), body: add }),
      ),
    }),
  );
}

/** Stores another one. Fields: draft, code, name. Throws invalid with `code`, not-allowed `set-up-over`, conflict. */
export async function addApp(visit: Visit, side: OwnSide): Promise<Answer> {
  const { ctx, actor } = visit;
  const who = inSession(visit, side);
  if (!(await isOffered(visit, who.holder))) throw notFound('page-not-found');
  const confirmed = await confirmDraft(
    ctx,
    { ...who, browser: visit.browser },
    visit.form.text('draft'),
    codeOf(visit),
  );
  const given = { name: nameOf(visit), confirmed, keepSessionId: who.sessionId };
  await addOwnFactor(ctx, who, (tx) => addAuthenticator(tx, actor, who.holder, given));
  return afterFactorAdded(visit, side, 'factors.app.added');
}

/** One of one's own: its name, and the way to remove it. */
export async function drawApp(visit: Visit, side: OwnSide): Promise<Answer> {
  const { frame, errors, form: typed } = visit;
  const { t } = frame;
  const app = await appInPath(visit, side);
  const here = `${side.security}/app/${app.id}`;
  return show(
    side.room(frame, {
      title: app.name,
      intro: useOf(visit, app),
      back: { href: `${side.security}/app`, text: t('factors.name.totp') },
      errors,
      body: stack(
        card({
          body: form(frame, {
            errors,
            button: t('factors.app.rename'),
            body: textField(frame, {
              name: 'name',
              label: t('factors.app.name'),
              errors,
              required: true,
              value: textOr(typed, 'name', app.name),
              autocomplete: 'off',
              maxlength: MOST_IN_NAME,
            }),
          }),
        }),
        card({
          title: t('factors.app.remove'),
          intro: t('factors.app.remove.intro'),
          tone: 'danger',
          actions: linkButton({ href: `${here}/removal`, text: t('factors.app.remove.link'), tone: 'danger' }),
        }),
      ),
    }),
  );
}

/** Gives it another name. Fields: name. */
export async function renameApp(visit: Visit, side: OwnSide): Promise<Answer> {
  const { id } = await appInPath(visit, side);
  await renameAuthenticator(visit.ctx, inSession(visit, side).holder, id, visit.form.text('name'));
  return goTo(`${side.security}/app`, { tone: 'success', key: 'factors.app.renamed' });
}

/** What is lost with it; or why it stays. */
export async function drawRemoval(visit: Visit, side: OwnSide): Promise<Answer> {
  const { ctx, frame, errors } = visit;
  const { t } = frame;
  const who = inSession(visit, side);
  const app = await appInPath(visit, side);
  const here = `${side.security}/app/${app.id}`;
  const isLast = (await isOnlyFactor(ctx, who.holder)) && (await authenticatorsOf(ctx, who.holder)).length === 1;
  const kept = isLast && !(await mayBeWithout(ctx, who));
  const body = kept
    ? card({
        body: html`<p>${t('factors.app.remove.required')}</p>${linkButton({ href: side.security, text: t('factors.security.title') })}`,
      })
    : card({
        body: confirmation(frame, {
          errors,
          losses: [
            ...(isLast ? await lossesOfLastFactor(visit, side) : [t('factors.app.remove.loss')]),
            t('factors.sessions-end'),
          ],
          button: t('factors.app.remove.button'),
          cancel: { href: here, text: t('factors.cancel') },
        }),
      });
  return show(
    side.room(frame, {
      title: t('factors.app.remove.title', { name: app.name }),
      back: { href: here, text: app.name },
      body,
      errors,
    }),
  );
}

/** Removes it. Other sessions end, and this browser goes on under a new token. Throws conflict `factor-required`. */
export async function removeApp(visit: Visit, side: OwnSide): Promise<Answer> {
  const { ctx, actor } = visit;
  const who = inSession(visit, side);
  const { id } = await appInPath(visit, side);
  await loseOwnFactor(ctx, who, (tx) => removeAuthenticator(tx, actor, who.holder, id, who.sessionId));
  return renew(side.kind, side.security, { tone: 'success', key: 'factors.app.removed' });
}

/** The page on the way in. */
export async function drawAppAtSignIn(visit: Visit, door: Door): Promise<Answer> {
  const holder = await settingUpHere(visit, door, TOTP);
  if (!holder) return startAgain(visit, door);
  const { frame, errors } = visit;
  const { t } = frame;
  const goto = onwardIn(door, gotoOf(visit));
  return show(
    entranceRoom(frame, {
      title: t('factors.app.add'),
      intro: t('factors.app.intro'),
      errors,
      body: await setUpForm(visit, holder, gotoField(goto)),
      wayOut: html`<p><a href="${withGoto(`${door.login}/set-up`, goto)}">${t('factors.set-up.others')}</a></p>`,
    }),
  );
}

/** Stores it and goes on signing in. Fields: draft, code, name, goto. */
export async function addAppAtSignIn(visit: Visit, door: Door): Promise<Answer> {
  const { ctx, ip } = visit;
  const holder = await settingUpHere(visit, door, TOTP);
  if (!holder) return startAgain(visit, door);
  const name = nameOf(visit);
  const answer = await setUpDuringSignIn(ctx, visit.attempt ?? '', ip, async (tx, held) => {
    const confirmed = await confirmDraft(
      tx,
      { holder, browser: visit.browser },
      visit.form.text('draft'),
      codeOf(visit),
    );
    return addAuthenticator(tx, holderActor(held, ip), held.factor, { name, confirmed, keepSessionId: undefined });
  });
  return afterSetUpAtSignIn(visit, door, answer);
}

/** The steps of setting one up: the QR code, the key to type, the first code. The same seed again after a refused post. */
async function setUpForm(visit: Visit, holder: FactorHolder, more?: Html): Promise<Html> {
  const { frame, errors } = visit;
  const { t } = frame;
  const drafted = await draftHere(visit, holder);
  const qr = await qrCode(drafted.address, t('factors.app.qr'));
  return form(frame, {
    errors,
    button: t('factors.app.button'),
    body: html`${more}${hiddenField('draft', drafted.draft)}<ol class="dw-steps"><li><p>${t('factors.app.step.scan')}</p>${qr}<p><a href="${drafted.address}">${t('factors.app.step.open')}</a></p><p class="form-label">${t('factors.app.key')}</p>${secretList(
      frame,
      {
        name: 'seed',
        label: t('factors.app.key'),
        secrets: [inGroups(drafted.seed)],
      },
    )}<p class="form-hint">${t('factors.app.key.help')}</p></li><li><p>${t('factors.app.step.code')}</p>${codeField(
      frame,
      {
        name: 'code',
        label: t('factors.app.code'),
        errors,
        required: true,
      },
    )}${textField(frame, {
      name: 'name',
      label: t('factors.app.name'),
      help: t('factors.app.name.help'),
      errors,
      required: false,
      value: visit.form.text('name'),
      autocomplete: 'off',
      maxlength: MOST_IN_NAME,
    })}</li></ol>`,
  });
}

async function draftHere(visit: Visit, holder: FactorHolder): Promise<SeedDraft> {
  const whose = { holder, browser: visit.browser, label: await labelOf(visit, holder) };
  const again = visit.form.given && (await draftAgain(visit.ctx, whose, visit.form.text('draft')));
  return again || draftAuthenticator(visit.ctx, whose);
}

async function labelOf({ ctx }: Visit, { kind, id }: FactorHolder): Promise<string> {
  return kind === 'user' ? (await userOf(ctx, id)).email : (await administratorOf(ctx, id)).username;
}

/** As people read keys out and type them. */
function inGroups(seed: string): string {
  return seed.replace(/(.{4})(?=.)/g, '$1 ');
}

function codeOf(visit: Visit): string {
  return visit.form.text('code').replace(/[\s-]/g, '');
}

function nameOf(visit: Visit): string {
  return oneLine(visit.form.text('name')) || visit.frame.t('factors.name.totp');
}

function lineOf(visit: Visit, side: OwnSide, app: Authenticator) {
  return { href: `${side.security}/app/${app.id}`, title: app.name, text: useOf(visit, app) };
}

function useOf({ frame }: Visit, app: Authenticator): Html {
  const { t } = frame;
  return html`${t('factors.app.since')} ${date(frame, app.createdAt)} · ${
    app.lastUsedAt === undefined
      ? t('factors.app.unused')
      : html`${t('factors.app.used')} ${ago(frame, app.lastUsedAt)}`
  }`;
}

async function appInPath(visit: Visit, side: OwnSide): Promise<Authenticator> {
  const id = wholeNumber(visit.params['app']);
  if (id === undefined) throw notFound('authenticator-not-found');
  return authenticatorOf(visit.ctx, inSession(visit, side).holder, id);
}

async function isOffered({ ctx }: Visit, { kind }: FactorHolder): Promise<boolean> {
  return (await factorsOffered(ctx, kind)).some(({ name }) => name === TOTP);
}

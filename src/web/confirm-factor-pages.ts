// Asking again who this is, before what an open browser alone must not do: by the strongest factor that the person has, by the
// password where they have none (domain/login/step-up.ts). Customers and staff alike; the pages of single factors lie below.

import { BACKUP_CODE } from '#domain/credentials/backup-codes.ts';
import type { Factor } from '#domain/credentials/factor.ts';
import { spendLimit } from '#domain/guard/limits.ts';
import { sendPasswordHelp } from '#domain/login/password-help.ts';
import { sendAdministratorPasswordLink } from '#domain/login/password-links.ts';
import { confirmByFactor, confirmByPassword, isFresh, stepUpWays } from '#domain/login/step-up.ts';
import { hours } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid, notAllowed } from '#kit/problem.ts';
import { confirmWaysOut } from '#web/confirm-ways.ts';
import { onwardIn } from '#web/factor-parts.ts';
import { gotoIn, withGoto } from '#web/goto.ts';
import type { OwnSide } from '#web/own-side.ts';
import { inSession } from '#web/own-side.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, renew, show } from '#web/page.ts';
import { codeField, passwordField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { entranceRoom } from '#web/parts/rooms.ts';
import { gotoField } from '#web/sign-in-pictures.ts';

/** Letters with a link for setting a password that somebody may ask for here. */
const OWN_LETTERS = { name: 'own-password-letter', most: 3, withinMs: hours(1) };

/** The page. Query: goto; `by`: `code` or `backup-code`, for whoever would rather type. */
export async function drawConfirmation(visit: Visit, side: OwnSide): Promise<Answer> {
  const who = inSession(visit, side);
  requireOwnHands(visit);
  const goto = onwardIn(side.door, gotoIn(visit));
  if (!visit.form.given && (await isFresh(visit.ctx, who))) return goTo(side.door.goOn(goto));
  const ways = await stepUpWays(visit.ctx, who.holder);
  switch (ways.by) {
    case 'nothing':
      return show(letterPicture(visit, goto));
    case 'password':
      return show(passwordPicture(visit, goto));
    case 'factors':
      return byFactor(visit, side, ways.factors, goto);
  }
}

/** Fields: current or code, by what the person has; goto. Throws invalid by field, `too-many`, or not-allowed. */
export async function confirm(visit: Visit, side: OwnSide): Promise<Answer> {
  const { ctx, form: typed, ip } = visit;
  const who = inSession(visit, side);
  requireOwnHands(visit);
  const on = side.door.goOn(onwardIn(side.door, gotoIn(visit)));
  const ways = await stepUpWays(ctx, who.holder);
  switch (ways.by) {
    case 'nothing':
      return sendLetter(visit, side);
    case 'password':
      await confirmByPassword(ctx, who, typed.text('current'), ip);
      return renew(side.kind, on); // ASVS 5.0 V7.2.4
    case 'factors': {
      const text = typed.text('code').replace(/[\s-]/g, '');
      if (text === '') throw invalid({ code: 'code-missing' });
      await confirmByFactor(ctx, who, undefined, { text, browser: visit.browser }, ip);
      return renew(side.kind, on);
    }
  }
}

/** Staff in the place of a user show nothing of the user's. */
function requireOwnHands({ user }: Visit): void {
  if (user?.acting) throw notAllowed('acting-secrets');
}

async function sendLetter(visit: Visit, side: OwnSide): Promise<Answer> {
  const { ctx, actor } = visit;
  const { holder } = inSession(visit, side);
  await spendLimit(ctx, OWN_LETTERS, `${holder.kind} ${holder.id}`);
  await (holder.kind === 'user'
    ? sendPasswordHelp(ctx, actor, holder.id)
    : sendAdministratorPasswordLink(ctx, actor, holder.id));
  const goto = onwardIn(side.door, gotoIn(visit));
  return goTo(withGoto(side.confirmIdentity, goto), { tone: 'success', key: 'factors.confirm.letter.sent' });
}

/** The strongest is asked by its own page; a typed code is asked here, first or instead. */
function byFactor(visit: Visit, side: OwnSide, factors: readonly Factor[], goto: string): Answer {
  const [strongest] = factors;
  const typed = visit.form.given || ['code', BACKUP_CODE].includes(visit.query['by'] ?? '');
  if (strongest && strongest.asks !== 'code' && !typed)
    return goTo(withGoto(`${side.confirmIdentity}/${strongest.name}`, goto));
  return show(codePicture(visit, side, factors, goto));
}

function codePicture(visit: Visit, side: OwnSide, factors: readonly Factor[], goto: string): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const hasCodes = factors.some((factor) => factor.asks === 'code' && !factor.isSpare);
  const spare = factors.find((factor) => factor.isSpare);
  const backup = spare !== undefined && (visit.query['by'] === spare.name || !hasCodes);
  return entranceRoom(frame, {
    title: t('factors.confirm.title'),
    intro: backup ? t('factors.confirm.backup') : t('factors.confirm.code'),
    errors,
    body: form(frame, {
      errors,
      button: t('factors.confirm.button'),
      body: html`${gotoField(goto)}${codeField(frame, {
        name: 'code',
        label: backup ? t('factors.name.backup-code') : t('factors.app.code'),
        errors,
        required: true,
        autofocus: true,
        ...(backup ? { kind: 'text', length: 19 } : {}),
      })}`,
    }),
    wayOut: confirmWaysOut(frame, side, factors, backup ? BACKUP_CODE : 'code', goto),
  });
}

function passwordPicture(visit: Visit, goto: string): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('factors.confirm.title'),
    intro: t('factors.confirm.password'),
    errors,
    body: form(frame, {
      errors,
      button: t('factors.confirm.button'),
      body: html`${gotoField(goto)}${passwordField(frame, {
        name: 'current',
        label: t('factors.confirm.password.label'),
        errors,
        required: true,
        autocomplete: 'current-password',
        enterkeyhint: 'go',
        autofocus: true,
        maxlength: 1000,
      })}`,
    }),
    wayOut: leaving(visit),
  });
}

/** For whoever came by another site and has neither: a password, by a letter, is the way. */
function letterPicture(visit: Visit, goto: string): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('factors.confirm.title'),
    intro: t('factors.confirm.nothing'),
    errors,
    body: form(frame, { errors, button: t('factors.confirm.letter'), body: html`${gotoField(goto)}` }),
    wayOut: leaving(visit),
  });
}

function leaving({ frame, user }: Visit): Html {
  return html`<p><a href="${user ? '/' : '/admin'}">${frame.t('factors.confirm.leave')}</a></p>`;
}

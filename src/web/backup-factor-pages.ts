// Backup codes: how many are left, and new ones. New codes are shown before they count: whoever does not keep them goes on with
// the old ones, and nothing is changed by looking. Customers and staff alike.

import { BACKUP_CODES, backupCodesOf, draftBackupCodes, FEW_BACKUP_CODES } from '#domain/credentials/backup-codes.ts';
import { hasSecondFactor } from '#domain/credentials/factors.ts';
import { renewOwnBackupCodes } from '#domain/login/own-factors.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { onwardIn, wayBackIn } from '#web/factor-parts.ts';
import { gotoIn, withGoto } from '#web/goto.ts';
import type { OwnSide } from '#web/own-side.ts';
import { inSession } from '#web/own-side.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, show } from '#web/page.ts';
import { hiddenField, linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { form } from '#web/parts/form.ts';
import { secretList } from '#web/parts/secret.ts';
import { status } from '#web/parts/status.ts';
import { date } from '#web/parts/time.ts';
import type { SectionOf } from '#web/security-section.ts';
import { gotoField } from '#web/sign-in-pictures.ts';

/** The line of the overview, for whoever has a second factor. */
export const backupCodesSection: SectionOf = async (visit, side) => {
  const { t } = visit.frame;
  const { holder } = inSession(visit, side);
  if (!(await hasSecondFactor(visit.ctx, holder))) return undefined;
  const { left } = await backupCodesOf(visit.ctx, holder);
  return {
    group: 'recovery',
    title: t('factors.codes.title'),
    text: left === 0 ? t('factors.codes.none') : t('factors.codes.left', { left }),
    status: stateOf(visit, left),
    link: `${side.security}/backup-codes`,
  };
};

/** How many are left, since when, and the way to new ones. With `goto`, the way on. */
export async function drawCodes(visit: Visit, side: OwnSide): Promise<Answer> {
  const { ctx, frame } = visit;
  const { t } = frame;
  const { holder } = inSession(visit, side);
  const guarded = await hasSecondFactor(ctx, holder);
  const { left, madeAt } = await backupCodesOf(ctx, holder);
  const goto = onwardIn(side.door, gotoIn(visit));
  const on = goto === '' ? undefined : linkButton({ href: goto, text: t('factors.codes.on'), tone: 'primary' });
  return show(
    side.room(frame, {
      title: t('factors.codes.title'),
      intro: t('factors.codes.intro'),
      back: wayBackIn(visit, side),
      actions: on,
      body: guarded
        ? card({
            title: left === 0 ? t('factors.codes.none') : t('factors.codes.left', { left }),
            intro: html`${madeAt !== undefined && html`${t('factors.codes.made')} ${date(frame, madeAt)}. `}${t('factors.codes.lost')}`,
            actions: linkButton({
              href: `${side.security}/backup-codes/new`,
              text: t('factors.codes.renew.link'),
              tone: left <= FEW_BACKUP_CODES && goto === '' ? 'primary' : 'plain',
            }),
          })
        : card({ flush: firstFactor(visit, side) }),
    }),
  );
}

/** Ten new ones to keep. They count once their person says that they have them. */
export async function drawNewCodes(visit: Visit, side: OwnSide): Promise<Answer> {
  const { ctx, frame, errors } = visit;
  const { t } = frame;
  const { holder } = inSession(visit, side);
  const goto = onwardIn(side.door, gotoIn(visit));
  if (!(await hasSecondFactor(ctx, holder))) return goTo(withGoto(`${side.security}/backup-codes`, goto));
  const { left } = await backupCodesOf(ctx, holder);
  const { codes, draft } = draftBackupCodes(ctx, holder, visit.browser);
  return show(
    side.room(frame, {
      title: t('factors.codes.new.title'),
      intro: t('factors.codes.new.intro'),
      back: wayBackIn(visit, side),
      errors,
      body: stack(
        card({
          body: form(frame, {
            errors,
            button: t('factors.codes.new.button'),
            secondary: linkButton({
              href: goto || `${side.security}/backup-codes`,
              text: t('factors.codes.new.later'),
              tone: 'quiet',
            }),
            body: html`${gotoField(goto)}${hiddenField('draft', draft)}${secretList(frame, {
              name: 'codes',
              label: t('factors.codes.title'),
              secrets: codes,
            })}<p>${t('factors.codes.new.once', { count: BACKUP_CODES })}${left > 0 && html` ${t('factors.codes.new.replaces', { left })}`}</p>`,
          }),
        }),
      ),
    }),
  );
}

/** Takes them on. Fields: draft, goto. Throws not-allowed `codes-over`, conflict `factor-first`. */
export async function takeOnCodes(visit: Visit, side: OwnSide): Promise<Answer> {
  const who = inSession(visit, side);
  await renewOwnBackupCodes(visit.ctx, visit.actor, who, visit.browser, visit.form.text('draft'));
  const goto = onwardIn(side.door, gotoIn(visit));
  const done = { tone: 'success', key: 'factors.codes.kept' } as const;
  if (goto === '') return goTo(side.security, done);
  // What leads out of our pages is left by a link: the browser lets no form of these pages end elsewhere.
  return goTo(/\/go\//.test(goto) ? withGoto(`${side.security}/backup-codes`, goto) : goto, done);
}

function firstFactor({ frame }: Visit, side: OwnSide): Html {
  const { t } = frame;
  return empty({
    icon: 'shield-lock',
    title: t('factors.codes.first'),
    text: t('factors.codes.first.text'),
    action: linkButton({ href: side.security, text: t('factors.security.title') }),
  });
}

function stateOf({ frame: { t } }: Visit, left: number): Html {
  if (left === 0) return status('bad', t('factors.codes.state.none'));
  return left <= FEW_BACKUP_CODES
    ? status('waiting', t('factors.codes.state.few'))
    : status('good', t('factors.security.on'));
}

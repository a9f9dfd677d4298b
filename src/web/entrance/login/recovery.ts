// For somebody at the second step of signing in who has lost what it asks for: they ask here, wait, and come back here.

import type { Recovery } from '#domain/recovery/recovery.ts';
import { askRecovery, finishRecovery, recoveryOf, whoLostTheirFactor } from '#domain/recovery/recovery.ts';
import { minutes } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { customerPath, withGoto } from '#web/goto.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { hiddenField } from '#web/parts/button.ts';
import { textArea } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { entranceRoom } from '#web/parts/rooms.ts';
import { afterStep, CUSTOMERS, gotoOf, startAgain } from '#web/sign-in.ts';
import { gotoField } from '#web/sign-in-pictures.ts';

/** Fields: reason, goto; or act=finish, once it was approved and waited for. Three requests a day (domain/recovery). */
export default page({
  who: { is: 'anyone' },
  limit: { name: 'login-recovery', most: 30, withinMs: minutes(15) },

  get: async (visit) => {
    const userId = await whoLostTheirFactor(visit.ctx, visit.attempt ?? '');
    if (userId === undefined) return startAgain(visit, CUSTOMERS);
    return show(picture(visit, await recoveryOf(visit.ctx, userId)));
  },

  post: async (visit) => {
    const { ctx, form: typed, ip } = visit;
    const attempt = visit.attempt ?? '';
    if ((await whoLostTheirFactor(ctx, attempt)) === undefined) return startAgain(visit, CUSTOMERS);
    if (typed.text('act') === 'finish') return afterStep(visit, CUSTOMERS, await finishRecovery(ctx, attempt, ip));
    await askRecovery(ctx, attempt, { reason: typed.text('reason') }, ip);
    return goTo(withGoto('/login/recovery', gotoOf(visit)));
  },
});

function picture(visit: Visit, recovery: Recovery | undefined): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const goto = customerPath(gotoOf(visit)) ?? '';
  return entranceRoom(frame, {
    title: t('recovery.title'),
    intro: recovery ? undefined : t('recovery.intro', { company: frame.brand.name }),
    errors,
    body: recovery ? standing(visit, recovery, goto) : asking(visit, goto),
    wayOut: html`<p><a href="${withGoto('/login/code', goto)}">${t('recovery.back')}</a></p><p><a href="${withGoto('/login', goto)}">${t('entrance.code.again')}</a></p>`,
  });
}

function asking({ frame, errors, form: typed }: Visit, goto: string): Html {
  const { t } = frame;
  return form(frame, {
    errors,
    button: t('recovery.ask'),
    body: html`${gotoField(goto)}${textArea(frame, {
      name: 'reason',
      label: t('recovery.reason'),
      help: errors?.['reason'] ? undefined : t('recovery.reason.help'),
      value: typed.text('reason'),
      errors,
      required: true,
      rows: 3,
      maxlength: 500,
    })}`,
  });
}

function standing({ ctx, frame }: Visit, recovery: Recovery, goto: string): Html {
  const { t } = frame;
  const { readyAt, expiresAt } = recovery;
  if (readyAt === undefined)
    return remark({
      tone: 'info',
      title: t('recovery.asked'),
      body: t('recovery.asked.text', { company: frame.brand.name, until: frame.formatDateTime(expiresAt) }),
    });
  if (ctx.now() < readyAt)
    return remark({
      tone: 'info',
      title: t('recovery.waiting'),
      body: t('recovery.waiting.text', { at: frame.formatDateTime(readyAt) }),
    });
  return html`${remark({ tone: 'success', title: t('recovery.ready'), body: t('recovery.ready.text') })}${form(frame, {
    button: t('recovery.finish'),
    body: html`${gotoField(goto)}${hiddenField('act', 'finish')}`,
  })}`;
}

// For somebody at the second step of signing in who has lost what it asks for: they ask here, look here how it stands, and have
// the link that finishes it sent again.

import type { Recovery } from '#domain/recovery/recovery.ts';
import { askRecovery, recoveryOf, whoLostTheirFactor } from '#domain/recovery/recovery.ts';
import { sendFreshKey } from '#domain/recovery/recovery-keys.ts';
import { minutes } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { maskedAddress } from '#kit/text.ts';
import { customerPath, withGoto } from '#web/goto.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { hiddenField } from '#web/parts/button.ts';
import { textArea } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { entranceRoom } from '#web/parts/rooms.ts';
import { CUSTOMERS, gotoOf, startAgain } from '#web/sign-in.ts';
import { gotoField } from '#web/sign-in-pictures.ts';

/** Fields: reason, goto; or act=send, once somebody vouched. Three requests and five letters a day (domain/recovery). */
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
    const here = withGoto('/login/recovery', gotoOf(visit));
    if (typed.text('act') === 'send') {
      await sendFreshKey(ctx, attempt, ip);
      return goTo(here, { tone: 'success', key: 'recovery.key.sent' });
    }
    await askRecovery(ctx, attempt, { reason: typed.text('reason') }, ip);
    return goTo(here);
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
  const { user, readyAt, expiresAt } = recovery;
  if (readyAt === undefined)
    return remark({
      tone: 'info',
      title: t('recovery.asked'),
      body: t('recovery.asked.text', { company: frame.brand.name, until: frame.formatDateTime(expiresAt) }),
    });
  const address = maskedAddress(user.email);
  const [title, body] =
    ctx.now() < readyAt
      ? [t('recovery.waiting'), t('recovery.waiting.text', { address, at: frame.formatDateTime(readyAt) })]
      : [t('recovery.ready'), t('recovery.ready.text', { address })];
  return html`${remark({ tone: 'info', title, body })}<p class="text-secondary">${t('recovery.key.lost-mailbox', {
    company: frame.brand.name,
  })}</p>${form(frame, {
    button: t('recovery.key.send'),
    tone: 'plain',
    body: html`${gotoField(goto)}${hiddenField('act', 'send')}`,
  })}`;
}

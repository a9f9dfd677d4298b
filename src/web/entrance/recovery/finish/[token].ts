// Takes lost factors away by the link in the letter to the sign-in address, in a sign-in whose first step is done.

import { finishRecovery, whoLostTheirFactor } from '#domain/recovery/recovery.ts';
import type { KeyState } from '#domain/recovery/recovery-keys.ts';
import { recoveryKeyState } from '#domain/recovery/recovery-keys.ts';
import { minutes } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { withGoto } from '#web/goto.ts';
import type { Answer, Visit } from '#web/page.ts';
import { dropAttempt, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { refusal } from '#web/parts/refusal.ts';
import { entranceRoom } from '#web/parts/rooms.ts';
import { afterStep, CUSTOMERS } from '#web/sign-in.ts';
import { gotoField } from '#web/sign-in-pictures.ts';

const SECURITY = '/user/security';

/**
 * Fields: goto. Opening the address spends nothing, so that programs that look at letters use nothing up; and whoever holds
 * just the letter signs in first.
 */
export default page({
  who: { is: 'anyone' },
  limit: { name: 'recovery-finish', most: 30, withinMs: minutes(15) },

  get: async (visit) => {
    const state = await recoveryKeyState(visit.ctx, keyOf(visit));
    return isOpen(state) ? show(await picture(visit, state)) : over(visit, state);
  },

  post: async (visit) => {
    const { ctx, ip } = visit;
    const attempt = visit.attempt ?? '';
    const state = await recoveryKeyState(ctx, keyOf(visit));
    if (!isOpen(state)) return over(visit, state);
    if ((await whoLostTheirFactor(ctx, attempt)) === undefined)
      return dropAttempt(withGoto(CUSTOMERS.login, visit.path), { tone: 'info', key: 'entrance.login.over' });
    return afterStep(visit, CUSTOMERS, await finishRecovery(ctx, attempt, keyOf(visit), ip));
  },
});

function keyOf({ params }: Visit): string {
  return params['token'] ?? '';
}

type OpenKey = Exclude<KeyState, { is: 'over' | 'unknown' }>;

function isOpen(state: KeyState): state is OpenKey {
  return state.is === 'ready' || state.is === 'waits';
}

async function picture(visit: Visit, state: OpenKey): Promise<Html> {
  const { frame, errors } = visit;
  const { t } = frame;
  const isHalfway = (await whoLostTheirFactor(visit.ctx, visit.attempt ?? '')) === state.userId;
  return entranceRoom(frame, {
    title: t('recovery.title'),
    errors,
    body: body(visit, state, isHalfway),
    wayOut: isHalfway ? html`<p><a href="/login/code">${t('recovery.back')}</a></p>` : undefined,
  });
}

function body(visit: Visit, state: OpenKey, isHalfway: boolean): Html {
  const { frame, errors, user } = visit;
  const { t } = frame;
  if (state.is === 'waits')
    return remark({
      tone: 'info',
      title: t('recovery.waiting'),
      body: t('recovery.key.waiting', { at: frame.formatDateTime(state.readyAt) }),
    });
  if (isHalfway)
    return html`${remark({ tone: 'success', title: t('recovery.ready'), body: t('recovery.key.finish') })}${form(
      frame,
      {
        errors,
        button: t('recovery.finish'),
        body: gotoField(SECURITY) ?? html``,
      },
    )}`;
  if (user) return remark({ tone: 'info', title: t('recovery.ready'), body: t('recovery.key.signed-in') });
  return html`<p>${t('recovery.key.sign-in')}</p><div class="dw-form-end">${linkButton({
    href: withGoto(CUSTOMERS.login, visit.path),
    text: t('entrance.login.button'),
    tone: 'primary',
  })}</div>`;
}

function over({ frame }: Visit, { is }: KeyState): Answer {
  const { t } = frame;
  const picture = entranceRoom(frame, {
    title: t('recovery.title'),
    body: refusal(frame, { what: t('recovery.key.over'), why: t('recovery.key.over-why') }),
    wayOut: html`<a href="/login">${t('entrance.reset.back')}</a>`,
  });
  return show(picture, is === 'over' ? 410 : 404);
}

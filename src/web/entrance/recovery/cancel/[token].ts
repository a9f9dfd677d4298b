// Ends a recovery by the link in a letter: whoever reads one of the person's addresses can say no.

import { cancelLinkState, cancelRecovery } from '#domain/recovery/recovery.ts';
import { minutes } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { form } from '#web/parts/form.ts';
import { refusal } from '#web/parts/refusal.ts';
import { entranceRoom } from '#web/parts/rooms.ts';

/** No fields. Opening the address ends nothing, so that programs that look at letters end nothing. */
export default page({
  who: { is: 'anyone' },
  limit: { name: 'recovery-cancel', most: 60, withinMs: minutes(15) },

  get: async (visit) => {
    const state = await cancelLinkState(visit.ctx, visit.params['token'] ?? '');
    if (state === 'open') return show(picture(visit));
    return show(over(visit), state === 'unknown' ? 404 : 410);
  },

  post: async ({ ctx, params, ip }) => {
    await cancelRecovery(ctx, params['token'] ?? '', ip);
    return goTo('/password/reset', { tone: 'success', key: 'recovery.cancelled' });
  },
});

function picture({ frame }: Visit): Html {
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('recovery.cancel.title'),
    intro: t('recovery.cancel.intro'),
    body: form(frame, { button: t('recovery.cancel.button'), tone: 'danger', body: html`` }),
  });
}

function over({ frame }: Visit): Html {
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('recovery.cancel.title'),
    body: refusal(frame, { what: t('recovery.cancel.over'), why: t('recovery.cancel.over-why') }),
    wayOut: html`<a href="/login">${t('entrance.reset.back')}</a>`,
  });
}

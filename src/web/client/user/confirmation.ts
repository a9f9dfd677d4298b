// One's own address: whether it is confirmed, and the letter once more.

import { userOf } from '#domain/users/users.ts';
import { isUnproven, resendVerification } from '#domain/verification/verification.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { VisitOf } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { clientRoom } from '#web/parts/rooms.ts';
import { status } from '#web/parts/status.ts';

/** No fields: posting sends the letter. */
export default page({
  who: { is: 'user' },

  get: async (visit) => show(picture(visit, await isUnproven(visit.ctx, await userOf(visit.ctx, visit.user.userId)))),

  post: async ({ ctx, actor, user }) => {
    await resendVerification(ctx, actor, user.userId);
    return goTo('/user/confirmation', { tone: 'success', key: 'registration.verify.sent' });
  },
});

function picture(visit: VisitOf<{ is: 'user' }>, asked: boolean): Html {
  const { frame, user } = visit;
  const { t } = frame;
  const state = user.addressProven
    ? status('good', t('registration.proven.yes'))
    : status(asked ? 'waiting' : 'quiet', t('registration.proven.no'));
  const again =
    asked &&
    html`<p>${t('registration.own.how', { address: user.email })}</p>${form(frame, { body: html``, button: t('registration.verify.send') })}`;
  return clientRoom(frame, {
    title: t('registration.own.title'),
    body: card({ body: html`<p class="text-break"><span class="fw-medium">${user.email}</span> ${state}</p>${again}` }),
  });
}

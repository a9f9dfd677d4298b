// One message to a webhook: what it says, how it went; and sending it once more.

import type { Delivery, Webhook } from '#domain/webhooks/webhooks.ts';
import { deliveryOf, replay, webhookOf } from '#domain/webhooks/webhooks.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { postButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { definitions } from '#web/parts/definitions.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { dateTime } from '#web/parts/time.ts';
import { idInPath } from '#web/staff.ts';
import { answerOf, deliveryStatus, WEBHOOKS } from '#web/webhook-parts.ts';

export default page({
  who: { is: 'staff', permission: 'Manage API Credentials' },
  get: async (visit) => {
    const webhook = await webhookOf(visit.ctx, idInPath(visit, 'id', 'webhook-not-found'));
    const delivery = await deliveryOf(visit.ctx, webhook.id, idInPath(visit, 'delivery', 'delivery-not-found'));
    return show(picture(visit, webhook, delivery));
  },
  post: async (visit): Promise<Answer> => {
    const id = idInPath(visit, 'id', 'webhook-not-found');
    const again = await replay(visit.ctx, visit.actor, id, idInPath(visit, 'delivery', 'delivery-not-found'));
    return goTo(`${WEBHOOKS}/${id}/deliveries/${again}`, { tone: 'success', key: 'webhooks.replayed' });
  },
});

function picture(
  { frame }: Visit,
  webhook: Webhook,
  delivery: Delivery & { readonly body: string; readonly messageId: string },
): Html {
  const { t } = frame;
  const mayReplay = delivery.state !== 'waiting' && !webhook.disabled;
  return adminRoom(frame, {
    title: delivery.event,
    heading: html`<code>${delivery.event}</code> ${deliveryStatus(frame, delivery)}`,
    back: { href: `${WEBHOOKS}/${webhook.id}`, text: webhook.description || new URL(webhook.url).host },
    actions: mayReplay ? postButton(frame, { text: t('webhooks.replay'), icon: 'refresh' }) : undefined,
    body: stack(
      card({
        body: definitions(frame, [
          { term: t('webhooks.message'), value: html`<code class="text-break">${delivery.messageId}</code>` },
          { term: t('webhooks.when'), value: dateTime(frame, delivery.createdAt) },
          { term: t('webhooks.attempts'), value: frame.formatNumber(delivery.attempts) },
          { term: t('webhooks.answer'), value: answerOf(delivery) },
          delivery.nextAttemptAt !== undefined && {
            term: t('webhooks.next'),
            value: dateTime(frame, delivery.nextAttemptAt),
          },
          delivery.endedAt !== undefined && { term: t('webhooks.ended'), value: dateTime(frame, delivery.endedAt) },
        ]),
      }),
      card({
        title: t('webhooks.body'),
        body: html`<pre class="mb-0" tabindex="0" role="region" aria-label="${t('webhooks.body')}"><code>${JSON.stringify(JSON.parse(delivery.body), null, 2)}</code></pre>`,
      }),
    ),
  });
}

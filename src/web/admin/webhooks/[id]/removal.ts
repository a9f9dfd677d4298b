// Removes a webhook, after saying what stops.

import type { Webhook } from '#domain/webhooks/webhooks.ts';
import { removeWebhook, webhookOf } from '#domain/webhooks/webhooks.ts';
import type { Html } from '#kit/html.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { idInPath } from '#web/staff.ts';
import { WEBHOOKS } from '#web/webhook-parts.ts';

export default page({
  who: { is: 'staff', permission: 'Manage API Credentials' },
  get: async (visit) => show(picture(visit, await webhookOf(visit.ctx, idInPath(visit, 'id', 'webhook-not-found')))),
  post: async (visit): Promise<Answer> => {
    await removeWebhook(visit.ctx, visit.actor, idInPath(visit, 'id', 'webhook-not-found'));
    return goTo(WEBHOOKS, { tone: 'success', key: 'webhooks.removed' });
  },
});

function picture({ frame }: Visit, webhook: Webhook): Html {
  const { t } = frame;
  const name = webhook.description || new URL(webhook.url).host;
  const here = `${WEBHOOKS}/${webhook.id}`;
  return adminRoom(frame, {
    title: t('webhooks.remove.title', { name }),
    back: { href: here, text: name },
    body: card({
      body: confirmation(frame, {
        losses: [t('webhooks.remove.loss'), t('webhooks.remove.loss.waiting')],
        button: t('webhooks.remove'),
        cancel: { href: here, text: t('webhooks.cancel') },
      }),
    }),
  });
}

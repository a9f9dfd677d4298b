// Gives a webhook a new secret, shown in the answer to this very post and nowhere else.

import type { Webhook } from '#domain/webhooks/webhooks.ts';
import { renewSecret, webhookOf } from '#domain/webhooks/webhooks.ts';
import type { Html } from '#kit/html.ts';
import type { Answer, Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { remark } from '#web/parts/notice.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { idInPath } from '#web/staff.ts';
import { WEBHOOKS, webhookSecret } from '#web/webhook-parts.ts';

export default page({
  who: { is: 'staff', permission: 'Manage API Credentials' },
  stepUp: true,
  get: async (visit) => show(picture(visit, await webhookOf(visit.ctx, idInPath(visit, 'id', 'webhook-not-found')))),
  post: async (visit): Promise<Answer> => {
    const webhook = await webhookOf(visit.ctx, idInPath(visit, 'id', 'webhook-not-found'));
    return show(renewedPicture(visit, webhook, await renewSecret(visit.ctx, visit.actor, webhook.id)));
  },
});

function picture({ frame }: Visit, webhook: Webhook): Html {
  const { t } = frame;
  const here = `${WEBHOOKS}/${webhook.id}`;
  return adminRoom(frame, {
    title: t('webhooks.secret.renew'),
    intro: webhook.description || new URL(webhook.url).host,
    back: { href: here, text: webhook.description || new URL(webhook.url).host },
    body: card({
      body: confirmation(frame, {
        losses: [t('webhooks.secret.renew.loss')],
        kept: t('webhooks.secret.renew.kept'),
        button: t('webhooks.secret.renew'),
        cancel: { href: here, text: t('webhooks.cancel') },
      }),
    }),
  });
}

function renewedPicture({ frame }: Visit, webhook: Webhook, secret: string): Html {
  const { t } = frame;
  const here = `${WEBHOOKS}/${webhook.id}`;
  return adminRoom(frame, {
    title: t('webhooks.secret.new'),
    intro: webhook.description || new URL(webhook.url).host,
    back: { href: here, text: webhook.description || new URL(webhook.url).host },
    body: stack(
      remark({ tone: 'warning', title: t('webhooks.secret.now'), body: t('webhooks.secret.why') }),
      card({
        body: webhookSecret(frame, secret),
        footer: linkButton({ href: here, text: t('webhooks.secret.done') }),
      }),
    ),
  });
}

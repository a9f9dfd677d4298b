// Makes a webhook. Its secret is in the answer to this very post and nowhere else.

import { addWebhook } from '#domain/webhooks/webhooks.ts';
import type { Html } from '#kit/html.ts';
import type { Answer, Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { WEBHOOKS, webhookFields, webhookSecret, wishIn } from '#web/webhook-parts.ts';

export default page({
  who: { is: 'staff', permission: 'Manage API Credentials' },
  stepUp: true,
  get: async (visit) => show(picture(visit)),
  post: async (visit): Promise<Answer> => {
    const { id, secret } = await addWebhook(visit.ctx, visit.actor, wishIn(visit.form));
    return show(madePicture(visit, id, secret));
  },
});

function picture(visit: Visit): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  return adminRoom(frame, {
    title: t('webhooks.new.title'),
    back: { href: WEBHOOKS, text: t('webhooks.title') },
    errors,
    body: card({
      body: form(frame, {
        errors,
        button: t('webhooks.new.button'),
        secondary: linkButton({ href: WEBHOOKS, text: t('webhooks.cancel') }),
        body: webhookFields(visit, undefined),
      }),
    }),
  });
}

function madePicture({ frame, form: given }: Visit, id: number, secret: string): Html {
  const { t } = frame;
  return adminRoom(frame, {
    title: t('webhooks.made.title'),
    intro: given.text('description') || undefined,
    back: { href: WEBHOOKS, text: t('webhooks.title') },
    body: stack(
      remark({ tone: 'warning', title: t('webhooks.secret.now'), body: t('webhooks.secret.why') }),
      card({
        body: webhookSecret(frame, secret),
        footer: linkButton({ href: `${WEBHOOKS}/${id}`, text: t('webhooks.secret.done') }),
      }),
    ),
  });
}

// The list of webhooks: which programs are told of what happens, and whether it reaches them.

import type { Webhook } from '#domain/webhooks/webhooks.ts';
import { listWebhooks } from '#domain/webhooks/webhooks.ts';
import type { Html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { table } from '#web/parts/table.ts';
import { date } from '#web/parts/time.ts';
import { WEBHOOKS, webhookStatus } from '#web/webhook-parts.ts';

export default page({
  who: { is: 'staff', permission: 'Manage API Credentials' },
  get: async (visit) => show(picture(visit, await listWebhooks(visit.ctx))),
});

function picture({ frame }: Visit, rows: readonly Webhook[]): Html {
  const { t } = frame;
  const add = linkButton({ href: `${WEBHOOKS}/new`, text: t('webhooks.add'), tone: 'primary', icon: 'plus' });
  return adminRoom(frame, {
    title: t('webhooks.title'),
    intro: t('webhooks.intro'),
    actions: rows.length > 0 ? add : undefined,
    wide: true,
    body: card({
      flush: table<Webhook>(frame, {
        caption: t('webhooks.title'),
        rows,
        empty: empty({ title: t('webhooks.empty'), text: t('webhooks.empty.text'), icon: 'network', action: add }),
        columns: [
          {
            heading: t('webhooks.receiver'),
            kind: 'name',
            cell: (one) => one.description || new URL(one.url).host,
            href: (one) => `${WEBHOOKS}/${one.id}`,
          },
          { heading: t('webhooks.url'), kind: 'text', wideOnly: true, cell: (one) => new URL(one.url).host },
          {
            heading: t('webhooks.events'),
            cell: (one) =>
              one.events === 'every'
                ? t('webhooks.events.every')
                : t('webhooks.events.count', { count: one.events.length }),
          },
          { heading: t('webhooks.state'), kind: 'short', cell: (one) => webhookStatus(frame, one) },
          { heading: t('webhooks.made'), kind: 'short', cell: (one) => date(frame, one.createdAt) },
        ],
      }),
    }),
  });
}

// The alerts that staff put on the home of a client's account.

import type { AlertTone, StaffAlert } from '#domain/alerts/alerts.ts';
import { alertsOf } from '#domain/alerts/alerts.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientStep } from '#web/client-profile.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { buttonRow, linkButton, postButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { status } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';
import { date } from '#web/parts/time.ts';

export default page({
  who: { is: 'staff', permission: 'Edit Clients Details' },
  get: async (visit) => {
    const file = await clientFileOf(visit);
    return show(picture(visit, file, await alertsOf(visit.ctx, file.client.id)));
  },
});

function picture(visit: Visit, file: ClientFile, alerts: readonly StaffAlert[]): Html {
  const { frame } = visit;
  const { t } = frame;
  const add = linkButton({
    href: `${file.href}/alerts/new`,
    text: t('records.alerts.add'),
    tone: 'primary',
    icon: 'plus',
  });
  return clientStep(visit, file, {
    title: t('records.alerts.title', { name: file.name }),
    intro: t('records.alerts.intro'),
    body: stack(
      alerts.length > 0 && buttonRow(add),
      card({
        flush: table<StaffAlert>(frame, {
          caption: t('records.alerts.caption'),
          rows: alerts,
          empty: empty({ title: t('records.alerts.empty'), text: t('records.alerts.empty.text'), action: add }),
          columns: [
            { heading: t('records.alerts.text'), kind: 'name', cell: (one) => one.says.text },
            { heading: t('records.alerts.tone'), kind: 'short', cell: (one) => toneWord(visit, one.tone) },
            {
              heading: t('records.alerts.link'),
              cell: (one) => (one.link === undefined ? '' : html`<span class="text-break">${one.link}</span>`),
            },
            {
              heading: t('records.files.column.added'),
              kind: 'short',
              cell: (one) => html`${date(frame, one.createdAt)} ${t('records.by', { author: one.author })}`,
            },
            {
              heading: t('records.files.column.act'),
              kind: 'actions',
              cell: (one) =>
                postButton(frame, {
                  action: `${file.href}/alerts/${one.id}/removal`,
                  text: t('records.alerts.remove'),
                  about: one.says.text,
                  small: true,
                }),
            },
          ],
        }),
      }),
    ),
  });
}

function toneWord({ frame }: Visit, tone: AlertTone): Html {
  const word = frame.t(`records.alerts.tone.${tone}`);
  switch (tone) {
    case 'success':
      return status('good', word);
    case 'info':
      return status('info', word);
    case 'warning':
      return status('waiting', word);
    case 'danger':
      return status('bad', word);
  }
}

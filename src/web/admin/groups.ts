// The groups that clients can be put in.

import type { ClientGroup } from '#domain/clients/groups.ts';
import { listGroups } from '#domain/clients/groups.ts';
import type { Html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { groupMark } from '#web/parts/group-mark.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { tick } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';

const PATH = '/admin/groups';

export default page({
  who: { is: 'staff', permission: 'Configure Client Groups' },
  get: async (visit) => show(picture(visit, await listGroups(visit.ctx))),
});

function picture({ frame }: Visit, groups: readonly ClientGroup[]): Html {
  const { t } = frame;
  const yesNo = (yes: boolean) => tick(yes, yes ? t('fields.yes') : t('fields.no'));
  return adminRoom(frame, {
    title: t('fields.groups.title'),
    intro: t('fields.groups.intro'),
    actions: linkButton({ href: `${PATH}/new`, text: t('fields.group.add'), tone: 'primary', icon: 'plus' }),
    wide: true,
    body: card({
      flush: table<ClientGroup>(frame, {
        caption: t('fields.groups.title'),
        rows: groups,
        empty: empty({ title: t('fields.groups.empty'), text: t('fields.groups.empty.text'), icon: 'users' }),
        columns: [
          { heading: t('fields.group.name'), kind: 'name', cell: groupMark, href: ({ id }) => `${PATH}/${id}` },
          {
            heading: t('fields.group.discount'),
            align: 'end',
            kind: 'short',
            cell: (group) => `${frame.formatNumber(Number(group.discountPercent))} %`,
          },
          { heading: t('fields.group.suspendExempt'), kind: 'short', cell: (group) => yesNo(group.suspendExempt) },
          {
            heading: t('fields.group.separateInvoices'),
            kind: 'short',
            cell: (group) => yesNo(group.separateInvoices),
          },
        ],
      }),
    }),
  });
}

// The list of administrators: those who may sign in first, then the disabled ones.

import type { Administrator } from '#domain/administrators/administrators.ts';
import { listAdministrators } from '#domain/administrators/administrators.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { staffName, staffStatus } from '#web/administrator-parts.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { badge } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';
import { ago } from '#web/parts/time.ts';

const PATH = '/admin/administrators';

export default page({
  who: { is: 'staff', permission: 'Configure Administrators' },
  get: async (visit) => {
    const all = await listAdministrators(visit.ctx);
    const isDisabled = (one: Administrator): boolean => one.disabledAt !== undefined;
    return show(picture(visit, [...all.filter((one) => !isDisabled(one)), ...all.filter(isDisabled)]));
  },
});

function picture(visit: Visit, administrators: readonly Administrator[]): Html {
  const { frame } = visit;
  const { t } = frame;
  return adminRoom(frame, {
    title: t('admin.administrators.title'),
    intro: t('admin.administrators.intro'),
    actions: linkButton({
      href: `${PATH}/new`,
      text: t('admin.administrators.add'),
      tone: 'primary',
      icon: 'user-plus',
    }),
    body: card({ flush: administratorTable(visit, administrators) }),
  });
}

function administratorTable(visit: Visit, administrators: readonly Administrator[]): Html {
  const { frame } = visit;
  const { t } = frame;
  return table<Administrator>(frame, {
    caption: t('admin.administrators.title'),
    rows: administrators,
    empty: empty({ title: t('admin.administrators.empty'), icon: 'id-badge' }),
    columns: [
      {
        heading: t('admin.administrators.name'),
        kind: 'name',
        cell: (one) => named(visit, one),
        href: (one) => `${PATH}/${one.id}`,
      },
      { heading: t('admin.administrators.username'), cell: (one) => one.username },
      { heading: t('admin.administrators.role'), cell: (one) => one.role.name },
      { heading: t('admin.administrators.state'), kind: 'short', cell: (one) => staffStatus(visit, one) },
      {
        heading: t('admin.administrators.lastLogin'),
        kind: 'short',
        cell: (one) => ago(frame, one.lastLoginAt, t('admin.administrators.never')),
      },
    ],
  });
}

function named(visit: Visit, one: Administrator): Html {
  const isSelf = one.id === visit.administrator?.administratorId;
  return html`${staffName(one)}${isSelf && html` ${badge(visit.frame.t('admin.administrators.you'))}`}`;
}

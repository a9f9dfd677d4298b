// The list of roles, each with how many people hold it.

import { listAdministrators } from '#domain/administrators/administrators.ts';
import type { Role } from '#domain/administrators/roles.ts';
import { listRoles } from '#domain/administrators/roles.ts';
import type { Html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { table } from '#web/parts/table.ts';

const PATH = '/admin/roles';

export default page({
  who: { is: 'staff', permission: 'Configure Admin Roles' },
  get: async (visit) => {
    const [roles, people] = await Promise.all([listRoles(visit.ctx), listAdministrators(visit.ctx)]);
    return show(
      picture(
        visit,
        roles.map((role) => ({ role, people: people.filter((one) => one.role.id === role.id).length })),
      ),
    );
  },
});

type Counted = { readonly role: Role; readonly people: number };

function picture(visit: Visit, roles: readonly Counted[]): Html {
  const { frame } = visit;
  const { t } = frame;
  return adminRoom(frame, {
    title: t('admin.roles.title'),
    intro: t('admin.roles.intro'),
    actions: linkButton({ href: `${PATH}/new`, text: t('admin.roles.add'), tone: 'primary', icon: 'plus' }),
    body: card({
      flush: table<Counted>(frame, {
        caption: t('admin.roles.title'),
        rows: roles,
        empty: empty({ title: t('admin.roles.empty'), icon: 'shield' }),
        columns: [
          {
            heading: t('admin.roles.name'),
            kind: 'name',
            cell: ({ role }) => role.name,
            href: ({ role }) => `${PATH}/${role.id}`,
          },
          {
            heading: t('admin.roles.permissions'),
            kind: 'short',
            align: 'end',
            cell: ({ role }) =>
              role.isFull ? t('admin.roles.everything') : frame.formatNumber(role.permissions.length),
          },
          {
            heading: t('admin.roles.people'),
            kind: 'short',
            align: 'end',
            cell: ({ people }) => frame.formatNumber(people),
          },
        ],
      }),
    }),
  });
}

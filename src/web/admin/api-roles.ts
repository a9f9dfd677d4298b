// The list of API roles: what programs may call.

import type { ApiRole } from '#domain/administrators/api-credentials.ts';
import { listApiRoles, listCredentials } from '#domain/administrators/api-credentials.ts';
import type { Html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { table } from '#web/parts/table.ts';
import { nothing } from '#web/parts/time.ts';

const PATH = '/admin/api-roles';

export default page({
  who: { is: 'staff', permission: 'Manage API Credentials' },
  get: async (visit) => {
    const [roles, credentials] = await Promise.all([listApiRoles(visit.ctx), listCredentials(visit.ctx)]);
    const used = (role: ApiRole): number => credentials.filter((one) => one.roleIds.includes(role.id)).length;
    return show(
      picture(
        visit,
        roles.map((role) => ({ role, credentials: used(role) })),
      ),
    );
  },
});

type Counted = { readonly role: ApiRole; readonly credentials: number };

function picture(visit: Visit, roles: readonly Counted[]): Html {
  const { frame } = visit;
  const { t } = frame;
  const add = linkButton({ href: `${PATH}/new`, text: t('admin.api-roles.add'), tone: 'primary', icon: 'plus' });
  return adminRoom(frame, {
    title: t('admin.api-roles.title'),
    intro: t('admin.api-roles.intro'),
    actions: roles.length > 0 ? add : undefined,
    body: card({
      flush: table<Counted>(frame, {
        caption: t('admin.api-roles.title'),
        rows: roles,
        empty: empty({
          title: t('admin.api-roles.empty'),
          text: t('admin.api-roles.empty.text'),
          icon: 'shield-lock',
          action: add,
        }),
        columns: [
          {
            heading: t('admin.api-roles.name'),
            kind: 'name',
            cell: ({ role }) => role.name,
            href: ({ role }) => `${PATH}/${role.id}`,
          },
          { heading: t('admin.api-roles.description'), cell: ({ role }) => role.description || nothing(frame) },
          {
            heading: t('admin.api-roles.actions'),
            kind: 'short',
            align: 'end',
            cell: ({ role }) => frame.formatNumber(role.actions.length),
          },
          {
            heading: t('admin.api-roles.credentials'),
            kind: 'short',
            align: 'end',
            cell: ({ credentials }) => frame.formatNumber(credentials),
          },
        ],
      }),
    }),
  });
}

// Deletes a role that nobody holds.

import type { Role } from '#domain/administrators/roles.ts';
import { removeRole, roleOf } from '#domain/administrators/roles.ts';
import type { Html } from '#kit/html.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { idInPath } from '#web/staff.ts';

const LIST = '/admin/roles';

export default page({
  who: { is: 'staff', permission: 'Configure Admin Roles' },
  stepUp: true,
  get: async (visit) => show(picture(visit, await roleOf(visit.ctx, idInPath(visit, 'id', 'role-not-found')))),
  post: async (visit): Promise<Answer> => {
    const role = await roleOf(visit.ctx, idInPath(visit, 'id', 'role-not-found'));
    await removeRole(visit.ctx, visit.actor, role.id);
    return goTo(LIST, { tone: 'success', key: 'admin.roles.removed', values: { name: role.name } });
  },
});

function picture(visit: Visit, role: Role): Html {
  const { frame } = visit;
  const { t } = frame;
  const back = `${LIST}/${role.id}`;
  return adminRoom(frame, {
    title: t('admin.roles.remove.heading', { name: role.name }),
    back: { href: back, text: role.name },
    body: card({
      body: confirmation(frame, {
        losses: [t('admin.roles.remove.loss', { permissions: role.permissions.length })],
        kept: t('admin.roles.remove.kept'),
        button: t('admin.roles.remove.button', { name: role.name }),
        cancel: { href: back, text: t('admin.roles.cancel') },
      }),
    }),
  });
}

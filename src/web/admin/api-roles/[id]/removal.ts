// Deletes an API role, after saying which credentials lose it.

import type { ApiCredential, ApiRole } from '#domain/administrators/api-credentials.ts';
import { apiRoleOf, listCredentials, removeApiRole } from '#domain/administrators/api-credentials.ts';
import type { Html } from '#kit/html.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { idInPath } from '#web/staff.ts';

const LIST = '/admin/api-roles';

export default page({
  who: { is: 'staff', permission: 'Manage API Credentials' },
  stepUp: true,
  get: async (visit) => {
    const role = await apiRoleOf(visit.ctx, idInPath(visit, 'id', 'api-role-not-found'));
    const credentials = (await listCredentials(visit.ctx)).filter((one) => one.roleIds.includes(role.id));
    return show(picture(visit, role, credentials));
  },
  post: async (visit): Promise<Answer> => {
    const role = await apiRoleOf(visit.ctx, idInPath(visit, 'id', 'api-role-not-found'));
    await removeApiRole(visit.ctx, visit.actor, role.id);
    return goTo(LIST, { tone: 'success', key: 'admin.api-roles.removed', values: { name: role.name } });
  },
});

function picture(visit: Visit, role: ApiRole, credentials: readonly ApiCredential[]): Html {
  const { frame } = visit;
  const { t } = frame;
  const back = `${LIST}/${role.id}`;
  // One that has no other role, and was not made to call everything, may call nothing from then on.
  const left = credentials.filter((one) => !one.everyAction && one.roleIds.length === 1).length;
  return adminRoom(frame, {
    title: t('admin.api-roles.remove.heading', { name: role.name }),
    back: { href: back, text: role.name },
    body: card({
      body: confirmation(frame, {
        losses: [
          t('admin.api-roles.remove.loss.credentials', { credentials: credentials.length }),
          ...(left > 0 ? [t('admin.api-roles.remove.loss.left', { left })] : []),
        ],
        kept: t('admin.api-roles.remove.kept'),
        button: t('admin.api-roles.remove.button', { name: role.name }),
        cancel: { href: back, text: t('admin.api-roles.cancel') },
      }),
    }),
  });
}

// One API role: its name, its actions, the credentials that have it.

import type { ApiCredential, ApiRole } from '#domain/administrators/api-credentials.ts';
import { apiRoleOf, listCredentials, saveApiRole } from '#domain/administrators/api-credentials.ts';
import type { Html } from '#kit/html.ts';
import { oneLine } from '#kit/text.ts';
import { apiRoleForm } from '#web/api-role-form.ts';
import { atField } from '#web/field-faults.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
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
    const { ctx, actor, form } = visit;
    const id = idInPath(visit, 'id', 'api-role-not-found');
    const given = { name: form.text('name'), description: form.text('description'), actions: form.all('actions') };
    await atField(saveApiRole(ctx, actor, id, given), { 'role-name-taken': 'name' });
    return goTo(`${LIST}/${id}`, {
      tone: 'success',
      key: 'admin.api-roles.changed',
      values: { name: oneLine(given.name) },
    });
  },
});

function picture(visit: Visit, role: ApiRole, credentials: readonly ApiCredential[]): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  return adminRoom(frame, {
    title: role.name,
    intro: t('admin.api-roles.facts', { actions: role.actions.length, credentials: credentials.length }),
    back: { href: LIST, text: t('admin.api-roles.title') },
    errors,
    body: stack(
      card({ body: apiRoleForm(visit, role, { button: t('admin.api-roles.save'), cancel: LIST }) }),
      card({
        title: t('admin.api-roles.remove.title'),
        intro: t('admin.api-roles.remove.intro', { credentials: credentials.length }),
        tone: 'danger',
        actions: linkButton({
          href: `${LIST}/${role.id}/removal`,
          text: t('admin.api-roles.remove.link'),
          tone: 'danger',
        }),
      }),
    ),
  });
}

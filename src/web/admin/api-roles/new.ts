// Makes an API role.

import { saveApiRole } from '#domain/administrators/api-credentials.ts';
import { oneLine } from '#kit/text.ts';
import { apiRoleForm } from '#web/api-role-form.ts';
import { atField } from '#web/field-faults.ts';
import type { Answer } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { adminRoom } from '#web/parts/rooms.ts';

const LIST = '/admin/api-roles';

export default page({
  who: { is: 'staff', permission: 'Manage API Credentials' },
  stepUp: true,
  get: async (visit) => {
    const { frame, errors } = visit;
    const { t } = frame;
    const act = { button: t('admin.api-roles.new.button'), cancel: LIST };
    const picture = adminRoom(frame, {
      title: t('admin.api-roles.new.title'),
      back: { href: LIST, text: t('admin.api-roles.title') },
      errors,
      body: card({ body: apiRoleForm(visit, { name: '', description: '', actions: [] }, act) }),
    });
    return show(picture);
  },
  post: async (visit): Promise<Answer> => {
    const { ctx, actor, form } = visit;
    const given = { name: form.text('name'), description: form.text('description'), actions: form.all('actions') };
    await atField(saveApiRole(ctx, actor, undefined, given), { 'role-name-taken': 'name' });
    return goTo(LIST, { tone: 'success', key: 'admin.api-roles.added', values: { name: oneLine(given.name) } });
  },
});

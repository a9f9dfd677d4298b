// Makes a role.

import { addRole } from '#domain/administrators/roles.ts';
import type { Html } from '#kit/html.ts';
import { oneLine } from '#kit/text.ts';
import { atField } from '#web/field-faults.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { roleForm } from '#web/role-parts.ts';

const LIST = '/admin/roles';

export default page({
  who: { is: 'staff', permission: 'Configure Admin Roles' },
  stepUp: true,
  get: async (visit) => show(picture(visit)),
  post: async (visit): Promise<Answer> => {
    const { ctx, actor, form } = visit;
    const given = { name: form.text('name'), permissions: form.all('permissions'), mailKinds: form.all('mailKinds') };
    await atField(addRole(ctx, actor, given), { 'role-name-taken': 'name' });
    return goTo(LIST, { tone: 'success', key: 'admin.roles.added', values: { name: oneLine(given.name) } });
  },
});

function picture(visit: Visit): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  return adminRoom(frame, {
    title: t('admin.roles.new.title'),
    back: { href: LIST, text: t('admin.roles.title') },
    errors,
    body: card({
      body: roleForm(
        visit,
        { name: '', permissions: ['Main Homepage', 'My Account'], mailKinds: [] },
        { button: t('admin.roles.new.button'), cancel: LIST },
      ),
    }),
  });
}

// One role: its name, its ticks, who holds it. The full administrator's role is for looking, and so is one that holds more
// than the visitor's own.

import type { Administrator } from '#domain/administrators/administrators.ts';
import { listAdministrators } from '#domain/administrators/administrators.ts';
import { PERMISSION_GROUPS } from '#domain/administrators/permission-groups.ts';
import type { Role } from '#domain/administrators/roles.ts';
import { changeRole, roleOf } from '#domain/administrators/roles.ts';
import type { Html } from '#kit/html.ts';
import { oneLine } from '#kit/text.ts';
import { holdsAll, staffName, staffStatus } from '#web/administrator-parts.ts';
import { atField } from '#web/field-faults.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { definitions } from '#web/parts/definitions.ts';
import { empty } from '#web/parts/empty.ts';
import { remark } from '#web/parts/notice.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { table } from '#web/parts/table.ts';
import { groupTitle, roleForm } from '#web/role-parts.ts';
import { idInPath, may } from '#web/staff.ts';

const LIST = '/admin/roles';

export default page({
  who: { is: 'staff', permission: 'Configure Admin Roles' },
  stepUp: true,
  get: async (visit) => {
    const role = await roleOf(visit.ctx, idInPath(visit, 'id', 'role-not-found'));
    const people = (await listAdministrators(visit.ctx)).filter((one) => one.role.id === role.id);
    return show(picture(visit, role, people));
  },
  post: async (visit): Promise<Answer> => {
    const { ctx, actor, form } = visit;
    const id = idInPath(visit, 'id', 'role-not-found');
    const given = { name: form.text('name'), permissions: form.all('permissions'), mailKinds: form.all('mailKinds') };
    await atField(changeRole(ctx, actor, id, given), { 'role-name-taken': 'name' });
    return goTo(`${LIST}/${id}`, {
      tone: 'success',
      key: 'admin.roles.changed',
      values: { name: oneLine(given.name) },
    });
  },
});

function picture(visit: Visit, role: Role, people: readonly Administrator[]): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const isOurs = !role.isFull && holdsAll(visit, role.permissions);
  const why = role.isFull ? t('admin.roles.fixed') : t('admin.roles.holdsMore');
  return adminRoom(frame, {
    title: role.name,
    intro: t('admin.roles.facts', { permissions: role.permissions.length, people: people.length }),
    back: { href: LIST, text: t('admin.roles.title') },
    errors,
    body: stack(
      !isOurs && remark({ tone: 'info', body: why }),
      isOurs
        ? card({ body: roleForm(visit, role, { button: t('admin.roles.save'), cancel: LIST }) })
        : card({ title: t('admin.roles.permissions'), body: heldList(visit, role) }),
      peopleCard(visit, people),
      isOurs && removalCard(visit, role, people.length),
    ),
  });
}

function heldList(visit: Visit, role: Role): Html {
  const held = PERMISSION_GROUPS.map((group) => ({
    term: groupTitle(visit, group),
    value: group.permissions.filter((permission) => role.permissions.includes(permission)).join(' · '),
  }));
  return definitions(visit.frame, held);
}

function peopleCard(visit: Visit, people: readonly Administrator[]): Html {
  const { frame } = visit;
  const { t } = frame;
  const open = may(visit, 'Configure Administrators');
  return card({
    title: t('admin.roles.holders'),
    flush: table<Administrator>(frame, {
      caption: t('admin.roles.holders'),
      rows: people,
      empty: empty({ title: t('admin.roles.holders.none'), text: t('admin.roles.holders.none.text'), icon: 'users' }),
      columns: [
        {
          heading: t('admin.administrators.name'),
          kind: 'name',
          cell: staffName,
          href: (one) => (open ? `/admin/administrators/${one.id}` : undefined),
        },
        { heading: t('admin.administrators.username'), cell: (one) => one.username },
        { heading: t('admin.administrators.state'), kind: 'short', cell: (one) => staffStatus(visit, one) },
      ],
    }),
  });
}

function removalCard(visit: Visit, role: Role, people: number): Html {
  const { t } = visit.frame;
  if (people > 0)
    return card({ title: t('admin.roles.remove.title'), intro: t('admin.roles.remove.held', { people }) });
  return card({
    title: t('admin.roles.remove.title'),
    intro: t('admin.roles.remove.intro'),
    tone: 'danger',
    actions: linkButton({ href: `${LIST}/${role.id}/removal`, text: t('admin.roles.remove.link'), tone: 'danger' }),
  });
}

// A client group, changed; and the way to take it away.

import type { ClientGroup } from '#domain/clients/groups.ts';
import { changeGroup, groupOf, isGroupUsed } from '#domain/clients/groups.ts';
import type { Html } from '#kit/html.ts';
import { groupFields, typedGroup } from '#web/group-form.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { groupMark } from '#web/parts/group-mark.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { idInPath } from '#web/staff.ts';

const LIST = '/admin/groups';

/** Fields: as of a new one. */
export default page({
  who: { is: 'staff', permission: 'Configure Client Groups' },
  get: async (visit) => {
    const group = await groupOf(visit.ctx, idInPath(visit, 'id', 'group-not-found'));
    return show(picture(visit, group, await isGroupUsed(visit.ctx, group.id)));
  },
  post: async (visit) => {
    await changeGroup(visit.ctx, visit.actor, idInPath(visit, 'id', 'group-not-found'), typedGroup(visit.form));
    return goTo(LIST, { tone: 'success', key: 'fields.group.changed' });
  },
});

function picture(visit: Visit, group: ClientGroup, used: boolean): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  return adminRoom(frame, {
    title: group.name,
    heading: groupMark(group),
    back: { href: LIST, text: t('fields.groups.title') },
    errors,
    body: stack(
      card({
        body: form(frame, {
          errors,
          button: t('fields.save'),
          secondary: linkButton({ href: LIST, text: t('fields.cancel') }),
          body: groupFields(visit, group),
        }),
      }),
      card({
        title: t('fields.group.remove'),
        intro: used ? t('errors.group-in-use') : t('fields.group.remove.text'),
        tone: 'danger',
        ...(used
          ? {}
          : {
              body: linkButton({ href: `${LIST}/${group.id}/removal`, text: t('fields.group.remove'), icon: 'trash' }),
            }),
      }),
    ),
  });
}

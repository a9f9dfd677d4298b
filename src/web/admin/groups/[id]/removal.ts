// Takes a client group away that nobody is in.

import { groupOf, removeGroup } from '#domain/clients/groups.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { idInPath } from '#web/staff.ts';

const LIST = '/admin/groups';

export default page({
  who: { is: 'staff', permission: 'Configure Client Groups' },

  get: async (visit) => {
    const { frame, errors } = visit;
    const { t } = frame;
    const group = await groupOf(visit.ctx, idInPath(visit, 'id', 'group-not-found'));
    return show(
      adminRoom(frame, {
        title: t('fields.group.remove.title', { name: group.name }),
        back: { href: `${LIST}/${group.id}`, text: group.name },
        errors,
        body: card({
          body: confirmation(frame, {
            losses: [t('fields.group.remove.loss')],
            button: t('fields.group.remove'),
            cancel: { href: `${LIST}/${group.id}`, text: t('fields.cancel') },
          }),
        }),
      }),
    );
  },

  post: async (visit) => {
    const group = await groupOf(visit.ctx, idInPath(visit, 'id', 'group-not-found'));
    await removeGroup(visit.ctx, visit.actor, group.id);
    return goTo(LIST, { tone: 'success', key: 'fields.group.removed', values: { name: group.name } });
  },
});

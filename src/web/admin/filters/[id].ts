// Another name for a filter of one's own, and who sees it.

import type { SavedFilter } from '#domain/lists/saved-filters.ts';
import { ownFilter, renameFilter } from '#domain/lists/saved-filters.ts';
import type { Html } from '#kit/html.ts';
import { staffActor } from '#web/list-parts.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show, textOr, tickOr } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { savedFilterFields } from '#web/saved-filter-fields.ts';
import { idInPath } from '#web/staff.ts';

const LIST = '/admin/filters';

/** Fields: name, shared. Another's filter, shared or not, is not here. */
export default page({
  who: { is: 'staff', permission: 'any' },
  get: async (visit) => show(picture(visit, await ownFilter(visit.ctx, staffActor(visit), idIn(visit)))),
  post: async (visit) => {
    const { ctx, form: typed } = visit;
    await renameFilter(ctx, staffActor(visit), idIn(visit), {
      name: typed.text('name'),
      isShared: typed.has('shared'),
    });
    return goTo(LIST, { tone: 'success', key: 'lists.filters.changed' });
  },
});

function idIn(visit: Visit): number {
  return idInPath(visit, 'id', 'filter-not-found');
}

function picture(visit: Visit, one: SavedFilter): Html {
  const { frame, errors, form: typed } = visit;
  const { t } = frame;
  const [name, isShared] = [textOr(typed, 'name', one.name), tickOr(typed, 'shared', one.isShared)];
  return adminRoom(frame, {
    title: t('lists.filters.change.title'),
    back: { href: LIST, text: t('lists.filters.title') },
    errors,
    body: card({
      body: form(frame, {
        errors,
        body: savedFilterFields(visit, { name, isShared }),
        button: t('lists.filters.change.button'),
        secondary: linkButton({ href: LIST, text: t('lists.cancel') }),
      }),
    }),
  });
}

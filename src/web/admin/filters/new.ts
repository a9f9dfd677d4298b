// Keeps the filter that a list shows, under a name.

import { listGroups } from '#domain/clients/groups.ts';
import type { ListFilter, ListName } from '#domain/lists/filters.ts';
import { filterIn, isListName } from '#domain/lists/filters.ts';
import { saveFilter } from '#domain/lists/saved-filters.ts';
import type { Html } from '#kit/html.ts';
import { notFound } from '#kit/problem.ts';
import { filterWords, LIST_PERMISSION, listHref, staffActor } from '#web/list-parts.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show, textOr, tickOr } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { definitions } from '#web/parts/definitions.ts';
import { form } from '#web/parts/form.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { savedFilterFields } from '#web/saved-filter-fields.ts';
import { requirePermission } from '#web/staff.ts';

/** Query: list, q, status, group. Fields: name, shared. */
export default page({
  who: { is: 'staff', permission: 'any' },
  get: async (visit) => show(await picture(visit, asked(visit))),
  post: async (visit) => {
    const { list, filter } = asked(visit);
    const name = visit.form.text('name');
    await saveFilter(visit.ctx, staffActor(visit), { list, filter, name, isShared: visit.form.has('shared') });
    return goTo(listHref(list, filter), { tone: 'success', key: 'lists.filters.kept' });
  },
});

type Asked = { readonly list: ListName; readonly filter: ListFilter };

function asked(visit: Visit): Asked {
  const list = visit.query['list'] ?? '';
  if (!isListName(list)) throw notFound('filter-not-found');
  requirePermission(visit, LIST_PERMISSION[list]);
  return { list, filter: filterIn(list, visit.query) };
}

async function picture(visit: Visit, { list, filter }: Asked): Promise<Html> {
  const { frame, errors, form: typed } = visit;
  const { t } = frame;
  const words = filterWords(frame, filter, await listGroups(visit.ctx));
  const back = listHref(list, filter);
  return adminRoom(frame, {
    title: t('lists.filters.keep.title'),
    back: { href: back, text: t(`admin.${list}.title`) },
    errors,
    body: card({
      body: stack(
        definitions(frame, [{ term: t('lists.filters.finds'), value: words }]),
        form(frame, {
          errors,
          body: savedFilterFields(visit, {
            name: textOr(typed, 'name', ''),
            isShared: tickOr(typed, 'shared', false),
          }),
          button: t('lists.filters.keep.button'),
          secondary: linkButton({ href: back, text: t('lists.cancel') }),
        }),
      ),
    }),
  });
}

// The filters that an administrator kept, and those that others share, with how many each finds.

import { listGroups } from '#domain/clients/groups.ts';
import { rowsToExport } from '#domain/lists/exports.ts';
import type { ListName } from '#domain/lists/filters.ts';
import { LISTS } from '#domain/lists/filters.ts';
import type { SavedFilter } from '#domain/lists/saved-filters.ts';
import { removeFilter, savedFiltersOf } from '#domain/lists/saved-filters.ts';
import type { Html } from '#kit/html.ts';
import type { CappedCount } from '#kit/listing-counts.ts';
import { notFound } from '#kit/problem.ts';
import { countWords, filterWords, LIST_PERMISSION, listHref, staffActor } from '#web/list-parts.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { buttonRow, linkButton, postButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { table } from '#web/parts/table.ts';
import { may, wholeNumber } from '#web/staff.ts';

/** So many are counted: each count is bounded, and so is their number. */
const MOST_COUNTED = 25;

/** Fields: filter, the id of one's own that is to be removed. */
export default page({
  who: { is: 'staff', permission: 'any' },
  get: async (visit) => show(await picture(visit)),
  post: async (visit) => {
    const id = wholeNumber(visit.form.text('filter'));
    if (id === undefined) throw notFound('filter-not-found');
    await removeFilter(visit.ctx, staffActor(visit), id);
    return goTo('/admin/filters', { tone: 'success', key: 'lists.filters.removed' });
  },
});

type Counted = SavedFilter & { readonly words: string; readonly count: CappedCount | undefined };

async function counted(visit: Visit, list: ListName): Promise<Counted[]> {
  const { ctx, frame } = visit;
  const saved = await savedFiltersOf(ctx, staffActor(visit).administratorId, list);
  const groups = list === 'clients' ? await listGroups(ctx) : [];
  return Promise.all(
    saved.map(async (one, at) => ({
      ...one,
      words: filterWords(frame, one.filter, groups),
      count: at < MOST_COUNTED ? await rowsToExport(ctx, list, one.filter) : undefined,
    })),
  );
}

async function picture(visit: Visit): Promise<Html> {
  const { frame } = visit;
  const lists = LISTS.filter((list) => may(visit, LIST_PERMISSION[list]));
  const cards: Html[] = [];
  for (const list of lists) {
    cards.push(
      card({
        title: frame.t(`lists.filters.of.${list}`),
        flush: filterTable(visit, list, await counted(visit, list)),
      }),
    );
  }
  return adminRoom(frame, {
    title: frame.t('lists.filters.title'),
    intro: frame.t('lists.filters.intro'),
    body: stack(...cards),
  });
}

function filterTable(visit: Visit, list: ListName, rows: readonly Counted[]): Html {
  const { frame } = visit;
  const { t } = frame;
  const { administratorId } = staffActor(visit);
  return table<Counted>(frame, {
    caption: t(`lists.filters.of.${list}`),
    rows,
    empty: empty({
      title: t('lists.filters.none'),
      text: t('lists.filters.none.text'),
      icon: 'search',
      action: linkButton({ href: `/admin/${list}`, text: t(`lists.filters.to.${list}`) }),
    }),
    columns: [
      {
        heading: t('lists.filters.name'),
        kind: 'name',
        cell: (one) => one.name,
        href: (one) => listHref(list, one.filter),
      },
      { heading: t('lists.filters.finds'), cell: (one) => one.words },
      {
        heading: t('lists.filters.count'),
        kind: 'short',
        align: 'end',
        cell: (one) => one.count && countWords(frame, one.count),
      },
      {
        heading: t('lists.filters.for'),
        kind: 'short',
        cell: (one) =>
          one.administratorId !== administratorId
            ? t('lists.filters.for.others')
            : t(one.isShared ? 'lists.filters.for.all' : 'lists.filters.for.me'),
      },
      {
        heading: t('lists.filters.remove'),
        kind: 'actions',
        cell: (one) =>
          one.administratorId === administratorId
            ? buttonRow(
                linkButton({
                  href: `/admin/filters/${one.id}`,
                  text: t('lists.filters.change'),
                  about: one.name,
                  small: true,
                }),
                postButton(frame, {
                  text: t('lists.filters.remove'),
                  about: one.name,
                  fields: { filter: one.id },
                  tone: 'danger',
                  small: true,
                }),
              )
            : undefined,
      },
    ],
  });
}

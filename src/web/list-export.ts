// The page from which a list leaves the house as a file: it says what and how many, its button hands the file out.

import type { ClientGroup } from '#domain/clients/groups.ts';
import { listGroups } from '#domain/clients/groups.ts';
import { CLIENT_COLUMNS, exportList, rowsToExport, USER_COLUMNS } from '#domain/lists/exports.ts';
import type { ListFilter, ListName } from '#domain/lists/filters.ts';
import { filterIn } from '#domain/lists/filters.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { CappedCount } from '#kit/listing-counts.ts';
import { countWords, filterWords, listHref, staffActor } from '#web/list-parts.ts';
import type { Answer, Visit } from '#web/page.ts';
import { handOut, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { definitions } from '#web/parts/definitions.ts';
import { form } from '#web/parts/form.ts';
import { adminRoom } from '#web/parts/rooms.ts';

/** Shows what the file will hold. */
export async function exportPage(visit: Visit, list: ListName): Promise<Answer> {
  const filter = filterIn(list, visit.query);
  const [count, groups] = await Promise.all([rowsToExport(visit.ctx, list, filter), listGroups(visit.ctx)]);
  return show(picture(visit, { list, filter, count, groups }));
}

/** Hands the file out, row by row while the database reads on. */
export async function exportFile(visit: Visit, list: ListName): Promise<Answer> {
  const filter = filterIn(list, visit.query);
  const bytes = await exportList(visit.ctx, staffActor(visit), list, filter);
  const day = new Date(visit.ctx.now()).toISOString().slice(0, 10);
  return handOut({ name: `${list}-${day}.csv`, type: 'text/csv; charset=utf-8', size: undefined, bytes });
}

type Offered = {
  readonly list: ListName;
  readonly filter: ListFilter;
  readonly count: CappedCount;
  readonly groups: readonly ClientGroup[];
};

function picture(visit: Visit, { list, filter, count, groups }: Offered): Html {
  const { frame } = visit;
  const { t } = frame;
  const columns = list === 'clients' ? CLIENT_COLUMNS : USER_COLUMNS;
  const back = listHref(list, filter);
  return adminRoom(frame, {
    title: t(`lists.export.title.${list}`),
    intro: t('lists.export.intro'),
    back: { href: back, text: t(`admin.${list}.title`) },
    body: card({
      body: stack(
        definitions(frame, [
          { term: t('lists.filters.finds'), value: filterWords(frame, filter, groups) },
          { term: t('lists.export.rows'), value: countWords(frame, count) },
          { term: t('lists.export.columns'), value: columns.join(', ') },
        ]),
        html`<p>${t('lists.export.formulas')}</p>`,
        form(frame, {
          body: html``,
          button: t('lists.export.button'),
          secondary: linkButton({ href: back, text: t('lists.cancel') }),
        }),
      ),
    }),
  });
}

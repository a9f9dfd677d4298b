// The list of clients: searched by any part of a name, company or address, narrowed by status and group, leafed through.
// What it was narrowed to can be kept; those ticked, or all that fit, can be changed or exported.

import { pageOfClients } from '#domain/clients/client-pages.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import type { Client } from '#domain/clients/clients.ts';
import { CLIENT_STATUSES } from '#domain/clients/clients.ts';
import type { ClientGroup } from '#domain/clients/groups.ts';
import { listGroups } from '#domain/clients/groups.ts';
import type { ListFilter } from '#domain/lists/filters.ts';
import { clientFilterOf, filterIn, filterTexts, narrows } from '#domain/lists/filters.ts';
import type { SavedFilter } from '#domain/lists/saved-filters.ts';
import { savedFiltersOf } from '#domain/lists/saved-filters.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { clientStatus, personOf } from '#web/client-profile.ts';
import { filterChips, staffActor } from '#web/list-parts.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { buttonRow, linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { filterBar } from '#web/parts/filter.ts';
import { groupMark } from '#web/parts/group-mark.ts';
import { pager } from '#web/parts/pager.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { selection, selectionTick } from '#web/parts/selection.ts';
import type { Column } from '#web/parts/table.ts';
import { table } from '#web/parts/table.ts';
import { date, nothing } from '#web/parts/time.ts';
import { leafHrefs, may, placeInList, ROWS_A_PAGE, withQuery } from '#web/staff.ts';

const PATH = '/admin/clients';

export default page({
  who: { is: 'staff', permission: 'List Clients' },
  get: async (visit) => {
    const { ctx } = visit;
    const filter = filterIn('clients', visit.query);
    const [found, groups, saved] = await Promise.all([
      pageOfClients(ctx, clientFilterOf(filter), placeInList(visit), ROWS_A_PAGE),
      listGroups(ctx),
      savedFiltersOf(ctx, staffActor(visit).administratorId, 'clients'),
    ]);
    return show(picture(visit, { filter, found, groups, saved }));
  },
});

type Listed = {
  readonly filter: ListFilter;
  readonly found: Awaited<ReturnType<typeof pageOfClients>>;
  readonly groups: readonly ClientGroup[];
  readonly saved: readonly SavedFilter[];
};

function picture(visit: Visit, listed: Listed): Html {
  const { frame } = visit;
  return adminRoom(frame, {
    title: frame.t('admin.clients.title'),
    actions: actions(visit, listed),
    wide: true,
    body: stack(
      filters(visit, listed),
      filterChips(frame, 'clients', listed.filter, listed.saved),
      card({ flush: html`${rows(visit, listed)}${leaves(visit, listed)}` }),
    ),
  });
}

function actions(visit: Visit, { filter, found }: Listed): Html {
  const { t } = visit.frame;
  const add = may(visit, 'Add New Client')
    ? linkButton({ href: `${PATH}/new`, text: t('admin.clients.add'), tone: 'primary', icon: 'plus' })
    : undefined;
  const leave =
    may(visit, 'Mass Data Export') && found.rows.length > 0
      ? linkButton({ href: withQuery(`${PATH}/export`, filterTexts(filter)), text: t('lists.export.link') })
      : undefined;
  return buttonRow(leave, add);
}

function filters(visit: Visit, { filter, groups }: Listed): Html {
  const { t } = visit.frame;
  const all = { value: '', text: t('admin.clients.status.all') };
  const choices = CLIENT_STATUSES.map((one) => ({ value: one, text: t(`admin.clients.status.${one}`) }));
  const byGroup = {
    name: 'group',
    label: t('lists.filter.group'),
    value: filter.groupId === undefined ? '' : String(filter.groupId),
    choices: [
      { value: '', text: t('lists.filter.group.all') },
      ...groups.map(({ id, name }) => ({ value: String(id), text: name })),
      { value: '0', text: t('lists.filter.no-group') },
    ],
  };
  return filterBar(visit.frame, {
    action: PATH,
    search: { name: 'q', label: t('admin.clients.search'), value: filter.contains },
    filters: [
      { name: 'status', label: t('admin.clients.status'), value: filter.status, choices: [all, ...choices] },
      ...(groups.length > 0 || filter.groupId !== undefined ? [byGroup] : []),
    ],
    clear: narrows(filter) ? PATH : undefined,
  });
}

/** The rows, with ticks for who may change clients. */
function rows(visit: Visit, listed: Listed): Html {
  const { t } = visit.frame;
  const list = clientTable(visit, listed);
  if (!mayChange(visit) || listed.found.rows.length === 0) return list;
  const all = withQuery(`${PATH}/bulk`, { of: 'filter', ...filterTexts(listed.filter) });
  return selection({
    action: `${PATH}/bulk`,
    list,
    button: t('lists.select.button'),
    hint: t('lists.select.hint'),
    more: linkButton({ href: all, text: t('lists.select.all'), tone: 'quiet', small: true }),
  });
}

function mayChange(visit: Visit): boolean {
  return may(visit, 'Edit Clients Details') || may(visit, 'Close Clients');
}

function clientTable(visit: Visit, listed: Listed): Html {
  const { frame } = visit;
  const { t } = frame;
  const open = may(visit, 'View Clients Summary');
  const tick = {
    heading: t('lists.select.heading'),
    kind: 'short' as const,
    align: 'end' as const,
    cell: (client: Client) => selectionTick(client.id, t('lists.select.one', { name: displayName(client) })),
  };
  return table<Client>(frame, {
    caption: t('admin.clients.title'),
    rows: listed.found.rows,
    empty: emptyList(visit, listed),
    columns: [
      {
        heading: t('admin.clients.name'),
        kind: 'name',
        cell: personOf,
        href: (client) => (open ? `${PATH}/${client.id}` : undefined),
      },
      ...(listed.groups.length > 0 ? [groupColumn(visit, listed.groups)] : []),
      { heading: t('admin.clients.company'), cell: (client) => client.companyName || nothing(frame) },
      { heading: t('admin.clients.email'), kind: 'text', cell: (client) => client.email },
      { heading: t('admin.clients.status'), kind: 'short', cell: (client) => clientStatus(frame, client.status) },
      { heading: t('admin.clients.since'), kind: 'short', cell: (client) => date(frame, client.createdAt) },
      ...(mayChange(visit) ? [tick] : []),
    ],
  });
}

/** The group of each as a dot in its colour and its name; only where there are groups. */
function groupColumn({ frame }: Visit, groups: readonly ClientGroup[]): Column<Client> {
  const known = new Map(groups.map((group) => [group.id, groupMark(group)]));
  return {
    heading: frame.t('admin.client.field.groupId'),
    cell: (client) => known.get(client.groupId) ?? nothing(frame),
  };
}

/** A list without anything says why: nothing fits, one leafed too far, or there is nothing yet. */
function emptyList(visit: Visit, { filter }: Listed): Html {
  const { t } = visit.frame;
  const { after, before } = placeInList(visit);
  if (narrows(filter) || after !== undefined || before !== undefined) {
    const action = linkButton({ href: PATH, text: t('admin.clients.all') });
    return empty({ title: t('admin.clients.none'), text: t('admin.clients.none.text'), icon: 'search', action });
  }
  const action = may(visit, 'Add New Client')
    ? linkButton({ href: `${PATH}/new`, text: t('admin.clients.add'), icon: 'plus' })
    : undefined;
  return empty({ title: t('admin.clients.empty'), text: t('admin.clients.empty.text'), icon: 'building', action });
}

function leaves(visit: Visit, { filter, found }: Listed): Html | undefined {
  if (found.rows.length === 0) return undefined;
  const { count, exact } = found.count;
  const summary = visit.frame.t('admin.clients.count', {
    count,
    exact: exact ? 'yes' : 'no',
    shown: found.rows.length,
  });
  return pager(visit.frame, { ...leafHrefs(PATH, filterTexts(filter), found), summary });
}

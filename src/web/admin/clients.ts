// The list of clients: searched by any part of a name, company or address, narrowed by status, leafed through.

import { pageOfClients } from '#domain/clients/client-pages.ts';
import type { Client, ClientStatus } from '#domain/clients/clients.ts';
import { CLIENT_STATUSES } from '#domain/clients/clients.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { clientStatus, personOf } from '#web/client-profile.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { filterBar } from '#web/parts/filter.ts';
import { pager } from '#web/parts/pager.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { table } from '#web/parts/table.ts';
import { date, nothing } from '#web/parts/time.ts';
import { leafHrefs, may, placeInList, ROWS_A_PAGE, searchedFor } from '#web/staff.ts';

const PATH = '/admin/clients';

export default page({
  who: { is: 'staff', permission: 'List Clients' },
  get: async (visit) => {
    const search = searchedFor(visit);
    const status = CLIENT_STATUSES.find((one) => one === visit.query['status']);
    const found = await pageOfClients(visit.ctx, { contains: search, status }, placeInList(visit), ROWS_A_PAGE);
    return show(picture(visit, { search, status, found }));
  },
});

type Listed = {
  readonly search: string;
  readonly status: ClientStatus | undefined;
  readonly found: Awaited<ReturnType<typeof pageOfClients>>;
};

function picture(visit: Visit, listed: Listed): Html {
  const { frame } = visit;
  const { t } = frame;
  const add = may(visit, 'Add New Client')
    ? linkButton({ href: `${PATH}/new`, text: t('admin.clients.add'), tone: 'primary', icon: 'plus' })
    : undefined;
  return adminRoom(frame, {
    title: t('admin.clients.title'),
    actions: add,
    wide: true,
    body: stack(filters(visit, listed), card({ flush: html`${clientTable(visit, listed)}${leaves(visit, listed)}` })),
  });
}

function filters(visit: Visit, { search, status }: Listed): Html {
  const { t } = visit.frame;
  const all = { value: '', text: t('admin.clients.status.all') };
  const choices = CLIENT_STATUSES.map((one) => ({ value: one, text: t(`admin.clients.status.${one}`) }));
  return filterBar(visit.frame, {
    action: PATH,
    search: { name: 'q', label: t('admin.clients.search'), value: search },
    filters: [{ name: 'status', label: t('admin.clients.status'), value: status, choices: [all, ...choices] }],
    clear: search !== '' || status !== undefined ? PATH : undefined,
  });
}

function clientTable(visit: Visit, listed: Listed): Html {
  const { frame } = visit;
  const { t } = frame;
  const open = may(visit, 'View Clients Summary');
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
      { heading: t('admin.clients.company'), cell: (client) => client.companyName || nothing(frame) },
      { heading: t('admin.clients.email'), kind: 'text', cell: (client) => client.email },
      { heading: t('admin.clients.status'), kind: 'short', cell: (client) => clientStatus(frame, client.status) },
      { heading: t('admin.clients.since'), kind: 'short', cell: (client) => date(frame, client.createdAt) },
    ],
  });
}

/** A list without anything says why: nothing fits, one leafed too far, or there is nothing yet. */
function emptyList(visit: Visit, { search, status }: Listed): Html {
  const { t } = visit.frame;
  const { after, before } = placeInList(visit);
  if (search !== '' || status !== undefined || after !== undefined || before !== undefined) {
    const action = linkButton({ href: PATH, text: t('admin.clients.all') });
    return empty({ title: t('admin.clients.none'), text: t('admin.clients.none.text'), icon: 'search', action });
  }
  const action = may(visit, 'Add New Client')
    ? linkButton({ href: `${PATH}/new`, text: t('admin.clients.add'), icon: 'plus' })
    : undefined;
  return empty({ title: t('admin.clients.empty'), text: t('admin.clients.empty.text'), icon: 'building', action });
}

function leaves(visit: Visit, { search, status, found }: Listed): Html | undefined {
  if (found.rows.length === 0) return undefined;
  const { count, exact } = found.count;
  const summary = visit.frame.t('admin.clients.count', {
    count,
    exact: exact ? 'yes' : 'no',
    shown: found.rows.length,
  });
  return pager(visit.frame, { ...leafHrefs(PATH, { q: search, status }, found), summary });
}

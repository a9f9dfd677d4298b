// Merging a client into another, the first step: which other. Query: q, what to look for.

import { pageOfClients } from '#domain/clients/client-pages.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import type { Client } from '#domain/clients/clients.ts';
import { findClient } from '#domain/clients/clients.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientStatus, clientStep, personOf } from '#web/client-profile.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { filterBar } from '#web/parts/filter.ts';
import { table } from '#web/parts/table.ts';
import { may, searchedFor, wholeNumber } from '#web/staff.ts';

const MOST = 20;

export default page({
  who: { is: 'staff', permission: 'Merge Clients' },
  get: async (visit) => {
    const file = await clientFileOf(visit);
    const wanted = searchedFor(visit);
    return show(picture(visit, file, wanted, wanted === '' ? [] : await find(visit, file.client.id, wanted)));
  },
});

/**
 * By any part of name, company or address, for whoever may list clients; by its number for everybody here, and then that one
 * first. Never the client itself.
 */
async function find(visit: Visit, own: number, wanted: string): Promise<Client[]> {
  const id = wholeNumber(wanted.replace(/^#/, ''));
  const exact = id === undefined ? undefined : await findClient(visit.ctx, id);
  const rows = may(visit, 'List Clients') ? (await pageOfClients(visit.ctx, { contains: wanted }, {}, MOST)).rows : [];
  const all = exact ? [exact, ...rows.filter((row) => row.id !== exact.id)] : rows;
  return all.filter((client) => client.id !== own);
}

function picture(visit: Visit, file: ClientFile, wanted: string, found: readonly Client[]): Html {
  const { frame } = visit;
  const { t } = frame;
  const search = { name: 'q', label: t('merging.search.label'), value: wanted };
  return clientStep(visit, file, {
    title: t('merging.search.title', { name: file.name }),
    intro: t('merging.search.intro', { name: file.name }),
    body: card({
      flush: html`${filterBar(frame, { search, button: t('merging.search.button') })}${results(visit, file, wanted, found)}`,
    }),
  });
}

function results(visit: Visit, file: ClientFile, wanted: string, found: readonly Client[]): Html {
  const { frame } = visit;
  const { t } = frame;
  const text = t(may(visit, 'List Clients') ? 'merging.search.start.text' : 'merging.search.start.number');
  return table<Client>(frame, {
    caption: t('merging.search.found'),
    rows: found,
    empty: empty(
      wanted === ''
        ? { title: t('merging.search.start'), text, icon: 'search' }
        : { title: t('merging.search.none', { wanted }), text, icon: 'search' },
    ),
    columns: [
      {
        heading: t('admin.clients.name'),
        kind: 'name',
        cell: displayName,
        href: (client) => `${file.href}/merge/${client.id}`,
      },
      { heading: t('merging.person'), cell: (client) => personOf(client) },
      { heading: t('admin.clients.email'), kind: 'text', cell: (client) => client.email },
      { heading: t('merging.number'), kind: 'short', align: 'end', cell: (client) => String(client.id) },
      { heading: t('admin.clients.status'), kind: 'short', cell: (client) => clientStatus(frame, client.status) },
    ],
  });
}

// The files that staff share with an account, to save.

import type { ClientFileRecord } from '#domain/files/files.ts';
import { pageOfFiles } from '#domain/files/files.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { KeysetPage } from '#kit/keyset.ts';
import { fileSize } from '#web/file-parts.ts';
import type { VisitOf } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { pager } from '#web/parts/pager.ts';
import { clientRoom } from '#web/parts/rooms.ts';
import { table } from '#web/parts/table.ts';
import { date } from '#web/parts/time.ts';
import { leafHrefs, placeInList, ROWS_A_PAGE } from '#web/staff.ts';

type FilesVisit = VisitOf<{ is: 'account'; permission: 'profile' }>;

export default page({
  who: { is: 'account', permission: 'profile' },
  get: async (visit) => {
    const { ctx, account } = visit;
    return show(picture(visit, await pageOfFiles(ctx, account.client.id, true, placeInList(visit), ROWS_A_PAGE)));
  },
});

function picture(visit: FilesVisit, files: KeysetPage<ClientFileRecord>): Html {
  const { frame, account } = visit;
  const { t } = frame;
  const href = `/account/${account.client.id}/files`;
  const list = table<ClientFileRecord>(frame, {
    caption: t('records.files.title'),
    rows: files.rows,
    empty: empty({
      title: t('records.files.client.empty'),
      text: t('records.files.client.empty.text', { company: frame.brand.name }),
    }),
    columns: [
      {
        heading: t('records.files.column.title'),
        kind: 'name',
        cell: (one) => one.title,
        href: (one) => `${href}/${one.id}`,
      },
      { heading: t('records.files.column.name'), kind: 'text', cell: (one) => one.name },
      {
        heading: t('records.files.column.size'),
        kind: 'short',
        align: 'end',
        cell: (one) => fileSize(frame, one.size),
      },
      { heading: t('records.files.column.added'), kind: 'short', cell: (one) => date(frame, one.createdAt) },
    ],
  });
  return clientRoom(frame, {
    title: t('records.files.title'),
    intro: t('records.files.client.intro', { company: frame.brand.name }),
    body: card({ flush: html`${list}${pager(frame, leafHrefs(href, {}, files))}` }),
  });
}

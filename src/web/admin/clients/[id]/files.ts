// The files of a client: for staff alone, or shared with its people.

import type { ClientFileRecord } from '#domain/files/files.ts';
import { pageOfFiles } from '#domain/files/files.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { KeysetPage } from '#kit/keyset.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientTab } from '#web/client-profile.ts';
import { fileSize } from '#web/file-parts.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { buttonRow, linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { pager } from '#web/parts/pager.ts';
import { status } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';
import { date } from '#web/parts/time.ts';
import { leafHrefs, placeInList, ROWS_A_PAGE } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Manage Clients Files' },
  get: async (visit) => {
    const file = await clientFileOf(visit);
    const files = await pageOfFiles(visit.ctx, file.client.id, false, placeInList(visit), ROWS_A_PAGE);
    const add = linkButton({
      href: `${file.href}/files/new`,
      text: visit.frame.t('records.files.add'),
      tone: 'primary',
      icon: 'plus',
    });
    return show(
      clientTab(visit, file, {
        tab: visit.frame.t('records.files.title'),
        actions: files.rows.length === 0 ? undefined : add,
        body: picture(visit, file, files, add),
      }),
    );
  },
});

function picture(visit: Visit, file: ClientFile, files: KeysetPage<ClientFileRecord>, add: Html): Html {
  const { frame } = visit;
  const { t } = frame;
  const href = `${file.href}/files`;
  const list = table<ClientFileRecord>(frame, {
    caption: t('records.files.title'),
    rows: files.rows,
    empty: empty({ title: t('records.files.empty'), text: t('records.files.empty.text'), action: add }),
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
      {
        heading: t('records.files.column.seen'),
        kind: 'short',
        cell: (one) =>
          one.adminOnly ? status('quiet', t('records.files.staff')) : status('good', t('records.files.shared')),
      },
      {
        heading: t('records.files.column.added'),
        kind: 'short',
        cell: (one) => html`${date(frame, one.createdAt)} ${t('records.by', { author: one.author })}`,
      },
      {
        heading: t('records.files.column.act'),
        kind: 'actions',
        cell: (one) =>
          buttonRow(
            linkButton({
              href: `${href}/${one.id}/download`,
              text: t('records.files.save'),
              about: one.title,
              icon: 'download',
              small: true,
            }),
          ),
      },
    ],
  });
  return card({ flush: html`${list}${pager(frame, leafHrefs(href, {}, files))}` });
}

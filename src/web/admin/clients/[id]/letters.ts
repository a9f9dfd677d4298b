// The letters to a client and to its owner, the newest first.

import type { KeptLetter } from '#domain/mail/outbox.ts';
import { pageOfLettersAround } from '#domain/mail/outbox.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { KeysetPage } from '#kit/keyset.ts';
import { clientFileOf, clientTab } from '#web/client-profile.ts';
import { letterStatus } from '#web/letter-parts.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { pager } from '#web/parts/pager.ts';
import { table } from '#web/parts/table.ts';
import { ago } from '#web/parts/time.ts';
import { leafHrefs, may, placeInList, ROWS_A_PAGE } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'View Email Message Log' },
  get: async (visit) => {
    const file = await clientFileOf(visit);
    const of = { clientId: file.client.id, ownerId: file.owner?.id };
    const letters = await pageOfLettersAround(visit.ctx, of, placeInList(visit), ROWS_A_PAGE);
    return show(
      clientTab(visit, file, {
        tab: visit.frame.t('admin.client.tab.letters'),
        actions: may(visit, 'Mass Mail')
          ? linkButton({ href: `${file.href}/letters/new`, text: visit.frame.t('templates.send'), icon: 'send' })
          : undefined,
        body: picture(visit, letters),
      }),
    );
  },
});

function picture(visit: Visit, letters: KeysetPage<KeptLetter>): Html {
  return card({ flush: html`${letterTable(visit, letters)}${pager(visit.frame, leafHrefs(visit.path, {}, letters))}` });
}

function letterTable(visit: Visit, letters: KeysetPage<KeptLetter>): Html {
  const { frame } = visit;
  const { t } = frame;
  return table(frame, {
    caption: t('admin.client.tab.letters'),
    rows: letters.rows,
    empty: empty({ title: t('admin.client.letters.empty'), text: t('admin.client.letters.empty.text'), icon: 'mail' }),
    columns: [
      {
        heading: t('admin.client.letters.subject'),
        kind: 'name',
        cell: (letter) => letter.subject,
        href: (letter) => `/admin/letters/${letter.id}`,
      },
      { heading: t('admin.client.letters.to'), kind: 'text', cell: (letter) => letter.to },
      { heading: t('admin.client.letters.state'), kind: 'short', cell: (letter) => letterStatus(visit, letter) },
      { heading: t('admin.client.letters.when'), kind: 'short', cell: (letter) => ago(frame, letter.createdAt) },
    ],
  });
}

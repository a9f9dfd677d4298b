// What was written about an account, the newest first.

import type { KeptLetter } from '#domain/mail/outbox.ts';
import { pageOfLettersAround } from '#domain/mail/outbox.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { KeysetPage } from '#kit/keyset.ts';
import { ownLetterStatus } from '#web/letter-parts.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { pager } from '#web/parts/pager.ts';
import { clientRoom } from '#web/parts/rooms.ts';
import { table } from '#web/parts/table.ts';
import { ago } from '#web/parts/time.ts';
import { leafHrefs, placeInList, ROWS_A_PAGE } from '#web/staff.ts';

export default page({
  who: { is: 'account', permission: 'emails' },
  get: async (visit) => {
    const of = { clientId: visit.account.client.id, ownerId: undefined };
    return show(picture(visit, await pageOfLettersAround(visit.ctx, of, placeInList(visit), ROWS_A_PAGE)));
  },
});

function picture(visit: Visit, letters: KeysetPage<KeptLetter>): Html {
  const { frame } = visit;
  const { t } = frame;
  return clientRoom(frame, {
    title: t('templates.emails.title'),
    intro: t('templates.emails.intro'),
    body: card({
      flush: html`${letterTable(visit, letters)}${pager(frame, leafHrefs(visit.path, {}, letters))}`,
    }),
  });
}

function letterTable(visit: Visit, letters: KeysetPage<KeptLetter>): Html {
  const { frame } = visit;
  const { t } = frame;
  return table(frame, {
    caption: t('templates.emails.title'),
    rows: letters.rows,
    empty: empty({ title: t('templates.emails.empty'), text: t('templates.emails.empty.text'), icon: 'mail' }),
    columns: [
      {
        heading: t('templates.emails.subject'),
        kind: 'name',
        cell: (letter) => letter.subject,
        href: (letter) => `${visit.path}/${letter.id}`,
      },
      { heading: t('templates.emails.to'), kind: 'text', cell: (letter) => letter.to },
      { heading: t('templates.emails.state'), kind: 'short', cell: (letter) => ownLetterStatus(visit, letter) },
      { heading: t('templates.emails.when'), kind: 'short', cell: (letter) => ago(frame, letter.createdAt) },
    ],
  });
}

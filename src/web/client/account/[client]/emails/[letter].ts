// One e-mail about an account, as it is kept: as plain text, with its link masked. Nothing in it can run or load here.

import { letterOfClient } from '#domain/mail/outbox.ts';
import { html } from '#kit/html.ts';
import { ownLetterStatus } from '#web/letter-parts.ts';
import { page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { plainPaper } from '#web/parts/letter-paper.ts';
import { clientRoom } from '#web/parts/rooms.ts';
import { dateTime } from '#web/parts/time.ts';
import { idInPath } from '#web/staff.ts';

export default page({
  who: { is: 'account', permission: 'emails' },
  get: async (visit) => {
    const { frame, account } = visit;
    const { t } = frame;
    const id = idInPath(visit, 'letter', 'letter-not-found');
    const letter = await letterOfClient(visit.ctx, account.client.id, id);
    return show(
      clientRoom(frame, {
        title: letter.subject,
        intro: html`${letter.to} · ${dateTime(frame, letter.createdAt)} · ${ownLetterStatus(visit, letter)}`,
        back: { href: `/account/${account.client.id}/emails`, text: t('templates.emails.title') },
        body: card({
          title: t('templates.emails.letter'),
          intro: t('templates.emails.masked'),
          body: plainPaper(letter.text),
        }),
      }),
    );
  },
});

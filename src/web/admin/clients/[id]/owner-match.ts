// The details of a client and of its owner side by side, and the buttons that copy either to the other.

import type { SharedDetail } from '#domain/access/owner-drift.ts';
import { differences, SHARED_DETAILS } from '#domain/access/owner-drift.ts';
import type { User } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientStep } from '#web/client-profile.ts';
import type { CopyWay } from '#web/owner-match.ts';
import { COPY_PERMISSIONS, copyWords, matchHref } from '#web/owner-match.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { postButton } from '#web/parts/button.ts';
import { card, cardGrid, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { remark } from '#web/parts/notice.ts';
import { status } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';
import { may } from '#web/staff.ts';

/** Copying is done by the two pages below it, each with its own permission. */
export default page({
  who: { is: 'staff', permission: 'View Clients Summary' },
  get: async (visit) => show(picture(visit, await clientFileOf(visit))),
});

function picture(visit: Visit, file: ClientFile): Html {
  const { t } = visit.frame;
  const { client, owner } = file;
  return clientStep(visit, file, {
    title: t('people.match.title', { name: file.name }),
    intro: t('people.match.intro'),
    body: owner
      ? sideBySide(visit, file, owner, differences(client, owner))
      : card({ flush: empty({ icon: 'user', title: t('people.match.no-owner') }) }),
  });
}

function sideBySide(visit: Visit, file: ClientFile, owner: User, which: readonly SharedDetail[]): Html {
  const { frame } = visit;
  const { t } = frame;
  return stack(
    which.length === 0 && remark({ tone: 'success', body: t('people.match.alike') }),
    card({
      flush: table<SharedDetail>(frame, {
        caption: t('people.match.caption'),
        rows: SHARED_DETAILS,
        empty: html``,
        columns: [
          { heading: t('people.match.detail'), kind: 'name', cell: (one) => t(`people.match.field.${one}`) },
          { heading: t('people.match.client'), kind: 'text', cell: (one) => file.client[one] },
          { heading: t('people.match.owner'), kind: 'text', cell: (one) => owner[one] },
          {
            heading: t('people.match.state'),
            kind: 'short',
            cell: (one) =>
              which.includes(one)
                ? status('waiting', t('people.match.differs'))
                : status('good', t('people.match.same')),
          },
        ],
      }),
    }),
    which.length > 0 && copies(visit, file, which),
  );
}

function copies(visit: Visit, file: ClientFile, which: readonly SharedDetail[]): Html {
  return cardGrid(
    ...(['to-client', 'to-owner'] as const).map((way) =>
      card({
        title: visit.frame.t(`people.match.${way}`),
        intro: copyWords(visit.frame, way, which),
        body: copyButton(visit, file, way),
      }),
    ),
  );
}

function copyButton(visit: Visit, { client }: ClientFile, way: CopyWay): Html {
  const { frame } = visit;
  const { t } = frame;
  const permission = COPY_PERMISSIONS[way];
  if (!may(visit, permission))
    return html`<p class="text-secondary m-0">${t('people.match.not-allowed', { permission })}</p>`;
  return postButton(frame, { action: `${matchHref(client.id)}/${way}`, text: t(`people.match.${way}-button`) });
}

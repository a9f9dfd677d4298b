// The report of accounts whose details are others than their owner's, leafed through.

import type { Drift } from '#domain/access/owner-drift.ts';
import { differences, pageOfDrift } from '#domain/access/owner-drift.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { detailWords, matchHref } from '#web/owner-match.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import type { Frame } from '#web/parts/frame.ts';
import { remark } from '#web/parts/notice.ts';
import { pager } from '#web/parts/pager.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { table } from '#web/parts/table.ts';
import { leafHrefs, may, placeInList, ROWS_A_PAGE } from '#web/staff.ts';

const PATH = '/admin/users/drift';

export default page({
  who: { is: 'staff', permission: 'List Users' },
  get: async (visit) => {
    // Clients are named here: whoever may not list them is told what it takes.
    const found = may(visit, 'List Clients')
      ? await pageOfDrift(visit.ctx, placeInList(visit), ROWS_A_PAGE)
      : undefined;
    return show(picture(visit, found));
  },
});

type Found = Awaited<ReturnType<typeof pageOfDrift>>;

function picture(visit: Visit, found: Found | undefined): Html {
  const { frame } = visit;
  const { t } = frame;
  return adminRoom(frame, {
    title: t('people.drift.title'),
    intro: t('people.drift.intro'),
    back: { href: '/admin/users', text: t('admin.users.title') },
    wide: true,
    body: found
      ? card({ flush: html`${driftTable(visit, found)}${leaves(visit, found)}` })
      : remark({ tone: 'info', body: t('people.match.not-allowed', { permission: 'List Clients' }) }),
  });
}

function driftTable(visit: Visit, found: Found): Html {
  const { frame } = visit;
  const { t } = frame;
  const open = may(visit, 'View Clients Summary');
  return table<Drift>(frame, {
    caption: t('people.drift.title'),
    rows: found.rows,
    empty: empty({ icon: 'circle-check', title: t('people.drift.none'), text: t('people.drift.none-text') }),
    columns: [
      {
        heading: t('people.drift.client'),
        kind: 'name',
        cell: (one) => one.name,
        href: (one) => (open ? `/admin/clients/${one.id}` : undefined),
      },
      { heading: t('people.drift.client-has'), kind: 'text', cell: ({ client }) => both(client) },
      {
        heading: t('people.drift.owner-has'),
        kind: 'text',
        cell: ({ owner, ownerId }) => html`<a href="/admin/users/${ownerId}">${both(owner)}</a>`,
      },
      { heading: t('people.drift.which'), cell: (one) => whatDiffers(frame, one) },
      {
        heading: t('people.drift.act'),
        kind: 'actions',
        cell: (one) =>
          open
            ? linkButton({ href: matchHref(one.id), text: t('people.drift.compare'), about: one.name, small: true })
            : undefined,
      },
    ],
  });
}

function whatDiffers(frame: Frame, one: Drift): string {
  const which = differences(one.client, one.owner);
  return which.length === 0 ? frame.t('people.match.same') : detailWords(frame, which);
}

function both(details: Drift['client']): Html {
  const name = `${details.firstName} ${details.lastName}`.trim();
  return html`${name}<br><span class="text-secondary">${details.email}</span>`;
}

function leaves(visit: Visit, found: Found): Html | undefined {
  if (found.rows.length === 0) return undefined;
  const { count, exact } = found.count;
  const summary = visit.frame.t('people.drift.count', { count, exact: exact ? 'yes' : 'no', shown: found.rows.length });
  return pager(visit.frame, { ...leafHrefs(PATH, {}, found), summary });
}

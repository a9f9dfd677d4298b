// Registrations that wait for staff, the oldest first.

import type { WaitingRegistration } from '#domain/signup/registration-settling.ts';
import { countRegistrations, pageOfRegistrations } from '#domain/signup/registration-settling.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { pager } from '#web/parts/pager.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { table } from '#web/parts/table.ts';
import { ago, date } from '#web/parts/time.ts';
import { leafHrefs, placeInList, ROWS_A_PAGE } from '#web/staff.ts';

const PATH = '/admin/registrations';

export default page({
  who: { is: 'staff', permission: 'Add New Client' },
  get: async (visit) => {
    const [found, count] = await Promise.all([
      pageOfRegistrations(visit.ctx, placeInList(visit), ROWS_A_PAGE),
      countRegistrations(visit.ctx),
    ]);
    return show(picture(visit, found, count));
  },
});

function picture(
  visit: Visit,
  found: Awaited<ReturnType<typeof pageOfRegistrations>>,
  { count, exact }: { count: number; exact: boolean },
): Html {
  const { frame } = visit;
  const { t } = frame;
  const list = table<WaitingRegistration>(frame, {
    caption: t('registration.queue.title'),
    rows: found.rows,
    empty: empty({
      title: t('registration.queue.empty'),
      text: t('registration.queue.empty.text'),
      icon: 'user-circle',
    }),
    columns: [
      {
        heading: t('registration.queue.name'),
        kind: 'name',
        cell: (one) => one.name,
        href: ({ id }) => `${PATH}/${id}`,
      },
      { heading: t('registration.queue.email'), kind: 'text', cell: (one) => one.email },
      { heading: t('registration.queue.ip'), kind: 'short', cell: (one) => one.ip },
      { heading: t('registration.queue.since'), kind: 'short', cell: (one) => ago(frame, one.createdAt) },
      { heading: t('registration.queue.until'), kind: 'short', cell: (one) => date(frame, one.expiresAt) },
    ],
  });
  const summary = t('registration.queue.count', { count, exact: exact ? 'yes' : 'no' });
  const leaves = found.rows.length > 0 && pager(frame, { ...leafHrefs(PATH, {}, found), summary });
  return adminRoom(frame, {
    title: t('registration.queue.title'),
    intro: t('registration.queue.intro'),
    wide: true,
    body: card({ flush: html`${list}${leaves}` }),
  });
}

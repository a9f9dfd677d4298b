// The log of who of the staff was signed in, from when to when and from where. Query: administrator (an id).

import { listAdministrators } from '#domain/administrators/administrators.ts';
import type { StaffSession } from '#domain/sessions/staff-log.ts';
import { pageOfStaffSessions } from '#domain/sessions/staff-log.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { KeysetPage } from '#kit/keyset.ts';
import { staffName } from '#web/administrator-parts.ts';
import type { SatWords } from '#web/device-parts.ts';
import { whereFrom, wordsForEach } from '#web/device-parts.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { filterBar } from '#web/parts/filter.ts';
import type { Frame } from '#web/parts/frame.ts';
import { pager } from '#web/parts/pager.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { status } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';
import { ago, dateTime } from '#web/parts/time.ts';
import { leafHrefs, may, placeInList, ROWS_A_PAGE, wholeNumber } from '#web/staff.ts';

const PATH = '/admin/staff-log';

export default page({
  who: { is: 'staff', permission: 'View Admin Log' },
  get: async (visit) => {
    const typed = (visit.query['administrator'] ?? '').trim();
    // What is no number is nobody's: an empty list, rather than everybody's.
    const wanted = typed === '' ? undefined : (wholeNumber(typed) ?? 0);
    const found = await pageOfStaffSessions(visit.ctx, wanted, placeInList(visit), ROWS_A_PAGE);
    const body = stack(
      await whoseFilter(visit, typed),
      card({
        flush: html`${sessionTable(visit, found, await wordsForEach(visit, found.rows))}${leaves(visit, typed, found)}`,
      }),
    );
    const { t } = visit.frame;
    return show(
      adminRoom(visit.frame, { title: t('admin.staffLog.title'), intro: t('admin.staffLog.intro'), wide: true, body }),
    );
  },
});

async function whoseFilter(visit: Visit, typed: string): Promise<Html> {
  const { t } = visit.frame;
  const staff = await listAdministrators(visit.ctx);
  const choices = staff.map((one) => ({ value: String(one.id), text: `${staffName(one)} (${one.username})` }));
  return filterBar(visit.frame, {
    action: PATH,
    filters: [
      {
        name: 'administrator',
        label: t('admin.log.administrator'),
        value: typed,
        choices: [{ value: '', text: t('admin.log.administrator.all') }, ...choices],
      },
    ],
    clear: typed === '' ? undefined : PATH,
  });
}

function sessionTable(visit: Visit, found: KeysetPage<StaffSession>, words: ReadonlyMap<StaffSession, SatWords>): Html {
  const { frame } = visit;
  const { t } = frame;
  const canOpen = may(visit, 'Configure Administrators');
  return table<StaffSession>(frame, {
    caption: t('admin.staffLog.title'),
    rows: found.rows,
    empty: empty({ title: t('admin.staffLog.empty'), icon: 'device-desktop' }),
    columns: [
      {
        heading: t('admin.log.administrator'),
        kind: 'name',
        cell: (one) => whoseName(one, canOpen),
      },
      { heading: t('admin.staffLog.since'), cell: (one) => dateTime(frame, one.createdAt) },
      { heading: t('admin.user.sessions.seen'), kind: 'short', cell: (one) => ago(frame, one.lastSeenAt) },
      { heading: t('admin.staffLog.until'), cell: (one) => endOf(frame, one) },
      { heading: t('admin.user.sessions.device'), cell: (one) => words.get(one)?.device ?? '' },
      { heading: t('admin.user.sessions.ip'), cell: (one) => whereFrom(frame, one, words.get(one)) },
    ],
  });
}

function whoseName(one: StaffSession, canOpen: boolean): Html {
  const name = staffName(one);
  const shown = canOpen ? html`<a href="/admin/administrators/${one.administratorId}">${name}</a>` : name;
  return html`${shown}<br><span class="text-secondary small">${one.username}</span>`;
}

function endOf(frame: Frame, { state }: StaffSession): Html {
  const { t } = frame;
  switch (state.is) {
    case 'open':
      return status('good', t('admin.staffLog.open'));
    case 'signed-out':
      return html`${dateTime(frame, state.at)}<br><span class="text-secondary small">${t('admin.staffLog.signedOut')}</span>`;
    case 'ended':
      return html`${dateTime(frame, state.at)}<br><span class="text-secondary small">${t('admin.staffLog.ended')}</span>`;
    case 'ran-out':
      return html`${dateTime(frame, state.at)}<br><span class="text-secondary small">${t('admin.staffLog.ranOut')}</span>`;
  }
}

function leaves(visit: Visit, typed: string, found: KeysetPage<StaffSession>): Html | undefined {
  if (found.next === undefined && found.previous === undefined) return undefined;
  return pager(visit.frame, leafHrefs(PATH, typed === '' ? {} : { administrator: typed }, found));
}

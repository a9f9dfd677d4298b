// The list of users: searched by any part of a name or address, leafed through. Users are added with a client, not here.

import { membershipsOf } from '#domain/access/members.ts';
import { credentialMarks } from '#domain/credentials/factors.ts';
import type { ListFilter } from '#domain/lists/filters.ts';
import { filterIn, filterTexts, narrows } from '#domain/lists/filters.ts';
import type { SavedFilter } from '#domain/lists/saved-filters.ts';
import { savedFiltersOf } from '#domain/lists/saved-filters.ts';
import { pageOfUsers } from '#domain/users/user-pages.ts';
import type { User } from '#domain/users/users.ts';
import { nameOf } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { filterChips, staffActor } from '#web/list-parts.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { buttonRow, linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { filterBar } from '#web/parts/filter.ts';
import { pager } from '#web/parts/pager.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { table } from '#web/parts/table.ts';
import { ago } from '#web/parts/time.ts';
import { leafHrefs, may, placeInList, ROWS_A_PAGE, withQuery } from '#web/staff.ts';
import { credentialMarksOf } from '#web/user-marks.ts';
import { userStatus } from '#web/user-profile.ts';

const PATH = '/admin/users';

export default page({
  who: { is: 'staff', permission: 'List Users' },
  get: async (visit) => show(picture(visit, await listed(visit))),
});

type Listed = {
  readonly filter: ListFilter;
  readonly saved: readonly SavedFilter[];
  readonly found: Awaited<ReturnType<typeof pageOfUsers>>;
  readonly clients: Awaited<ReturnType<typeof membershipsOf>>;
  readonly marks: Awaited<ReturnType<typeof credentialMarks>>;
};

async function listed(visit: Visit): Promise<Listed> {
  const { ctx } = visit;
  const filter = filterIn('users', visit.query);
  const found = await pageOfUsers(ctx, { contains: filter.contains }, placeInList(visit), ROWS_A_PAGE);
  const ids = found.rows.map((user) => user.id);
  const [clients, marks, saved] = await Promise.all([
    membershipsOf(ctx, ids),
    credentialMarks(ctx, 'user', ids),
    savedFiltersOf(ctx, staffActor(visit).administratorId, 'users'),
  ]);
  return { filter, saved, found, clients, marks };
}

function picture(visit: Visit, all: Listed): Html {
  const { frame } = visit;
  const { t } = frame;
  return adminRoom(frame, {
    title: t('admin.users.title'),
    actions: actions(visit, all),
    wide: true,
    body: stack(
      filterBar(frame, {
        action: PATH,
        search: { name: 'q', label: t('admin.users.search'), value: all.filter.contains },
        clear: narrows(all.filter) ? PATH : undefined,
      }),
      filterChips(frame, 'users', all.filter, all.saved),
      card({ flush: html`${userTable(visit, all)}${leaves(visit, all)}` }),
    ),
  });
}

function actions(visit: Visit, { filter, found }: Listed): Html {
  const { t } = visit.frame;
  const leave =
    may(visit, 'Mass Data Export') && found.rows.length > 0
      ? linkButton({ href: withQuery(`${PATH}/export`, filterTexts(filter)), text: t('lists.export.link') })
      : undefined;
  const drift = may(visit, 'List Clients')
    ? linkButton({ href: `${PATH}/drift`, text: t('people.drift.link') })
    : undefined;
  return buttonRow(leave, drift);
}

function userTable(visit: Visit, { filter, found, clients, marks }: Listed): Html {
  const { frame } = visit;
  const { t } = frame;
  return table<User>(frame, {
    caption: t('admin.users.title'),
    rows: found.rows,
    empty: emptyList(visit, filter),
    columns: [
      { heading: t('admin.users.name'), kind: 'name', cell: nameOf, href: (user) => `${PATH}/${user.id}` },
      { heading: t('admin.users.email'), kind: 'text', cell: (user) => user.email },
      {
        heading: t('admin.users.clients'),
        kind: 'short',
        align: 'end',
        cell: (user) => frame.formatNumber(clients.get(user.id)?.length ?? 0),
      },
      { heading: t('admin.users.state'), kind: 'short', cell: (user) => userStatus(frame, user) },
      { heading: t('people.marks.heading'), kind: 'short', cell: ({ id }) => credentialMarksOf(frame, marks.get(id)) },
      {
        heading: t('admin.users.lastSignIn'),
        kind: 'short',
        cell: (user) => ago(frame, user.lastLoginAt, t('admin.client.never')),
      },
    ],
  });
}

function emptyList(visit: Visit, filter: ListFilter): Html {
  const { t } = visit.frame;
  const { after, before } = placeInList(visit);
  if (!narrows(filter) && after === undefined && before === undefined)
    return empty({ title: t('admin.users.empty'), text: t('admin.users.empty.text'), icon: 'users' });
  const action = linkButton({ href: PATH, text: t('admin.users.all') });
  return empty({ title: t('admin.users.none'), text: t('admin.users.none.text'), icon: 'search', action });
}

function leaves(visit: Visit, { filter, found }: Listed): Html | undefined {
  if (found.rows.length === 0) return undefined;
  const { count, exact } = found.count;
  const summary = visit.frame.t('admin.users.count', { count, exact: exact ? 'yes' : 'no', shown: found.rows.length });
  return pager(visit.frame, { ...leafHrefs(PATH, filterTexts(filter), found), summary });
}

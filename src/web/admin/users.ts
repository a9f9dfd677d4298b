// The list of users: searched by any part of a name or address, leafed through. Users are added with a client, not here.

import { membershipsOf } from '#domain/access/members.ts';
import { hasFactors, holdersWithFactor } from '#domain/credentials/factors.ts';
import { pageOfUsers } from '#domain/users/user-pages.ts';
import type { User } from '#domain/users/users.ts';
import { nameOf } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { filterBar } from '#web/parts/filter.ts';
import { pager } from '#web/parts/pager.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { tick } from '#web/parts/status.ts';
import type { Column } from '#web/parts/table.ts';
import { table } from '#web/parts/table.ts';
import { ago } from '#web/parts/time.ts';
import { leafHrefs, placeInList, ROWS_A_PAGE, searchedFor } from '#web/staff.ts';
import { userStatus } from '#web/user-profile.ts';

const PATH = '/admin/users';

export default page({
  who: { is: 'staff', permission: 'List Users' },
  get: async (visit) => show(picture(visit, await listed(visit))),
});

type Listed = {
  readonly search: string;
  readonly found: Awaited<ReturnType<typeof pageOfUsers>>;
  readonly clients: Awaited<ReturnType<typeof membershipsOf>>;
  readonly guarded: ReadonlySet<number>;
};

async function listed(visit: Visit): Promise<Listed> {
  const { ctx } = visit;
  const search = searchedFor(visit);
  const found = await pageOfUsers(ctx, { contains: search }, placeInList(visit), ROWS_A_PAGE);
  const ids = found.rows.map((user) => user.id);
  const [clients, guarded] = await Promise.all([membershipsOf(ctx, ids), holdersWithFactor(ctx, 'user', ids)]);
  return { search, found, clients, guarded };
}

function picture(visit: Visit, all: Listed): Html {
  const { frame } = visit;
  const { t } = frame;
  return adminRoom(frame, {
    title: t('admin.users.title'),
    wide: true,
    body: stack(
      filterBar(frame, {
        action: PATH,
        search: { name: 'q', label: t('admin.users.search'), value: all.search },
        clear: all.search === '' ? undefined : PATH,
      }),
      card({ flush: html`${userTable(visit, all)}${leaves(visit, all)}` }),
    ),
  });
}

function userTable(visit: Visit, { search, found, clients, guarded }: Listed): Html {
  const { frame } = visit;
  const { t } = frame;
  const secondFactor: Column<User> = {
    heading: t('admin.users.factor'),
    kind: 'short',
    cell: ({ id }) => tick(guarded.has(id), guarded.has(id) ? t('admin.client.yes') : t('admin.client.no')),
  };
  return table<User>(frame, {
    caption: t('admin.users.title'),
    rows: found.rows,
    empty: emptyList(visit, search),
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
      ...(hasFactors(visit.ctx) ? [secondFactor] : []),
      {
        heading: t('admin.users.lastSignIn'),
        kind: 'short',
        cell: (user) => ago(frame, user.lastLoginAt, t('admin.client.never')),
      },
    ],
  });
}

function emptyList(visit: Visit, search: string): Html {
  const { t } = visit.frame;
  const { after, before } = placeInList(visit);
  if (search === '' && after === undefined && before === undefined)
    return empty({ title: t('admin.users.empty'), text: t('admin.users.empty.text'), icon: 'users' });
  const action = linkButton({ href: PATH, text: t('admin.users.all') });
  return empty({ title: t('admin.users.none'), text: t('admin.users.none.text'), icon: 'search', action });
}

function leaves(visit: Visit, { search, found }: Listed): Html | undefined {
  if (found.rows.length === 0) return undefined;
  const { count, exact } = found.count;
  const summary = visit.frame.t('admin.users.count', { count, exact: exact ? 'yes' : 'no', shown: found.rows.length });
  return pager(visit.frame, { ...leafHrefs(PATH, { q: search }, found), summary });
}

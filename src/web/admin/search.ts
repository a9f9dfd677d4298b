// One field finds clients, users and settings from anywhere; each kind for those whose role opens it.

import { pageOfClients } from '#domain/clients/client-pages.ts';
import type { Client } from '#domain/clients/clients.ts';
import { findClient } from '#domain/clients/clients.ts';
import { pageOfUsers } from '#domain/users/user-pages.ts';
import type { User } from '#domain/users/users.ts';
import { findUser, nameOf } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { comparable } from '#kit/text.ts';
import { isKey } from '#src/locales/words.ts';
import { clientStatus, personOf } from '#web/client-profile.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import type { LinkLine } from '#web/parts/card.ts';
import { card, linkList, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { fieldId } from '#web/parts/field-frame.ts';
import type { Frame } from '#web/parts/frame.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { table } from '#web/parts/table.ts';
import { settingLabel } from '#web/setting-field.ts';
import { OWN_PAGES } from '#web/setting-sections.ts';
import { may, searchedFor, wholeNumber, withQuery } from '#web/staff.ts';
import { userStatus } from '#web/user-profile.ts';

const MOST = 10;

export default page({
  who: { is: 'staff', permission: 'any' },
  get: async (visit) => {
    const wanted = searchedFor(visit);
    return show(picture(visit, wanted, wanted === '' ? NOTHING : await findAll(visit, wanted)));
  },
});

type Some<Row> = { readonly rows: readonly Row[]; readonly more: boolean };
type Found = {
  readonly clients: Some<Client>;
  readonly users: Some<User>;
  readonly settings: readonly LinkLine[];
};

const NONE = { rows: [], more: false };
const NOTHING: Found = { clients: NONE, users: NONE, settings: [] };

async function findAll(visit: Visit, wanted: string): Promise<Found> {
  const [clients, users] = await Promise.all([
    may(visit, 'List Clients') ? findClients(visit, wanted) : NONE,
    may(visit, 'List Users') ? findUsers(visit, wanted) : NONE,
  ]);
  return { clients, users, settings: may(visit, 'Configure General Settings') ? findSettings(visit, wanted) : [] };
}

/** By any part of name, company or address; a number also by id, and then the one of that id first. */
async function findClients(visit: Visit, wanted: string): Promise<Some<Client>> {
  const id = wholeNumber(wanted.replace(/^#/, ''));
  const [exact, found] = await Promise.all([
    id === undefined ? undefined : findClient(visit.ctx, id),
    pageOfClients(visit.ctx, { contains: wanted }, {}, MOST),
  ]);
  return { rows: leadBy(exact, found.rows), more: found.next !== undefined };
}

async function findUsers(visit: Visit, wanted: string): Promise<Some<User>> {
  const id = wholeNumber(wanted.replace(/^#/, ''));
  const [exact, found] = await Promise.all([
    id === undefined ? undefined : findUser(visit.ctx, id),
    pageOfUsers(visit.ctx, { contains: wanted }, {}, MOST),
  ]);
  return { rows: leadBy(exact, found.rows), more: found.next !== undefined };
}

function leadBy<Row extends { readonly id: number }>(first: Row | undefined, rows: readonly Row[]): Row[] {
  return first ? [first, ...rows.filter((row) => row.id !== first.id)] : [...rows];
}

/** Settings whose label, help or name holds the words, each with the place where it is changed. */
function findSettings(visit: Visit, wanted: string): LinkLine[] {
  const { frame, ctx } = visit;
  const part = comparable(wanted);
  return [...ctx.settings.values()]
    .filter((setting) => !setting.hidden)
    .map(({ name, area }) => ({ name, area, label: settingLabel(frame, name), help: helpOf(frame, name) }))
    .filter(({ name, label, help }) => [name, label, help].some((text) => comparable(text).includes(part)))
    .slice(0, MOST)
    .map(({ name, area, label, help }) => ({ href: settingHref(area, name), title: label, text: help }));
}

function helpOf(frame: Frame, name: string): string {
  const key = `settings.${name}.help`;
  return isKey(key) ? frame.t(key) : '';
}

function settingHref(area: string, name: string): string {
  return OWN_PAGES[name] ?? `/admin/settings/${area}#${fieldId(name)}`;
}

function picture(visit: Visit, wanted: string, found: Found): Html {
  const { frame } = visit;
  const { t } = frame;
  const { clients, users, settings } = found;
  const none = clients.rows.length + users.rows.length + settings.length === 0;
  return adminRoom(frame, {
    title: wanted === '' ? t('admin.search.title') : t('admin.search.title.for', { wanted }),
    query: wanted,
    body: stack(
      none && card({ flush: nothingFound(visit, wanted) }),
      clients.rows.length > 0 && clientCard(visit, wanted, clients),
      users.rows.length > 0 && userCard(visit, wanted, users),
      settings.length > 0 && card({ title: t('admin.search.settings'), flush: linkList(settings) }),
    ),
  });
}

/** Says what was looked through, so that nobody takes "nothing" for more than it is. */
function nothingFound(visit: Visit, wanted: string): Html {
  const { t } = visit.frame;
  const kinds = [
    may(visit, 'List Clients') && t('admin.search.in.clients'),
    may(visit, 'List Users') && t('admin.search.in.users'),
    may(visit, 'Configure General Settings') && t('admin.search.in.settings'),
  ].filter((kind) => kind !== false);
  if (kinds.length === 0)
    return empty({ title: t('admin.search.closed'), text: t('admin.search.closed.text'), icon: 'lock' });
  const where = new Intl.ListFormat(visit.frame.language, { type: 'conjunction' }).format(kinds);
  if (wanted === '')
    return empty({ title: t('admin.search.start'), text: t('admin.search.start.text', { where }), icon: 'search' });
  return empty({
    title: t('admin.search.none', { wanted }),
    text: t('admin.search.none.text', { where }),
    icon: 'search',
  });
}

function clientCard(visit: Visit, wanted: string, { rows, more }: Some<Client>): Html {
  const { frame } = visit;
  const { t } = frame;
  const open = may(visit, 'View Clients Summary');
  return card({
    title: t('admin.search.clients'),
    actions: more ? allLink(visit, '/admin/clients', wanted) : undefined,
    flush: table<Client>(frame, {
      caption: t('admin.search.clients'),
      rows,
      empty: empty({ title: '' }),
      columns: [
        {
          heading: t('admin.clients.name'),
          kind: 'name',
          cell: personOf,
          href: (client) => (open ? `/admin/clients/${client.id}` : undefined),
        },
        { heading: t('admin.clients.company'), cell: (client) => client.companyName },
        { heading: t('admin.clients.email'), kind: 'text', cell: (client) => client.email },
        { heading: t('admin.clients.status'), kind: 'short', cell: (client) => clientStatus(frame, client.status) },
      ],
    }),
  });
}

function userCard(visit: Visit, wanted: string, { rows, more }: Some<User>): Html {
  const { frame } = visit;
  const { t } = frame;
  return card({
    title: t('admin.search.users'),
    actions: more ? allLink(visit, '/admin/users', wanted) : undefined,
    flush: table<User>(frame, {
      caption: t('admin.search.users'),
      rows,
      empty: empty({ title: '' }),
      columns: [
        { heading: t('admin.users.name'), kind: 'name', cell: nameOf, href: (user) => `/admin/users/${user.id}` },
        { heading: t('admin.users.email'), kind: 'text', cell: (user) => user.email },
        { heading: t('admin.users.state'), kind: 'short', cell: (user) => userStatus(frame, user) },
      ],
    }),
  });
}

function allLink(visit: Visit, path: string, wanted: string): Html {
  return linkButton({ href: withQuery(path, { q: wanted }), text: visit.frame.t('admin.search.all'), tone: 'quiet' });
}

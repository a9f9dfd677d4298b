// The banned addresses that are shut out now: searched, leafed through, lifted.

import type { Ban } from '#domain/guard/bans.ts';
import { findBans } from '#domain/guard/bans.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { KeysetPage } from '#kit/keyset.ts';
import { keysetPage } from '#kit/keyset.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton, postButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { filterBar } from '#web/parts/filter.ts';
import { pager } from '#web/parts/pager.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { table } from '#web/parts/table.ts';
import { ago, dateTime, nothing } from '#web/parts/time.ts';
import { leafHrefs, may, placeInList, ROWS_A_PAGE, searchedFor } from '#web/staff.ts';

const PATH = '/admin/bans';

export default page({
  who: { is: 'staff', permission: 'View Banned IPs' },
  get: async (visit) => {
    const search = searchedFor(visit);
    const bans = await findBans(visit.ctx, search);
    return show(picture(visit, { search, count: bans.length, found: pageOf(visit, bans) }));
  },
});

type Listed = { readonly search: string; readonly count: number; readonly found: KeysetPage<Ban> };

/** Bans are few and kept in memory anyway, so the page is cut out of them. */
function pageOf(visit: Visit, bans: readonly Ban[]): KeysetPage<Ban> {
  const place = placeInList(visit);
  const { after, before } = place;
  if (before !== undefined) {
    const newer = bans.filter((ban) => ban.id > before);
    return keysetPage(newer.slice(-(ROWS_A_PAGE + 1)), ROWS_A_PAGE, place);
  }
  const older = after === undefined ? bans : bans.filter((ban) => ban.id < after);
  return keysetPage(older.slice(0, ROWS_A_PAGE + 1), ROWS_A_PAGE, place);
}

function picture(visit: Visit, listed: Listed): Html {
  const { frame } = visit;
  const { t } = frame;
  const add = may(visit, 'Add Banned IP')
    ? linkButton({ href: `${PATH}/new`, text: t('admin.bans.add'), tone: 'primary', icon: 'plus' })
    : undefined;
  return adminRoom(frame, {
    title: t('admin.bans.title'),
    intro: t('admin.bans.intro', { address: visit.ip }),
    actions: add,
    wide: true,
    body: stack(
      filterBar(frame, {
        action: PATH,
        search: { name: 'q', label: t('admin.bans.search'), value: listed.search },
        clear: listed.search === '' ? undefined : PATH,
      }),
      card({ flush: html`${banTable(visit, listed)}${leaves(visit, listed)}` }),
    ),
  });
}

function banTable(visit: Visit, { search, found }: Listed): Html {
  const { frame } = visit;
  const { t } = frame;
  return table<Ban>(frame, {
    caption: t('admin.bans.title'),
    rows: found.rows,
    empty:
      search === ''
        ? empty({ title: t('admin.bans.empty'), text: t('admin.bans.empty.text'), icon: 'ban' })
        : empty({ title: t('admin.bans.none'), text: t('admin.bans.none.text'), icon: 'search' }),
    columns: [
      { heading: t('admin.bans.address'), kind: 'name', cell: (ban) => ban.range },
      { heading: t('admin.bans.reason'), cell: (ban) => ban.reason || nothing(frame) },
      { heading: t('admin.bans.source'), cell: (ban) => sourceWord(visit, ban.source) },
      { heading: t('admin.bans.since'), kind: 'short', cell: (ban) => ago(frame, ban.createdAt) },
      {
        heading: t('admin.bans.until'),
        kind: 'short',
        cell: (ban) => (ban.expiresAt === undefined ? t('admin.bans.forGood') : dateTime(frame, ban.expiresAt)),
      },
      { heading: t('admin.bans.acts'), kind: 'actions', cell: (ban) => liftButton(visit, ban) },
    ],
  });
}

/** Where a ban came from: staff by hand, a program, the command line, or a rule of Doorward's own. */
function sourceWord(visit: Visit, source: string): string {
  const { t } = visit.frame;
  switch (source) {
    case 'manual':
      return t('admin.bans.source.manual');
    case 'api':
      return t('admin.bans.source.api');
    case 'admin-login':
      return t('protection.ban.source.admin-login');
    case 'command line':
      return t('admin.bans.source.command');
    default: // a name that a later rule gave itself
      return source;
  }
}

function liftButton(visit: Visit, ban: Ban): Html | undefined {
  if (!may(visit, 'Unban Banned IP')) return undefined;
  return postButton(visit.frame, {
    action: `${PATH}/${ban.id}/lifting`,
    text: visit.frame.t('admin.bans.lift'),
    about: ban.range,
    small: true,
  });
}

function leaves(visit: Visit, { search, count, found }: Listed): Html | undefined {
  if (found.rows.length === 0) return undefined;
  const summary = visit.frame.t('admin.bans.count', { count });
  return pager(visit.frame, { ...leafHrefs(PATH, { q: search }, found), summary });
}

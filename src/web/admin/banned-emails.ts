// E-mail addresses and domains that nobody may come in with, and how often each was refused.

import type { BannedEmail } from '#domain/guard/banned-emails.ts';
import { disposableState, pageOfBannedEmails } from '#domain/guard/banned-emails.ts';
import type { Html } from '#kit/html.ts';
import type { KeysetPage } from '#kit/keyset.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { filterBar } from '#web/parts/filter.ts';
import { pager } from '#web/parts/pager.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { status } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';
import { ago, date, nothing } from '#web/parts/time.ts';
import { leafHrefs, may, placeInList, ROWS_A_PAGE, searchedFor } from '#web/staff.ts';

const PATH = '/admin/banned-emails';

export default page({
  who: { is: 'staff', permission: 'Configure Banned Emails' },
  get: async (visit) => {
    const search = searchedFor(visit);
    const [found, disposable] = await Promise.all([
      pageOfBannedEmails(visit.ctx, search, placeInList(visit), ROWS_A_PAGE),
      disposableState(visit.ctx),
    ]);
    return show(picture(visit, { search, found, disposable }));
  },
});

type Listed = {
  readonly search: string;
  readonly found: KeysetPage<BannedEmail>;
  readonly disposable: Awaited<ReturnType<typeof disposableState>>;
};

function picture(visit: Visit, listed: Listed): Html {
  const { frame } = visit;
  const { t } = frame;
  return adminRoom(frame, {
    title: t('registration.banned.title'),
    intro: t('registration.banned.intro'),
    actions: linkButton({ href: `${PATH}/new`, text: t('registration.banned.add'), tone: 'primary', icon: 'plus' }),
    wide: true,
    body: stack(
      filterBar(frame, {
        action: PATH,
        search: { name: 'q', label: t('registration.banned.search'), value: listed.search },
        clear: listed.search === '' ? undefined : PATH,
      }),
      card({ flush: bannedTable(visit, listed) }),
      leaves(visit, listed),
      disposableCard(visit, listed),
    ),
  });
}

function bannedTable({ frame }: Visit, { search, found }: Listed): Html {
  const { t } = frame;
  return table<BannedEmail>(frame, {
    caption: t('registration.banned.title'),
    rows: found.rows,
    empty:
      search === ''
        ? empty({ title: t('registration.banned.empty'), text: t('registration.banned.empty.text'), icon: 'ban' })
        : empty({ title: t('registration.banned.none'), icon: 'search' }),
    columns: [
      { heading: t('registration.banned.pattern'), kind: 'name', cell: (one) => one.pattern },
      {
        heading: t('registration.banned.kind'),
        kind: 'short',
        cell: ({ kind }) =>
          kind === 'domain' ? t('registration.banned.kind.domain') : t('registration.banned.kind.address'),
      },
      { heading: t('registration.banned.note'), cell: (one) => one.note || nothing(frame) },
      {
        heading: t('registration.banned.hits'),
        align: 'end',
        kind: 'short',
        cell: (one) => frame.formatNumber(one.hits),
      },
      { heading: t('registration.banned.lastHit'), kind: 'short', cell: (one) => ago(frame, one.lastHitAt) },
      { heading: t('registration.banned.since'), kind: 'short', cell: (one) => date(frame, one.createdAt) },
      {
        heading: t('registration.banned.acts'),
        kind: 'actions',
        cell: (one) =>
          linkButton({
            href: `${PATH}/${one.id}/removal`,
            text: t('registration.banned.remove'),
            about: one.pattern,
            small: true,
          }),
      },
    ],
  });
}

function leaves(visit: Visit, { search, found }: Listed): Html | undefined {
  const hrefs = leafHrefs(PATH, { q: search }, found);
  return found.next === undefined && found.previous === undefined ? undefined : pager(visit.frame, hrefs);
}

function disposableCard(visit: Visit, { disposable }: Listed): Html {
  const { t, formatNumber } = visit.frame;
  const values = { domains: formatNumber(disposable.domains), hits: formatNumber(disposable.hits) };
  return card({
    title: t('registration.disposable.title'),
    intro: t('registration.disposable.text', values),
    body: disposable.on
      ? status('good', t('registration.disposable.on'))
      : status('quiet', t('registration.disposable.off')),
    ...(may(visit, 'Configure General Settings')
      ? {
          actions: linkButton({
            href: '/admin/settings/people',
            text: t('registration.disposable.change'),
            small: true,
          }),
        }
      : {}),
  });
}

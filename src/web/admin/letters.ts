// The history of letters, the newest first: narrowed by state, searched by the address they went to.

import type { KeptLetter } from '#domain/mail/outbox.ts';
import { pageOfLetters } from '#domain/mail/outbox.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { KeysetPage } from '#kit/keyset.ts';
import { LETTER_STATES, letterKind, letterStatus } from '#web/letter-parts.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { filterBar } from '#web/parts/filter.ts';
import { remark } from '#web/parts/notice.ts';
import { pager } from '#web/parts/pager.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { table } from '#web/parts/table.ts';
import { ago } from '#web/parts/time.ts';
import { leafHrefs, placeInList, ROWS_A_PAGE, searchedFor } from '#web/staff.ts';

const PATH = '/admin/letters';

export default page({
  who: { is: 'staff', permission: 'View Email Message Log' },
  get: async (visit) => {
    const to = searchedFor(visit);
    const state = LETTER_STATES.find((one) => one === visit.query['state']);
    const filter = { to: to === '' ? undefined : to, state };
    return show(
      picture(visit, { to, state, found: await pageOfLetters(visit.ctx, filter, placeInList(visit), ROWS_A_PAGE) }),
    );
  },
});

type Listed = {
  readonly to: string;
  readonly state: KeptLetter['state'] | undefined;
  readonly found: KeysetPage<KeptLetter>;
};

function picture(visit: Visit, listed: Listed): Html {
  const { frame, ctx } = visit;
  const { t } = frame;
  const leaves = leafHrefs(PATH, { q: listed.to, state: listed.state }, listed.found);
  return adminRoom(frame, {
    title: t('admin.letters.title'),
    intro: t('admin.letters.intro'),
    wide: true,
    body: stack(
      ctx.config.smtpUrl === undefined && remark({ tone: 'warning', body: t('admin.settings.noMailServer') }),
      filters(visit, listed),
      card({ flush: html`${letterTable(visit, listed)}${pager(frame, leaves)}` }),
    ),
  });
}

function filters(visit: Visit, { to, state }: Listed): Html {
  const { t } = visit.frame;
  const all = { value: '', text: t('admin.letters.state.all') };
  const choices = LETTER_STATES.map((one) => ({ value: one, text: t(`admin.letters.state.${one}`) }));
  return filterBar(visit.frame, {
    action: PATH,
    search: { name: 'q', label: t('admin.letters.search'), value: to },
    filters: [{ name: 'state', label: t('admin.letters.state'), value: state, choices: [all, ...choices] }],
    clear: to !== '' || state !== undefined ? PATH : undefined,
  });
}

function letterTable(visit: Visit, listed: Listed): Html {
  const { frame } = visit;
  const { t } = frame;
  return table<KeptLetter>(frame, {
    caption: t('admin.letters.title'),
    rows: listed.found.rows,
    empty: emptyList(visit, listed),
    columns: [
      {
        heading: t('admin.letters.subject'),
        kind: 'name',
        cell: (letter) => letter.subject,
        href: (letter) => `${PATH}/${letter.id}`,
      },
      { heading: t('admin.letters.to'), kind: 'text', cell: (letter) => letter.to },
      { heading: t('admin.letters.kind'), wideOnly: true, cell: (letter) => letterKind(visit, letter.kind) },
      { heading: t('admin.letters.state'), kind: 'short', cell: (letter) => letterStatus(visit, letter) },
      { heading: t('admin.letters.when'), kind: 'short', cell: (letter) => ago(frame, letter.createdAt) },
    ],
  });
}

function emptyList(visit: Visit, { to, state }: Listed): Html {
  const { t } = visit.frame;
  const { after, before } = placeInList(visit);
  if (to === '' && state === undefined && after === undefined && before === undefined)
    return empty({ title: t('admin.letters.empty'), text: t('admin.letters.empty.text'), icon: 'mail' });
  return empty({
    title: t('admin.letters.none'),
    text: t('admin.letters.none.text'),
    icon: 'search',
    action: linkButton({ href: PATH, text: t('admin.letters.all') }),
  });
}

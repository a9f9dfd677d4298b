// What happened to a person's own sign-in: when, from where, by whom. For finding what was not oneself.

import { accountsOf } from '#domain/access/accounts.ts';
import type { OwnActivity } from '#domain/audit/own-activity.ts';
import { ownActivity } from '#domain/audit/own-activity.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import { shownStaff } from '#domain/login/acting.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { VisitOf } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { remark } from '#web/parts/notice.ts';
import { pager } from '#web/parts/pager.ts';
import { clientRoom } from '#web/parts/rooms.ts';
import type { Column } from '#web/parts/table.ts';
import { table } from '#web/parts/table.ts';
import { dateTime, nothing } from '#web/parts/time.ts';
import { leafHrefs, placeInList, ROWS_A_PAGE } from '#web/staff.ts';

const PATH = '/user/activity';

type OwnVisit = VisitOf<{ is: 'user' }>;

/** Query: after or before, a line's id. Whoever is signed in reads their own lines and nobody else's. */
export default page({
  who: { is: 'user' },
  get: async (visit) => {
    const { ctx, user } = visit;
    const [found, accounts] = await Promise.all([
      ownActivity(ctx, user.userId, placeInList(visit), ROWS_A_PAGE),
      accountsOf(ctx, user.userId),
    ]);
    const names = new Map(accounts.map(({ client }) => [client.id, displayName(client)]));
    return show(picture(visit, found, { accounts: names, staff: await staffOf(visit, found) }));
  },
});

type Found = Awaited<ReturnType<typeof ownActivity>>;

/** What accounts are called, and those of staff who were in the person's place. */
type Names = { readonly accounts: ReadonlyMap<number, string>; readonly staff: ReadonlyMap<number, string> };

/** As the operator wants them to be called: by role or by name. A page names few of them. */
async function staffOf({ ctx }: OwnVisit, { rows }: Found): Promise<Map<number, string>> {
  const ids = [...new Set(rows.flatMap(({ acting }) => acting?.administratorId ?? []))];
  const names = await Promise.all(ids.map(async (id) => [id, (await shownStaff(ctx, id)) ?? ''] as const));
  return new Map(names);
}

function picture(visit: OwnVisit, found: Found, names: Names): Html {
  const { frame } = visit;
  const { t } = frame;
  const summary = found.searchedTo === undefined ? undefined : t('lists.activity.further');
  return clientRoom(frame, {
    title: t('lists.activity.title'),
    intro: t('lists.activity.intro'),
    body: stack(
      card({ flush: html`${lines(visit, found, names)}${pager(frame, { ...leafHrefs(PATH, {}, found), summary })}` }),
      remark({
        tone: 'info',
        title: t('lists.activity.not-you'),
        body: t('lists.activity.not-you.text'),
        action: linkButton({ href: '/user/password', text: t('common.menu.password'), small: true }),
      }),
    ),
  });
}

function lines({ frame }: OwnVisit, found: Found, names: Names): Html {
  const { t } = frame;
  // Why staff were in the person's place, in their own words.
  const reason: Column<OwnActivity> = {
    heading: t('support.acting.reason'),
    kind: 'text',
    cell: ({ acting }) => acting?.reason ?? nothing(frame),
  };
  return table<OwnActivity>(frame, {
    caption: t('lists.activity.title'),
    rows: found.rows,
    empty: empty({ title: t('lists.activity.none'), icon: 'history' }),
    columns: [
      {
        heading: t('lists.activity.what'),
        kind: 'name',
        cell: (one) => t(`lists.activity.${one.event}`, { account: accountOf(one) }),
      },
      { heading: t('lists.activity.when'), kind: 'short', cell: (one) => dateTime(frame, one.at) },
      { heading: t('lists.activity.from'), kind: 'text', cell: (one) => one.ip ?? nothing(frame) },
      { heading: t('lists.activity.who'), kind: 'short', cell: (one) => whoWords(one) },
      ...(found.rows.some(({ acting }) => acting?.reason) ? [reason] : []),
    ],
  });

  // The name of an account that one has left is not one's to know any more: it may be another by now.
  function accountOf({ clientId }: OwnActivity): string {
    return (clientId === undefined ? undefined : names.accounts.get(clientId)) ?? t('lists.activity.an-account');
  }

  function whoWords({ by, acting }: OwnActivity): string {
    const word = t(`lists.activity.by.${by}`);
    const name = acting && names.staff.get(acting.administratorId);
    return name ? t('support.acting.who', { who: word, name }) : word;
  }
}

// Where a member of staff is signed in, and ending it there.

import { endOtherSessions, endOwnSession } from '#domain/sessions/ending.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { notFound } from '#kit/problem.ts';
import { accountTabs } from '#web/account-tabs.ts';
import { whereFrom } from '#web/device-parts.ts';
import { OWN_STAFF } from '#web/own-side.ts';
import type { Answer, VisitOf } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { postButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import type { Frame } from '#web/parts/frame.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { table } from '#web/parts/table.ts';
import { ago, dateTime } from '#web/parts/time.ts';
import type { ToldSession } from '#web/session-parts.ts';
import { everywhereCard, leaveEverywhere, sessionMarks, toldSessions } from '#web/session-parts.ts';
import { wholeNumber } from '#web/staff.ts';

const PATH = '/admin/account/sessions';

type OwnVisit = VisitOf<{ is: 'staff'; permission: 'any' }>;

/** Fields: session, an id of the list, `others` or `everywhere`. Another person's id and one that is over answer alike. */
export default page({
  who: { is: 'staff', permission: 'any' },
  get: async (visit) => {
    const all = await sessionsOf(visit.ctx, { administratorId: visit.administrator.administratorId });
    return show(picture(visit, await toldSessions(visit, OWN_STAFF, all)));
  },
  post: async (visit) => {
    const named = visit.form.text('session');
    if (named === 'everywhere') return leaveEverywhere(visit, OWN_STAFF);
    return named === 'others' ? endOthers(visit) : endOne(visit);
  },
});

async function endOthers({ ctx, actor, administrator }: OwnVisit): Promise<Answer> {
  const { administratorId, sessionId } = administrator;
  const count = await endOtherSessions(ctx, actor, { administratorId }, sessionId);
  return goTo(PATH, { tone: 'success', key: 'admin.account.sessions.othersEnded', values: { count } });
}

async function endOne({ ctx, actor, administrator, form }: OwnVisit): Promise<Answer> {
  const id = wholeNumber(form.text('session'));
  // One's own ends by signing out, which the menu does; here it would leave a page that cannot be drawn.
  if (id === undefined || id === administrator.sessionId) throw notFound('session-not-found');
  await endOwnSession(ctx, actor, { administratorId: administrator.administratorId }, id);
  return goTo(PATH, { tone: 'success', key: 'admin.account.sessions.ended' });
}

function picture(visit: OwnVisit, sessions: readonly ToldSession[]): Html {
  const { frame, administrator } = visit;
  const { t } = frame;
  const others = sessions.filter((one) => one.id !== administrator.sessionId);
  const own = sessions.filter((one) => one.id === administrator.sessionId);
  return adminRoom(frame, {
    title: t('admin.account.sessions'),
    heading: t('admin.account.title'),
    tabs: accountTabs(visit),
    body: stack(
      card({ flush: sessionTable(visit, [...own, ...others]) }),
      others.length > 0 &&
        card({
          title: t('admin.account.sessions.others'),
          intro: t('admin.account.sessions.others.intro'),
          actions: postButton(frame, {
            text: t('admin.account.sessions.endOthers'),
            fields: { session: 'others' },
          }),
        }),
      everywhereCard(frame, OWN_STAFF),
    ),
  });
}

function sessionTable({ frame, administrator }: OwnVisit, sessions: readonly ToldSession[]): Html {
  const { t } = frame;
  const isThis = (one: ToldSession): boolean => one.id === administrator.sessionId;
  return table<ToldSession>(frame, {
    caption: t('admin.account.sessions'),
    rows: sessions,
    empty: empty({ title: t('admin.account.sessions.none') }),
    columns: [
      {
        heading: t('admin.account.sessions.device'),
        kind: 'name',
        cell: (one) =>
          html`${deviceWords(frame, one)}${sessionMarks(frame, one, isThis(one) ? t('admin.account.sessions.this') : undefined)}`,
      },
      { heading: t('admin.account.sessions.address'), cell: (one) => whereFrom(frame, one, one.words) },
      {
        heading: t('admin.account.sessions.since'),
        kind: 'short',
        wideOnly: true,
        cell: (one) => dateTime(frame, one.createdAt),
      },
      { heading: t('admin.account.sessions.seen'), kind: 'short', cell: (one) => ago(frame, one.lastSeenAt) },
      {
        heading: t('admin.account.sessions.acts'),
        kind: 'actions',
        cell: (one) =>
          isThis(one)
            ? undefined
            : postButton(frame, {
                text: t('admin.account.sessions.end'),
                about: `${deviceWords(frame, one)}, ${one.ip}`,
                fields: { session: one.id },
                small: true,
              }),
      },
    ],
  });
}

function deviceWords({ t }: Frame, session: ToldSession): string {
  return session.words?.device ?? t('client.sessions.unknown');
}

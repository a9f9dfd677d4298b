// Where a member of staff is signed in, and ending it there.

import type { ListedSession } from '#domain/sessions/sessions.ts';
import { endOtherSessions, endOwnSession, sessionsOf } from '#domain/sessions/sessions.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { notFound } from '#kit/problem.ts';
import { accountTabs } from '#web/account-tabs.ts';
import { deviceOf } from '#web/device.ts';
import type { Answer, VisitOf } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { postButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import type { Frame } from '#web/parts/frame.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { badge } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';
import { ago, dateTime } from '#web/parts/time.ts';
import { wholeNumber } from '#web/staff.ts';

const PATH = '/admin/account/sessions';

type OwnVisit = VisitOf<{ is: 'staff'; permission: 'any' }>;

/** Fields: session, an id of the list or `others`. Another person's id and one that is over answer alike. */
export default page({
  who: { is: 'staff', permission: 'any' },
  get: async (visit) => {
    const all = await sessionsOf(visit.ctx, { administratorId: visit.administrator.administratorId });
    return show(picture(visit, all));
  },
  post: async (visit) => (visit.form.text('session') === 'others' ? endOthers(visit) : endOne(visit)),
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

function picture(visit: OwnVisit, sessions: readonly ListedSession[]): Html {
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
            tone: 'danger',
          }),
        }),
    ),
  });
}

function sessionTable({ frame, administrator }: OwnVisit, sessions: readonly ListedSession[]): Html {
  const { t } = frame;
  const isThis = (one: ListedSession): boolean => one.id === administrator.sessionId;
  return table<ListedSession>(frame, {
    caption: t('admin.account.sessions'),
    rows: sessions,
    empty: empty({ title: t('admin.account.sessions.none') }),
    columns: [
      {
        heading: t('admin.account.sessions.device'),
        kind: 'name',
        cell: (one) =>
          html`${deviceWords(frame, one)}${isThis(one) && html` ${badge(t('admin.account.sessions.this'), 'success')}`}`,
      },
      { heading: t('admin.account.sessions.address'), cell: (one) => one.ip },
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

function deviceWords({ t }: Frame, session: ListedSession): string {
  const { browser, system } = deviceOf(session.userAgent);
  if (browser !== undefined && system !== undefined) return t('admin.account.sessions.on', { browser, system });
  return browser ?? system ?? t('admin.account.sessions.unknown');
}

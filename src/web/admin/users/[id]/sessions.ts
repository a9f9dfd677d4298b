// Where a user is signed in now.

import type { ListedSession } from '#domain/sessions/sessions.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import type { Html } from '#kit/html.ts';
import type { SatWords } from '#web/device-parts.ts';
import { whereFrom, wordsForEach } from '#web/device-parts.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { table } from '#web/parts/table.ts';
import { ago, nothing } from '#web/parts/time.ts';
import { may } from '#web/staff.ts';
import type { UserFile } from '#web/user-profile.ts';
import { sessionOrigin, userFileOf, userTab } from '#web/user-profile.ts';

export default page({
  who: { is: 'staff', permission: 'List Users' },
  get: async (visit) => {
    const file = await userFileOf(visit);
    const sessions = await sessionsOf(visit.ctx, { userId: file.user.id });
    return show(
      userTab(visit, file, {
        tab: visit.frame.t('admin.user.tab.sessions'),
        actions: sessions.length > 0 ? endLink(visit, file) : undefined,
        body: picture(visit, sessions, await wordsForEach(visit, sessions)),
      }),
    );
  },
});

function endLink(visit: Visit, { href }: UserFile): Html | undefined {
  if (!may(visit, 'Reset User Credentials')) return undefined;
  return linkButton({ href: `${href}/sessions/end`, text: visit.frame.t('admin.user.sessions.end'), icon: 'logout' });
}

function picture(visit: Visit, sessions: readonly ListedSession[], words: ReadonlyMap<ListedSession, SatWords>): Html {
  const { frame } = visit;
  const { t } = frame;
  return card({
    flush: table<ListedSession>(frame, {
      caption: t('admin.user.tab.sessions'),
      rows: sessions,
      empty: empty({
        title: t('admin.user.sessions.empty'),
        text: t('admin.user.sessions.empty.text'),
        icon: 'device-desktop',
      }),
      columns: [
        { heading: t('admin.user.sessions.device'), kind: 'name', cell: (session) => words.get(session)?.device ?? '' },
        {
          heading: t('admin.user.sessions.agent'),
          wideOnly: true,
          cell: (session) => session.userAgent || nothing(frame),
        },
        { heading: t('admin.user.sessions.origin'), cell: (session) => sessionOrigin(frame, session.origin) },
        { heading: t('admin.user.sessions.ip'), cell: (session) => whereFrom(frame, session, words.get(session)) },
        { heading: t('admin.user.sessions.since'), kind: 'short', cell: (session) => ago(frame, session.createdAt) },
        { heading: t('admin.user.sessions.seen'), kind: 'short', cell: (session) => ago(frame, session.lastSeenAt) },
      ],
    }),
  });
}

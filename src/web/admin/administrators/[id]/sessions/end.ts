// Ends every session of an administrator at once.

import type { Administrator } from '#domain/administrators/administrators.ts';
import { administratorOf } from '#domain/administrators/administrators.ts';
import { endStaffSessions } from '#domain/sessions/ending.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import type { Html } from '#kit/html.ts';
import { staffName } from '#web/administrator-parts.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { idInPath } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Configure Administrators' },
  stepUp: true,
  get: async (visit) => {
    const one = await administratorIn(visit);
    return show(picture(visit, one, (await sessionsOf(visit.ctx, { administratorId: one.id })).length));
  },
  post: async (visit): Promise<Answer> => {
    const one = await administratorIn(visit);
    const count = await endStaffSessions(visit.ctx, visit.actor, one.id, visit.administrator.sessionId);
    return goTo(hrefOf(one), {
      tone: 'success',
      key: 'admin.administrators.end.done',
      values: { count, username: one.username },
    });
  },
});

async function administratorIn(visit: Visit): Promise<Administrator> {
  return administratorOf(visit.ctx, idInPath(visit, 'id', 'administrator-not-found'));
}

function picture(visit: Visit, one: Administrator, count: number): Html {
  const { frame } = visit;
  const { t } = frame;
  const name = staffName(one);
  return adminRoom(frame, {
    title: t('admin.administrators.end.heading', { name }),
    back: { href: hrefOf(one), text: name },
    body: card({
      body: confirmation(frame, {
        losses: [t('admin.administrators.end.loss', { count })],
        kept: t('admin.administrators.end.kept'),
        button: t('admin.administrators.end'),
        cancel: { href: hrefOf(one), text: t('admin.administrators.cancel') },
      }),
    }),
  });
}

function hrefOf(one: Administrator): string {
  return `/admin/administrators/${one.id}`;
}

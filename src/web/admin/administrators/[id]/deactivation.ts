// Disables an administrator, after saying what that ends.

import type { Administrator } from '#domain/administrators/administrators.ts';
import { administratorOf, changeAdministrator } from '#domain/administrators/administrators.ts';
import { listCredentials } from '#domain/administrators/api-credentials.ts';
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
    const one = await administratorOf(visit.ctx, idInPath(visit, 'id', 'administrator-not-found'));
    const sessions = (await sessionsOf(visit.ctx, { administratorId: one.id })).length;
    const credentials = (await listCredentials(visit.ctx)).filter((other) => other.administratorId === one.id).length;
    return show(picture(visit, one, { sessions, credentials }));
  },
  post: disable,
});

async function disable(visit: Visit): Promise<Answer> {
  const one = await administratorOf(visit.ctx, idInPath(visit, 'id', 'administrator-not-found'));
  await changeAdministrator(visit.ctx, visit.actor, one.id, { disabled: true });
  return goTo(hrefOf(one), {
    tone: 'success',
    key: 'admin.administrators.disable.done',
    values: { username: one.username },
  });
}

function picture(visit: Visit, one: Administrator, lost: { sessions: number; credentials: number }): Html {
  const { frame } = visit;
  const { t } = frame;
  const name = staffName(one);
  return adminRoom(frame, {
    title: t('admin.administrators.disable.heading', { name }),
    back: { href: hrefOf(one), text: name },
    body: card({
      body: confirmation(frame, {
        losses: [
          t('admin.administrators.disable.loss.signIn', { name }),
          t('admin.administrators.disable.loss.sessions', { count: lost.sessions }),
          t('admin.administrators.disable.loss.credentials', { count: lost.credentials }),
        ],
        kept: t('admin.administrators.disable.kept'),
        button: t('admin.administrators.disable.button', { name }),
        cancel: { href: hrefOf(one), text: t('admin.administrators.cancel') },
      }),
    }),
  });
}

function hrefOf(one: Administrator): string {
  return `/admin/administrators/${one.id}`;
}

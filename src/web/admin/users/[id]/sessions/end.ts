// Ends every session of a user at once.

import { endOtherSessions } from '#domain/sessions/ending.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import type { Html } from '#kit/html.ts';
import type { Answer, Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import type { UserFile } from '#web/user-profile.ts';
import { userFileOf } from '#web/user-profile.ts';
import { goBack, userStep, wayBack } from '#web/user-step.ts';

export default page({
  who: { is: 'staff', permission: 'Reset User Credentials' },
  get: async (visit) => {
    const file = await userFileOf(visit);
    const sessions = await sessionsOf(visit.ctx, { userId: file.user.id });
    return show(picture(visit, file, sessions.length));
  },
  post: end,
});

async function end(visit: Visit): Promise<Answer> {
  const file = await userFileOf(visit);
  const ended = await endOtherSessions(visit.ctx, visit.actor, { userId: file.user.id }, undefined, 'ended-by-staff');
  return goBack(visit, file, 'admin.user.sessions.ended', { count: ended, name: file.name });
}

function picture(visit: Visit, file: UserFile, count: number): Html {
  const { frame } = visit;
  const { t } = frame;
  const back = wayBack(visit, file);
  const title = t('admin.user.sessions.end.title', { name: file.name });
  return userStep(visit, {
    title,
    back,
    body: card({
      body: confirmation(frame, {
        losses: [t('admin.user.sessions.end.loss', { count })],
        kept: t('admin.user.sessions.end.kept'),
        button: t('admin.user.sessions.end'),
        cancel: { href: back.href, text: t('admin.client.cancel') },
      }),
    }),
  });
}

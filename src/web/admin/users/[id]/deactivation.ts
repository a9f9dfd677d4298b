// Lets a user sign in no more. Nothing of theirs is removed.

import { linkedAccountsOf } from '#domain/access/accounts.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import { setUserDisabled } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import type { Answer, Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { shortName } from '#web/staff.ts';
import type { UserFile } from '#web/user-profile.ts';
import { userFileOf } from '#web/user-profile.ts';
import { goBack, userStep, wayBack } from '#web/user-step.ts';

export default page({
  who: { is: 'staff', permission: 'Manage Users' },
  get: async (visit) => {
    const file = await userFileOf(visit);
    const of = { userId: file.user.id };
    const [sessions, accounts] = await Promise.all([sessionsOf(visit.ctx, of), linkedAccountsOf(visit.ctx, of.userId)]);
    return show(picture(visit, file, { sessions: sessions.length, accounts: accounts.length }));
  },
  post: deactivate,
});

async function deactivate(visit: Visit): Promise<Answer> {
  const file = await userFileOf(visit);
  await setUserDisabled(visit.ctx, visit.actor, file.user.id, true);
  return goBack(visit, file, 'admin.user.deactivation.done');
}

function picture(visit: Visit, file: UserFile, counts: { sessions: number; accounts: number }): Html {
  const { frame } = visit;
  const { t } = frame;
  const back = wayBack(visit, file);
  return userStep(visit, {
    title: t('admin.user.deactivation.title', { name: file.name }),
    back,
    body: card({
      body: confirmation(frame, {
        losses: [
          t('admin.user.deactivation.accounts', { count: counts.accounts }),
          t('admin.user.sessions.end.loss', { count: counts.sessions }),
          t('admin.user.deactivation.links'),
        ],
        kept: t('admin.user.deactivation.kept'),
        button: t('admin.user.deactivation.title', { name: shortName(file.name) }),
        cancel: { href: back.href, text: t('admin.client.cancel') },
      }),
    }),
  });
}

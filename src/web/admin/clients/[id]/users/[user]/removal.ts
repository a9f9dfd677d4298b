// Takes somebody's access to a client away. The person stays a user.

import { removeMember } from '#domain/access/member-changes.ts';
import { findMembership } from '#domain/access/members.ts';
import type { User } from '#domain/users/users.ts';
import { nameOf, userOf } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { notFound } from '#kit/problem.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientStep, usersLink } from '#web/client-profile.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { remark } from '#web/parts/notice.ts';
import { idInPath } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Manage Users' },
  get: async (visit) => {
    const file = await clientFileOf(visit);
    const { user, isOwner } = await personIn(visit, file);
    return show(picture(visit, file, user, isOwner));
  },
  post: remove,
});

async function remove(visit: Visit): Promise<Answer> {
  const file = await clientFileOf(visit);
  const { user } = await personIn(visit, file);
  await removeMember(visit.ctx, visit.actor, user.id, file.client.id);
  return goTo(usersLink(visit, file).href, {
    tone: 'success',
    key: 'admin.client.users.removed',
    values: { name: nameOf(user) },
  });
}

async function personIn(visit: Visit, { client }: ClientFile): Promise<{ user: User; isOwner: boolean }> {
  const member = await findMembership(visit.ctx, idInPath(visit, 'user', 'not-a-member'), client.id);
  if (!member) throw notFound('not-a-member');
  return { user: await userOf(visit.ctx, member.userId), isOwner: member.isOwner };
}

function picture(visit: Visit, file: ClientFile, user: User, isOwner: boolean): Html {
  const { frame } = visit;
  const { t } = frame;
  const back = usersLink(visit, file);
  const names = { name: nameOf(user), client: file.name };
  return clientStep(visit, file, {
    title: t('admin.client.users.removal.title', names),
    back,
    body: isOwner
      ? remark({ tone: 'info', body: t('errors.owner-not-removable') })
      : card({
          body: confirmation(frame, {
            losses: [t('admin.client.users.removal.loss', names)],
            kept: t('admin.client.users.removal.kept', names),
            button: t('admin.client.users.removal.button', names),
            cancel: { href: back.href, text: t('admin.client.cancel') },
          }),
        }),
  });
}

// Ends somebody's access to the account. For the owner.

import { removeMember } from '#domain/access/member-changes.ts';
import { findMembership } from '#domain/access/members.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import type { User } from '#domain/users/users.ts';
import { nameOf, userOf } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { notAllowed, notFound } from '#kit/problem.ts';
import { peopleLink, requireManagedByOwner } from '#web/account-people.ts';
import type { VisitOf } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { clientRoom } from '#web/parts/rooms.ts';
import { idIn } from '#web/places.ts';

type OwnerVisit = VisitOf<{ is: 'account'; permission: 'owner' }>;

export default page({
  who: { is: 'account', permission: 'owner' },

  get: async (visit) => show(picture(visit, await personIn(visit))),

  post: async (visit) => {
    const user = await personIn(visit);
    await removeMember(visit.ctx, visit.actor, user.id, visit.account.client.id);
    return goTo(peopleLink(visit).href, {
      tone: 'success',
      key: 'access.removal.done',
      values: { name: nameOf(user) },
    });
  },
});

/** The person that the path names. Somebody of another account is not here, like somebody who is nowhere. */
async function personIn(visit: OwnerVisit): Promise<User> {
  await requireManagedByOwner(visit);
  const { ctx, account, params } = visit;
  const member = await findMembership(ctx, idIn(params['user']) ?? 0, account.client.id);
  if (!member) throw notFound('not-a-member');
  if (member.isOwner) throw notAllowed('owner-not-removable');
  return userOf(ctx, member.userId);
}

function picture(visit: OwnerVisit, user: User): Html {
  const { frame, account } = visit;
  const { t } = frame;
  const names = { name: nameOf(user), account: displayName(account.client) };
  return clientRoom(frame, {
    title: t('access.removal.title', names),
    back: peopleLink(visit),
    body: card({
      body: confirmation(frame, {
        losses: [t('access.removal.loss', names), t('access.removal.loss-invitations', names)],
        kept: t('access.removal.kept', names),
        button: t('access.removal.button', names),
        cancel: { href: peopleLink(visit).href, text: t('access.cancel') },
      }),
    }),
  });
}

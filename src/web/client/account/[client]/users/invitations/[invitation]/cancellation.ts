// Takes an invitation back: its link opens nothing any more.

import type { Invitation } from '#domain/access/invitations.ts';
import { cancelInvitation, invitationOf } from '#domain/access/invitations.ts';
import type { Html } from '#kit/html.ts';
import { peopleLink, requireManagedByOwner } from '#web/account-people.ts';
import type { VisitOf } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { clientRoom } from '#web/parts/rooms.ts';
import { invitationStep } from '#web/people-parts.ts';
import { idIn } from '#web/places.ts';

type InviterVisit = VisitOf<{ is: 'account'; permission: 'inviter' }>;

/** The owner may for every invitation of the account, another member for those they sent. */
export default page({
  who: { is: 'account', permission: 'inviter' },

  get: async (visit) => show(picture(visit, await invitationIn(visit))),

  post: async (visit) => {
    const { id, email } = await invitationIn(visit);
    await cancelInvitation(visit.ctx, visit.actor, visit.account.client.id, id);
    return goTo(peopleLink(visit).href, { tone: 'success', key: 'access.cancellation.done', values: { email } });
  },
});

async function invitationIn(visit: InviterVisit): Promise<Invitation> {
  await requireManagedByOwner(visit);
  const { ctx, actor, account, params } = visit;
  return invitationOf(ctx, actor, account.client.id, idIn(params['invitation']) ?? 0);
}

function picture(visit: InviterVisit, invitation: Invitation): Html {
  const back = peopleLink(visit);
  return clientRoom(visit.frame, {
    title: visit.frame.t('access.cancellation.title', { email: invitation.email }),
    back,
    body: invitationStep(visit.frame, invitation, { what: 'cancellation', cancel: back.href }),
  });
}

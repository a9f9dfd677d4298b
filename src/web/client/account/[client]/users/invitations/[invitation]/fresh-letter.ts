// Sends an invitation again, with a new link; the older one is dead and the seven days begin anew.

import type { Invitation } from '#domain/access/invitations.ts';
import { invitationOf, resendInvitation } from '#domain/access/invitations.ts';
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
    await resendInvitation(visit.ctx, visit.actor, visit.account.client.id, id);
    return goTo(peopleLink(visit).href, { tone: 'success', key: 'access.again.done', values: { email } });
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
    title: visit.frame.t('access.again.title', { email: invitation.email }),
    back,
    body: invitationStep(visit.frame, invitation, { what: 'again', cancel: back.href }),
  });
}

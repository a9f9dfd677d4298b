// Takes a client's invitation back: its link opens nothing any more.

import type { Invitation } from '#domain/access/invitations.ts';
import { cancelInvitation, invitationOf } from '#domain/access/invitations.ts';
import type { Html } from '#kit/html.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientStep, usersLink } from '#web/client-profile.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { invitationStep } from '#web/people-parts.ts';
import { idInPath } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Manage Users' },

  get: async (visit) => {
    const file = await clientFileOf(visit);
    return show(picture(visit, file, await invitationIn(visit, file)));
  },

  post: async (visit) => {
    const file = await clientFileOf(visit);
    const { id, email } = await invitationIn(visit, file);
    await cancelInvitation(visit.ctx, visit.actor, file.client.id, id);
    return goTo(usersLink(visit, file).href, { tone: 'success', key: 'access.cancellation.done', values: { email } });
  },
});

async function invitationIn(visit: Visit, { client }: ClientFile): Promise<Invitation> {
  const id = idInPath(visit, 'invitation', 'invitation-not-found');
  return invitationOf(visit.ctx, visit.actor, client.id, id);
}

function picture(visit: Visit, file: ClientFile, invitation: Invitation): Html {
  const back = usersLink(visit, file);
  return clientStep(visit, file, {
    title: visit.frame.t('access.cancellation.title', { email: invitation.email }),
    back,
    body: invitationStep(visit.frame, invitation, { what: 'cancellation', cancel: back.href }),
  });
}

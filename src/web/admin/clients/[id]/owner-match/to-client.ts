// Gives a client the name and address of its owner.

import { copyOwnerToClient } from '#domain/access/owner-drift.ts';
import { clientFileOf } from '#web/client-profile.ts';
import { atField } from '#web/field-faults.ts';
import { copyStep, matchHref } from '#web/owner-match.ts';
import { goTo, page, show } from '#web/page.ts';

/** No fields. */
export default page({
  who: { is: 'staff', permission: 'Edit Clients Details' },
  get: async (visit) => show(copyStep(visit, await clientFileOf(visit), 'to-client')),

  post: async (visit) => {
    const { client } = await clientFileOf(visit);
    await atField(copyOwnerToClient(visit.ctx, visit.actor, client.id), { 'email-taken': 'form' });
    return goTo(matchHref(client.id), { tone: 'success', key: 'people.match.client-copied' });
  },
});

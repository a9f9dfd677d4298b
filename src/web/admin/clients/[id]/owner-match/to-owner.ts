// Gives the owner of a client its name and address: the address they sign in with, so the old one is told.

import { copyClientToOwner } from '#domain/access/owner-drift.ts';
import { clientFileOf } from '#web/client-profile.ts';
import { atField } from '#web/field-faults.ts';
import { copyStep, matchHref } from '#web/owner-match.ts';
import { goTo, page, show } from '#web/page.ts';

/** No fields. */
export default page({
  who: { is: 'staff', permission: 'Manage Users' },
  stepUp: true, // it moves the address that somebody signs in with, as their profile does
  get: async (visit) => show(copyStep(visit, await clientFileOf(visit), 'to-owner')),

  post: async (visit) => {
    const { client } = await clientFileOf(visit);
    await atField(copyClientToOwner(visit.ctx, visit.actor, client.id), { 'email-taken': 'form' });
    return goTo(matchHref(client.id), { tone: 'success', key: 'people.match.owner-copied' });
  },
});

// Entering the client area in the place of a client's owner (WHMCS: Login as Owner).

import { nameOf } from '#domain/users/users.ts';
import { notFound } from '#kit/problem.ts';
import type { ActingPlace, StaffVisit } from '#web/acting-parts.ts';
import { actingForm, enterInPlace } from '#web/acting-parts.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientLink, clientStep } from '#web/client-profile.ts';
import { page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';

/** Fields: reason; write, a tick that asks for a permission of its own. */
export default page({
  who: { is: 'staff', permission: 'Allow Login as Owner' },
  stepUp: true,

  get: async (visit) => {
    const file = await clientFileOf(visit);
    const place = placeOf(visit, file);
    const { t } = visit.frame;
    const nobody = card({ flush: empty({ icon: 'user', title: t('support.acting.no-owner') }) });
    return show(
      clientStep(visit, file, {
        title: t('support.acting.title', { name: place ? nameOf(place.user) : file.name }),
        body: place ? await actingForm(visit, place) : nobody,
      }),
    );
  },

  post: async (visit) => {
    const place = placeOf(visit, await clientFileOf(visit));
    if (!place) throw notFound('user-not-found');
    return enterInPlace(visit, place);
  },
});

function placeOf(visit: StaffVisit, file: ClientFile): ActingPlace | undefined {
  const { owner, client } = file;
  if (!owner) return undefined;
  const about = { id: client.id, isClosed: client.status === 'Closed' };
  return { user: owner, client: about, cancel: clientLink(visit, file).href };
}

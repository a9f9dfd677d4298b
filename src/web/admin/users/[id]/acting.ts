// Entering the client area in the place of a user, whichever accounts they may enter.

import type { ActingPlace, StaffVisit } from '#web/acting-parts.ts';
import { actingForm, enterInPlace } from '#web/acting-parts.ts';
import { page, show } from '#web/page.ts';
import type { UserFile } from '#web/user-profile.ts';
import { userFileOf } from '#web/user-profile.ts';
import { userStep, wayBack } from '#web/user-step.ts';

/** Fields: reason; write, a tick that asks for a permission of its own. */
export default page({
  who: { is: 'staff', permission: 'Allow Login as Owner' },
  stepUp: true,

  get: async (visit) => {
    const file = await userFileOf(visit);
    return show(
      userStep(visit, {
        title: visit.frame.t('support.acting.title', { name: file.name }),
        back: wayBack(visit, file),
        body: await actingForm(visit, placeOf(visit, file)),
      }),
    );
  },

  post: async (visit) => enterInPlace(visit, placeOf(visit, await userFileOf(visit))),
});

function placeOf(visit: StaffVisit, file: UserFile): ActingPlace {
  return { user: file.user, client: undefined, cancel: wayBack(visit, file).href };
}

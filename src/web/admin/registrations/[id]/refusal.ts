// Refuses a registration that waits: what was sent is deleted, and a letter says no.

import { refuseRegistration, registrationOf } from '#domain/signup/registration-settling.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { idInPath } from '#web/staff.ts';

const LIST = '/admin/registrations';

export default page({
  who: { is: 'staff', permission: 'Add New Client' },

  get: async (visit) => {
    const { frame } = visit;
    const { t } = frame;
    const one = await registrationOf(visit.ctx, idInPath(visit, 'id', 'registration-not-found'));
    const href = `${LIST}/${one.id}`;
    return show(
      adminRoom(frame, {
        title: t('registration.refuse.title', { name: one.name }),
        back: { href, text: one.name },
        body: card({
          body: confirmation(frame, {
            losses: [t('registration.refuse.loss')],
            kept: t('registration.refuse.kept', { address: one.email }),
            button: t('registration.refuse'),
            cancel: { href, text: t('registration.cancel') },
          }),
        }),
      }),
    );
  },

  post: async (visit) => {
    await refuseRegistration(visit.ctx, visit.actor, idInPath(visit, 'id', 'registration-not-found'));
    return goTo(LIST, { tone: 'success', key: 'registration.refused' });
  },
});

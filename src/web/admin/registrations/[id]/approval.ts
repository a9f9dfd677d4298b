// Opens the account of a registration that waits.

import { approveRegistration, registrationOf } from '#domain/signup/registration-settling.ts';
import { html } from '#kit/html.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { idInPath, may } from '#web/staff.ts';

const LIST = '/admin/registrations';

export default page({
  who: { is: 'staff', permission: 'Add New Client' },

  get: async (visit) => {
    const { frame, errors } = visit;
    const { t } = frame;
    const one = await registrationOf(visit.ctx, idInPath(visit, 'id', 'registration-not-found'));
    const href = `${LIST}/${one.id}`;
    return show(
      adminRoom(frame, {
        title: t('registration.approve.title', { name: one.name }),
        back: { href, text: one.name },
        errors,
        body: card({
          body: form(frame, {
            errors,
            button: t('registration.approve'),
            secondary: linkButton({ href, text: t('registration.cancel') }),
            body: html`<p>${t('registration.approve.text', { address: one.email })}</p>`,
          }),
        }),
      }),
    );
  },

  post: async (visit) => {
    const id = idInPath(visit, 'id', 'registration-not-found');
    const { clientId } = await approveRegistration(visit.ctx, visit.actor, id);
    return goTo(may(visit, 'View Clients Summary') ? `/admin/clients/${clientId}` : LIST, {
      tone: 'success',
      key: 'registration.approved',
    });
  },
});

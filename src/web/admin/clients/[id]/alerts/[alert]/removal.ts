// Takes an alert off the home of a client's account.

import { removeAlert } from '#domain/alerts/alerts.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { goTo, page } from '#web/page.ts';
import { idInPath } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Edit Clients Details' },
  post: async (visit) => {
    const { id: clientId } = await clientOf(visit.ctx, idInPath(visit, 'id', 'client-not-found'));
    await removeAlert(visit.ctx, visit.actor, { clientId, id: idInPath(visit, 'alert', 'alert-not-found') });
    return goTo(`/admin/clients/${clientId}/alerts`, { tone: 'success', key: 'records.alerts.removed' });
  },
});

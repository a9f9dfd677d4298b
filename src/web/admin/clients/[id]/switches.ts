// Turns one switch of a client. Fields: switch (its name), to (on, off).

import { changeClient } from '#domain/clients/client-changes.ts';
import { clientOf } from '#domain/clients/clients.ts';
import { invalid } from '#kit/problem.ts';
import { clientLink } from '#web/client-profile.ts';
import { isClientSwitch, turned } from '#web/client-switches.ts';
import { goTo, page } from '#web/page.ts';
import { idInPath } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Edit Clients Details' },
  post: async (visit) => {
    const { ctx, form } = visit;
    const { id } = await clientOf(ctx, idInPath(visit, 'id', 'client-not-found'));
    const name = form.text('switch');
    const to = form.text('to');
    if (!isClientSwitch(name) || (to !== 'on' && to !== 'off')) throw invalid({ switch: 'setting-not-an-option' });
    await changeClient(ctx, visit.actor, id, turned(name, to === 'on'));
    return goTo(clientLink(visit, { href: `/admin/clients/${id}`, name: '' }).href, {
      tone: 'success',
      key: to === 'on' ? `admin.client.switch.${name}.now-on` : `admin.client.switch.${name}.now-off`,
    });
  },
});

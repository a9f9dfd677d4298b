// Chooses whom a client is billed to: this contact, or the client itself again. Fields: to (contact, account).

import { chooseBillingContact, contactOf } from '#domain/contacts/contacts.ts';
import { invalid } from '#kit/problem.ts';
import { clientFileOf } from '#web/client-profile.ts';
import { goTo, page } from '#web/page.ts';
import { idInPath } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Edit Clients Details' },
  post: async (visit) => {
    const { ctx, actor, form } = visit;
    const { client, href } = await clientFileOf(visit);
    const { id } = await contactOf(ctx, client.id, idInPath(visit, 'contact', 'contact-not-found'));
    const to = form.text('to');
    if (to !== 'contact' && to !== 'account') throw invalid({ to: 'setting-not-an-option' });
    await chooseBillingContact(ctx, actor, client.id, to === 'contact' ? id : 0);
    return goTo(`${href}/contacts/${id}`, {
      tone: 'success',
      key: to === 'contact' ? 'contacts.billing.now-contact' : 'contacts.billing.now-account',
    });
  },
});

// Chooses whom an account bills: this contact, or itself again. Fields: to (contact, account).

import { chooseBillingContact, contactOf } from '#domain/contacts/contacts.ts';
import { invalid } from '#kit/problem.ts';
import { goTo, page } from '#web/page.ts';
import { idInPath } from '#web/staff.ts';

export default page({
  who: { is: 'account', permission: 'profile' },
  post: async (visit) => {
    const { ctx, actor, account, form } = visit;
    const { id } = await contactOf(ctx, account.client.id, idInPath(visit, 'contact', 'contact-not-found'));
    const to = form.text('to');
    if (to !== 'contact' && to !== 'account') throw invalid({ to: 'setting-not-an-option' });
    await chooseBillingContact(ctx, actor, account.client.id, to === 'contact' ? id : 0);
    const next = `/account/${account.client.id}`;
    return goTo(visit.frame.account?.may('contacts') ? `${next}/contacts/${id}` : next, {
      tone: 'success',
      key: to === 'contact' ? 'contacts.billing.now-contact' : 'contacts.billing.now-account',
    });
  },
});

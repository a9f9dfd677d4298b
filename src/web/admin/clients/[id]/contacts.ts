// The contacts of a client.

import { pageOfContacts } from '#domain/contacts/contacts.ts';
import { clientFileOf, clientTab } from '#web/client-profile.ts';
import { contactList } from '#web/contact-parts.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { placeInList, ROWS_A_PAGE } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Edit Clients Details' },
  get: async (visit) => {
    const { t } = visit.frame;
    const file = await clientFileOf(visit);
    const contacts = await pageOfContacts(visit.ctx, file.client.id, placeInList(visit), ROWS_A_PAGE);
    const href = `${file.href}/contacts`;
    const add = linkButton({ href: `${href}/new`, text: t('contacts.add'), tone: 'primary', icon: 'plus' });
    return show(
      clientTab(visit, file, {
        tab: t('contacts.title'),
        actions: contacts.rows.length === 0 ? undefined : add,
        body: contactList(visit, contacts, { href, billingContactId: file.client.billingContactId, action: add }),
      }),
    );
  },
});

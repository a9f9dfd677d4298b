// The address book of an account: who else gets copies of its letters. Contacts cannot sign in.

import type { Contact } from '#domain/contacts/contacts.ts';
import { pageOfContacts } from '#domain/contacts/contacts.ts';
import type { Html } from '#kit/html.ts';
import type { KeysetPage } from '#kit/keyset.ts';
import { contactList } from '#web/contact-parts.ts';
import type { VisitOf } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { stack } from '#web/parts/card.ts';
import { remark } from '#web/parts/notice.ts';
import { clientRoom } from '#web/parts/rooms.ts';
import { placeInList, ROWS_A_PAGE } from '#web/staff.ts';

type ContactsVisit = VisitOf<{ is: 'account'; permission: 'contacts' }>;

export default page({
  who: { is: 'account', permission: 'contacts' },
  get: async (visit) => {
    const { ctx, account } = visit;
    return show(picture(visit, await pageOfContacts(ctx, account.client.id, placeInList(visit), ROWS_A_PAGE)));
  },
});

function picture(visit: ContactsVisit, contacts: KeysetPage<Contact>): Html {
  const { frame, account } = visit;
  const { t } = frame;
  const { client } = account;
  const href = `/account/${client.id}/contacts`;
  const closed = client.status === 'Closed';
  const add = closed
    ? undefined
    : linkButton({ href: `${href}/new`, text: t('contacts.add'), tone: 'primary', icon: 'plus' });
  const isEmpty = contacts.rows.length === 0;
  return clientRoom(frame, {
    title: t('contacts.title'),
    intro: t('contacts.intro'),
    actions: isEmpty ? undefined : add,
    body: stack(
      closed && remark({ tone: 'warning', title: t('client.closed.title'), body: t('client.closed.text') }),
      contactList(visit, contacts, { href, billingContactId: client.billingContactId, action: add }),
    ),
  });
}

// Deletes a contact, after a look at what that means.

import type { Contact } from '#domain/contacts/contacts.ts';
import { contactName, contactOf, removeContact } from '#domain/contacts/contacts.ts';
import type { Html } from '#kit/html.ts';
import type { VisitOf } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { clientRoom } from '#web/parts/rooms.ts';
import { idInPath, shortName } from '#web/staff.ts';

type ContactVisit = VisitOf<{ is: 'account'; permission: 'contacts' }>;

export default page({
  who: { is: 'account', permission: 'contacts' },

  get: async (visit) =>
    show(
      picture(
        visit,
        await contactOf(visit.ctx, visit.account.client.id, idInPath(visit, 'contact', 'contact-not-found')),
      ),
    ),

  post: async (visit) => {
    const { ctx, actor, account } = visit;
    const id = idInPath(visit, 'contact', 'contact-not-found');
    const wasBilled = await removeContact(ctx, actor, { clientId: account.client.id, id });
    return goTo(`/account/${account.client.id}/contacts`, {
      tone: 'success',
      key: wasBilled ? 'contacts.removed.billed' : 'contacts.removed',
    });
  },
});

function picture({ frame, account, errors }: ContactVisit, contact: Contact): Html {
  const { t } = frame;
  const name = contactName(contact);
  const back = { href: `/account/${account.client.id}/contacts/${contact.id}`, text: name };
  return clientRoom(frame, {
    title: t('contacts.removal.title', { name }),
    back,
    errors,
    body: card({
      body: confirmation(frame, {
        losses: [
          t('contacts.removal.details'),
          ...(account.client.billingContactId === contact.id ? [t('contacts.removal.billed')] : []),
        ],
        errors,
        button: t('contacts.removal.title', { name: shortName(name) }),
        cancel: { href: back.href, text: t('contacts.cancel') },
      }),
    }),
  });
}

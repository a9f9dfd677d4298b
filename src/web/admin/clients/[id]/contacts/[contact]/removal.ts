// Deletes a contact of a client, after a look at what that means.

import type { Contact } from '#domain/contacts/contacts.ts';
import { contactName, contactOf, removeContact } from '#domain/contacts/contacts.ts';
import type { Html } from '#kit/html.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientStep } from '#web/client-profile.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { idInPath, shortName } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Edit Clients Details' },

  get: async (visit) => {
    const file = await clientFileOf(visit);
    const id = idInPath(visit, 'contact', 'contact-not-found');
    return show(picture(visit, file, await contactOf(visit.ctx, file.client.id, id)));
  },

  post: async (visit) => {
    const { client, href } = await clientFileOf(visit);
    const of = { clientId: client.id, id: idInPath(visit, 'contact', 'contact-not-found') };
    const wasBilled = await removeContact(visit.ctx, visit.actor, of);
    return goTo(`${href}/contacts`, {
      tone: 'success',
      key: wasBilled ? 'contacts.removed.billed' : 'contacts.removed',
    });
  },
});

function picture(visit: Visit, file: ClientFile, contact: Contact): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const name = contactName(contact);
  const back = { href: `${file.href}/contacts/${contact.id}`, text: name };
  return clientStep(visit, file, {
    title: t('contacts.removal.title', { name }),
    back,
    body: card({
      body: confirmation(frame, {
        losses: [
          t('contacts.removal.details'),
          ...(file.client.billingContactId === contact.id ? [t('contacts.removal.billed')] : []),
        ],
        errors,
        button: t('contacts.removal.title', { name: shortName(name) }),
        cancel: { href: back.href, text: t('contacts.cancel') },
      }),
    }),
  });
}

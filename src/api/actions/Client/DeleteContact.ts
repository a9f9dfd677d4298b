// DeleteContact: removes a contact for good.

import { ActionError, action } from '#api/action.ts';
import { CONTACT_TEXTS } from '#api/contact-parameters.ts';
import { integer } from '#api/dialect/parameters.ts';
import { documented } from '#api/documented.ts';
import { findContact, removeContact } from '#domain/contacts/contacts.ts';

/** contactid. Answers contactid. The last one that gets letters about domains stays, in the words of UpdateContact. */
export default action({
  group: 'Client',
  answer: ({ ctx, caller, values }) =>
    documented(CONTACT_TEXTS, async () => {
      const id = integer(values, 'contactid');
      const contact = typeof id === 'number' ? await findContact(ctx, id) : undefined;
      if (!contact) throw new ActionError(CONTACT_TEXTS['contact-not-found']);
      await removeContact(ctx, caller.actor, { clientId: contact.clientId, id: contact.id });
      return { contactid: String(contact.id) }; // a text in the documented example
    }),
});

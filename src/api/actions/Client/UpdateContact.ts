// UpdateContact: changes what is named in the request and nothing else.

import { ActionError, action } from '#api/action.ts';
import { CONTACT_TEXTS, contactIn, subAccountWarning } from '#api/contact-parameters.ts';
import { integer } from '#api/dialect/parameters.ts';
import { documented } from '#api/documented.ts';
import { changeContact, findContact } from '#domain/contacts/contacts.ts';

/**
 * contactid; the profile; email_preferences[…]. What is absent stays; what is sent empty is emptied. Answers contactid, and a
 * text in `warnings` for what only sub-accounts had.
 */
export default action({
  group: 'Client',
  answer: ({ ctx, caller, values }) =>
    documented(CONTACT_TEXTS, async () => {
      const id = integer(values, 'contactid');
      const contact = typeof id === 'number' ? await findContact(ctx, id) : undefined;
      if (!contact) throw new ActionError(CONTACT_TEXTS['contact-not-found']);
      const change = contactIn(values, contact.emailPreferences);
      await changeContact(ctx, caller.actor, { clientId: contact.clientId, id: contact.id }, change, { required: [] });
      return {
        contactid: String(contact.id), // a text in the documented example
        warnings: subAccountWarning(values, 'UpdateUser'),
      };
    }),
});

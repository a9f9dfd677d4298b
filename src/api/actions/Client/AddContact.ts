// AddContact: a record in a client's address book.

import { ActionError, action } from '#api/action.ts';
import { CONTACT_TEXTS, contactIn, subAccountWarning } from '#api/contact-parameters.ts';
import { integer } from '#api/dialect/parameters.ts';
import { documented } from '#api/documented.ts';
import { addContact, NO_LETTERS } from '#domain/contacts/contacts.ts';

const NOT_FOUND = 'Client ID Not Found';
const TEXTS = { ...CONTACT_TEXTS, 'client-not-found': NOT_FOUND };

/**
 * clientid; the profile; email_preferences[…], each off unless turned on. Nothing but the client is required. Answers
 * contactid, and a text in `warnings` for what only sub-accounts had.
 */
export default action({
  group: 'Client',
  answer: ({ ctx, caller, values }) =>
    documented(TEXTS, async () => {
      const clientId = integer(values, 'clientid');
      if (typeof clientId !== 'number') throw new ActionError(NOT_FOUND);
      const id = await addContact(ctx, caller.actor, clientId, contactIn(values, NO_LETTERS), []);
      return {
        contactid: String(id), // a text in the documented example
        warnings: subAccountWarning(values, 'AddUser and CreateClientInvite'),
      };
    }),
});

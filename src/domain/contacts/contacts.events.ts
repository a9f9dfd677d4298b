// What contacts announce, as WHMCS's hooks ContactAdd, ContactEdit and ContactDelete do. Ids and names of fields, no values.

import { defineEvent } from '#kit/events.ts';

type Of = { readonly clientId: number; readonly contactId: number };

const of = ({ clientId, contactId }: Of) => ({ client_id: clientId, contact_id: contactId });

/** A contact was added. */
export const contactCreated = defineEvent<Of>('contact.created', of);
/** A contact was changed. `changed`: the names of the fields. */
export const contactUpdated = defineEvent<Of & { readonly changed: readonly string[] }>('contact.updated', (told) => ({
  ...of(told),
  fields: told.changed,
}));
/** A contact was deleted by itself, not with its client. */
export const contactDeleted = defineEvent<Of>('contact.deleted', of);

// What contacts have to say to choices made about the account itself.

import { clientBillingContactChosen, clientDomainLettersOff } from '#domain/clients/choices.events.ts';
import { contactsTakeDomainLetters, findContact } from '#domain/contacts/contacts.ts';
import type { Subscriber } from '#kit/events.ts';
import { subscriber } from '#kit/events.ts';
import { invalid } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** An account may give up letters about domains only when a contact gets them (behaviours.md 1.12). */
export const onDomainLettersOff: Subscriber<Context> = subscriber(
  clientDomainLettersOff,
  async (tx: Context, { clientId }) => {
    if (!(await contactsTakeDomainLetters(tx, clientId))) throw invalid({ emailPreferences: 'domain-letters-needed' });
  },
);

/** The billing contact is one of the account's own, whichever door chose it. */
export const onBillingContact: Subscriber<Context> = subscriber(
  clientBillingContactChosen,
  async (tx: Context, { clientId, contactId }) => {
    const contact = await findContact(tx, contactId);
    if (contact?.clientId !== clientId) throw invalid({ billingContactId: 'contact-not-found' });
  },
);

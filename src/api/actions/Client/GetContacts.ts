// GetContacts: the contacts of one client, or of all, that are just so.

import { action } from '#api/action.ts';
import { wireInstant } from '#api/dialect/instants.ts';
import type { AnswerMap } from '#api/dialect/out.ts';
import { partOf } from '#api/dialect/paging.ts';
import { integer, scalar } from '#api/dialect/parameters.ts';
import type { WireValues } from '#api/dialect/wire.ts';
import type { Contact, ContactFilter } from '#domain/contacts/contacts.ts';
import { sliceOfContacts } from '#domain/contacts/contacts.ts';
import { storedPhone } from '#kit/phone.ts';

const TEXTS = {
  firstname: 'firstName',
  lastname: 'lastName',
  companyname: 'companyName',
  email: 'email',
  address1: 'address1',
  address2: 'address2',
  city: 'city',
  state: 'state',
  postcode: 'postcode',
} as const;

/**
 * limitstart (0), limitnum (25, at most 10000), userid (a client's id), and any of the profile's texts, whole: names and
 * addresses in any case, the rest as stored. Answers totalresults, startnumber, numreturned and contacts.contact.
 *
 * totalresults is exact up to 2500 (COUNT_CAP); above that it is more than startnumber and numreturned together as long as
 * there are more.
 */
export default action({
  group: 'Client',
  answer: async ({ ctx, values }) => {
    const { start, size } = partOf(values);
    const filter = filterIn(values);
    const found =
      filter === 'nobody'
        ? { contacts: [], total: 0 }
        : await sliceOfContacts(ctx, filter, { skip: start, limit: size });
    return {
      totalresults: found.total,
      startnumber: start,
      numreturned: found.contacts.length,
      contacts: { contact: found.contacts.map(contactLine) },
    };
  },
});

// What is no id is nobody's: an empty list, rather than everybody's.
function filterIn(values: WireValues): ContactFilter | 'nobody' {
  const clientId = integer(values, 'userid');
  if (clientId === 'invalid') return 'nobody';
  const texts = Object.entries(TEXTS).flatMap(([name, field]) => {
    const text = scalar(values, name)?.trim();
    return text === undefined ? [] : [[field, text] as const];
  });
  const country = scalar(values, 'country')?.trim().toUpperCase();
  const phone = scalar(values, 'phonenumber')?.trim();
  return {
    ...Object.fromEntries(texts),
    ...(country === undefined ? {} : { country }),
    ...(phone === undefined ? {} : { phoneNumber: storedPhone(phone, country ?? '') ?? phone }),
    ...(clientId === undefined ? {} : { clientId }),
  };
}

function contactLine(contact: Contact): AnswerMap {
  const { emailPreferences } = contact;
  return {
    id: contact.id,
    userid: contact.clientId,
    firstname: contact.firstName,
    lastname: contact.lastName,
    companyname: contact.companyName,
    email: contact.email,
    address1: contact.address1,
    address2: contact.address2,
    city: contact.city,
    state: contact.state,
    postcode: contact.postcode,
    country: contact.country,
    phonenumber: contact.phoneNumber,
    tax_id: contact.taxId,
    domainemails: emailPreferences.domain,
    generalemails: emailPreferences.general,
    invoiceemails: emailPreferences.invoice,
    productemails: emailPreferences.product,
    supportemails: emailPreferences.support,
    affiliateemails: emailPreferences.affiliate,
    created_at: wireInstant(contact.createdAt),
    updated_at: wireInstant(contact.updatedAt),
  };
}

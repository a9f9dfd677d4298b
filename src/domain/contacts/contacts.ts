// Contacts: address-book records of a client that get copies of its letters. They cannot sign in (behaviours.md 1.11).

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import type { ClientProfile } from '#domain/clients/client-profile.ts';
import { asStored, detailFaults, EMPTY_PROFILE, profileColumns } from '#domain/clients/client-profile.ts';
import type { Client } from '#domain/clients/clients.ts';
import { clientOf, holdClient } from '#domain/clients/clients.ts';
import type { EmailPreferences } from '#domain/clients/email-preferences.ts';
import { EMAIL_CATEGORIES } from '#domain/clients/email-preferences.ts';
import { resetBillingContact } from '#domain/clients/entrusted-fields.ts';
import { DETAIL_FIELDS } from '#domain/clients/own-details.ts';
import { contactCreated, contactDeleted, contactUpdated } from '#domain/contacts/contacts.events.ts';
import type { ContactRow, ContactSearch } from '#domain/contacts/contacts.table.ts';
import {
  contactRowsOf,
  countContactRows,
  deleteContactRow,
  findContactRow,
  findContactRowByEmail,
  insertContact,
  sliceContactRows,
  updateContactRow,
} from '#domain/contacts/contacts.table.ts';
import { changedDetails, checksDetails, filledInBy, requireAcceptedContact } from '#domain/modules/asking.ts';
import type { KeysetPage, KeysetPlace } from '#kit/keyset.ts';
import { keysetPage } from '#kit/keyset.ts';
import { COUNT_CAP } from '#kit/listing-counts.ts';
import { conflict, invalid, notFound } from '#kit/problem.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** A contact of a client. */
export type Contact = ClientProfile & {
  readonly id: number;
  readonly clientId: number;
  readonly emailPreferences: EmailPreferences;
  readonly createdAt: number;
  readonly updatedAt: number;
};

/** What is filled in of a contact; what is absent stays, or is empty in a new one. */
export type ContactChange = Partial<ClientProfile & { readonly emailPreferences: EmailPreferences }>;

/** What a contact must have in forms; the API asks for nothing (behaviours.md 1.11). */
export const CONTACT_REQUIRED = ['firstName', 'lastName', 'email'] as const;

/** No letters at all: a new contact gets those that somebody ticks. */
export const NO_LETTERS: EmailPreferences = {
  general: false,
  invoice: false,
  support: false,
  product: false,
  domain: false,
  affiliate: false,
};

/** So many contacts a client may have: more is no address book but an attempt to fill the disk. */
export const MOST_CONTACTS = 1000;

/**
 * Adds a contact. `required`: the fields that must be there. Throws not-found `client-not-found`, invalid by field (an
 * address that another contact of the client has: `contact-email-taken`), or conflict `contacts-too-many`.
 */
export async function addContact(
  ctx: Context,
  actor: Actor,
  clientId: number,
  given: ContactChange,
  required: readonly string[] = CONTACT_REQUIRED,
): Promise<number> {
  const seen = await askAboutNew(ctx, actor, clientId, given);
  return ctx.transaction(async (tx) => {
    const client = await holdClient(tx, clientId, 'change'); // two at once with one address: the second sees the first
    if (seen && seen.country !== client.country) throw conflict('changed-meanwhile');
    const profile = { ...EMPTY_PROFILE, ...profileOf(given) };
    const faults = faultsOf(profile, client, required);
    if (Object.keys(faults).length > 0) throw invalid(faults);
    if (await addressTaken(tx, clientId, profile.email, undefined)) throw invalid({ email: 'contact-email-taken' });
    if ((await countContactRows(tx, clientId, MOST_CONTACTS)) >= MOST_CONTACTS) throw conflict('contacts-too-many');
    const id = await insertContact(tx, {
      client_id: clientId,
      ...columnsOf(profile, client, given.emailPreferences ?? NO_LETTERS),
      created_at: tx.now(),
      updated_at: tx.now(),
    });
    await audit(tx, actor, {
      event: 'contact.created',
      description: `The contact ${contactName({ ...profile, id })} was added`,
      clientId,
      details: { contactId: id },
    });
    await tx.bus.announce(tx, contactCreated, { clientId, contactId: id });
    return id;
  });
}

/**
 * Changes a contact. Only what is touched is checked, so that one taken over with gaps can be changed. `version`: the
 * instant of the last change that the form was drawn from. Throws not-found, invalid by field, or conflict
 * `changed-meanwhile`. Answers the names of the fields that really changed.
 */
export async function changeContact(
  ctx: Context,
  actor: Actor,
  of: { readonly clientId: number; readonly id: number },
  change: ContactChange,
  options: { readonly required?: readonly string[]; readonly version?: string } = {},
): Promise<string[]> {
  const seen = await askAboutChange(ctx, actor, of, change);
  return ctx.transaction(async (tx) => {
    const client = await holdClient(tx, of.clientId, 'change');
    const before = await contactOf(tx, of.clientId, of.id);
    if (seen && (seen.country !== client.country || changedDetails(seen.profile, before).length > 0))
      throw conflict('changed-meanwhile'); // of two changes at once, each harmless, the sum may be none
    if (options.version && options.version !== String(before.updatedAt)) throw conflict('changed-meanwhile');
    const profile = { ...profileOf(before), ...profileOf(change) };
    const touched = (field: string): boolean => profile[field as keyof ClientProfile] !== textOf(before, field);
    const faults = Object.entries(faultsOf(profile, client, options.required ?? CONTACT_REQUIRED)).filter(([field]) =>
      touched(field),
    );
    if (faults.length > 0) throw invalid(Object.fromEntries(faults));
    if (touched('email') && (await addressTaken(tx, of.clientId, profile.email, of.id)))
      throw invalid({ email: 'contact-email-taken' });
    const preferences = change.emailPreferences ?? before.emailPreferences;
    const columns = columnsOf(profile, client, preferences);
    const after = contactFrom({ ...rowLike(before), ...columns });
    if (takesDomains(before) && !takesDomains(after)) await requireDomainLetters(tx, client, of.id);
    const changed = changesBetween(before, after);
    if (Object.keys(changed).length === 0) return [];
    await updateContactRow(tx, of.id, columns);
    await audit(tx, actor, {
      event: 'contact.updated',
      description: `The contact ${contactName(after)} was changed: ${Object.keys(changed).join(', ')}`,
      clientId: of.clientId,
      details: { contactId: of.id, ...changed },
    });
    await tx.bus.announce(tx, contactUpdated, {
      clientId: of.clientId,
      contactId: of.id,
      changed: Object.keys(changed),
    });
    return Object.keys(changed);
  });
}

/**
 * Deletes a contact for good; where it was the billing contact, the account itself is billed again. Throws not-found, or
 * invalid `contact-domain-letters-needed` for the last one that gets letters about domains. Answers whether billing changed.
 */
export async function removeContact(
  ctx: Context,
  actor: Actor,
  of: { readonly clientId: number; readonly id: number },
): Promise<boolean> {
  return ctx.transaction(async (tx) => {
    const client = await holdClient(tx, of.clientId, 'change');
    const before = await contactOf(tx, of.clientId, of.id);
    if (takesDomains(before)) await requireDomainLetters(tx, client, of.id);
    if (!(await deleteContactRow(tx, of.id))) throw notFound('contact-not-found');
    const wasBilled = await resetBillingContact(tx, of.clientId, of.id);
    await audit(tx, actor, {
      event: 'contact.deleted',
      description: `The contact ${contactName(before)} was deleted${wasBilled ? '; it was the billing contact' : ''}`,
      clientId: of.clientId,
      details: { contactId: of.id },
    });
    await tx.bus.announce(tx, contactDeleted, { clientId: of.clientId, contactId: of.id });
    return wasBilled;
  });
}

/** Chooses whom a client bills: one of its contacts, or itself (0). Throws not-found `contact-not-found`. */
export async function chooseBillingContact(
  ctx: Context,
  actor: Actor,
  clientId: number,
  contactId: number,
): Promise<void> {
  await ctx.transaction(async (tx) => {
    await holdClient(tx, clientId, 'change'); // else the contact could be deleted between the look and the choice
    if (contactId !== 0) await contactOf(tx, clientId, contactId);
    await changeClient(tx, actor, clientId, { billingContactId: contactId });
  });
}

/** The contact of this id, of whichever client. */
export async function findContact(ctx: Context, id: number): Promise<Contact | undefined> {
  const row = await findContactRow(ctx, id);
  return row && contactFrom(row);
}

/** The contact of this id of this client. One of another client is not there: throws not-found `contact-not-found`. */
export async function contactOf(ctx: Context, clientId: number, id: number): Promise<Contact> {
  const contact = await findContact(ctx, id);
  if (contact?.clientId !== clientId) throw notFound('contact-not-found');
  return contact;
}

/** A page of a client's contacts, in the order in which they were added. */
export async function pageOfContacts(
  ctx: Context,
  clientId: number,
  place: KeysetPlace,
  size: number,
): Promise<KeysetPage<Contact>> {
  const read = (await contactRowsOf(ctx, clientId, { ...place, limit: size + 1 })).map(contactFrom);
  return keysetPage(place.before === undefined ? read : read.reverse(), size, place);
}

/** Every contact of a client; there are at most MOST_CONTACTS. */
export async function contactsOf(ctx: Context, clientId: number): Promise<Contact[]> {
  return (await contactRowsOf(ctx, clientId, { limit: MOST_CONTACTS })).map(contactFrom);
}

/** What contacts are looked for by; texts are whole. */
export type ContactFilter = {
  readonly clientId?: number;
} & Partial<Omit<ClientProfile, 'taxId'>>;

/**
 * A slice of the contacts of all clients, by id, and how long the list is: exact up to COUNT_CAP, above it at least one more
 * than the slice reaches to, so that whoever asks on until it is reached sees every contact.
 */
export async function sliceOfContacts(
  ctx: Context,
  filter: ContactFilter,
  slice: { readonly skip: number; readonly limit: number },
): Promise<{ readonly contacts: readonly Contact[]; readonly total: number }> {
  const onePast = { skip: slice.skip, limit: slice.limit + 1 };
  const { rows, count } = await sliceContactRows(ctx, searchOf(filter), onePast, COUNT_CAP + 1);
  const shown = rows.slice(0, slice.limit);
  const reached = slice.skip + rows.length;
  return { contacts: shown.map(contactFrom), total: count <= COUNT_CAP ? count : Math.max(count, reached) };
}

/** Whether somebody else than the account itself gets its letters about domains; `without` is left out of account. */
export async function contactsTakeDomainLetters(ctx: Context, clientId: number, without?: number): Promise<boolean> {
  return (await contactsOf(ctx, clientId)).some((one) => one.id !== without && takesDomains(one));
}

/** How a contact is called: the person, else the company, else the address, else its number. */
export function contactName(
  contact: Pick<Contact, 'firstName' | 'lastName' | 'companyName' | 'email'> & { readonly id: number },
): string {
  const person = `${contact.firstName} ${contact.lastName}`.trim();
  return person || contact.companyName.trim() || contact.email || `#${contact.id}`;
}

/** Letters need an address: a tick alone reaches nobody. */
function takesDomains(contact: Pick<Contact, 'email' | 'emailPreferences'>): boolean {
  return contact.emailPreferences.domain && contact.email !== '';
}

/** At least one address must go on getting letters about domains (behaviours.md 1.12). */
async function requireDomainLetters(tx: Context, client: Client, without: number): Promise<void> {
  if (client.emailPreferences.domain) return;
  if (await contactsTakeDomainLetters(tx, client.id, without)) return;
  throw invalid({ emailPreferences: 'contact-domain-letters-needed' });
}

async function addressTaken(tx: Context, clientId: number, email: string, but: number | undefined): Promise<boolean> {
  if (email.trim() === '') return false;
  const found = await findContactRowByEmail(tx, clientId, email);
  return found !== undefined && found.id !== but;
}

/** What the operator's modules have against a new contact. Answers the country of the client that it was read in the light of. */
async function askAboutNew(
  ctx: Context,
  actor: Actor,
  clientId: number,
  given: ContactChange,
): Promise<{ readonly country: string } | undefined> {
  if (!checksDetails(ctx, 'contactDetails')) return undefined;
  const client = await clientOf(ctx, clientId);
  const typed = { ...EMPTY_PROFILE, ...profileOf(given) };
  if (Object.keys(faultsOf(typed, client, [])).length > 0) return client; // refused by our own rules
  const [by, profile] = [filledInBy(actor), kept(typed, client)];
  await requireAcceptedContact(ctx, { by, clientId, contactId: undefined, profile, changed: DETAIL_FIELDS });
  return client;
}

/** What they have against a change of one; ticks for letters alone are no matter of theirs. Answers what it was judged by. */
async function askAboutChange(
  ctx: Context,
  actor: Actor,
  of: { readonly clientId: number; readonly id: number },
  change: ContactChange,
): Promise<{ readonly country: string; readonly profile: ClientProfile } | undefined> {
  if (!checksDetails(ctx, 'contactDetails')) return undefined;
  const client = await clientOf(ctx, of.clientId);
  const before = await contactOf(ctx, of.clientId, of.id);
  const seen = { country: client.country, profile: before };
  const typed = { ...profileOf(before), ...profileOf(change) };
  const profile = kept(typed, client);
  const changed = changedDetails(before, profile);
  if (changed.length === 0) return seen;
  const faults = faultsOf(typed, client, []);
  if (changed.some((field) => faults[field] !== undefined)) return seen; // likewise
  await requireAcceptedContact(ctx, {
    by: filledInBy(actor),
    clientId: of.clientId,
    contactId: of.id,
    profile,
    changed,
  });
  return seen;
}

/** A contact's profile as it would be stored: a number without a country of its own is read in the light of the client's. */
function kept(profile: ClientProfile, client: Client): ClientProfile {
  return { ...asStored({ ...profile, country: profile.country || client.country }), country: profile.country };
}

/** A number without a country of its own is read in the light of the client's. */
function faultsOf(profile: ClientProfile, client: Client, required: readonly string[]): Record<string, string> {
  return {
    ...detailFaults({ ...profile, country: profile.country || client.country }, required),
    ...(profile.country !== '' && detailFaults(profile, [])['country'] ? { country: 'country-invalid' } : {}),
  };
}

function columnsOf(profile: ClientProfile, client: Client, preferences: EmailPreferences) {
  return {
    ...profileColumns({ ...profile, country: profile.country || client.country }),
    country: profile.country,
    email_preferences: JSON.stringify(inOrder(preferences)),
  };
}

function inOrder(preferences: EmailPreferences): EmailPreferences {
  return {
    general: preferences.general,
    invoice: preferences.invoice,
    support: preferences.support,
    product: preferences.product,
    domain: preferences.domain,
    affiliate: preferences.affiliate,
  };
}

const PROFILE_FIELDS = Object.keys(EMPTY_PROFILE) as (keyof ClientProfile)[]; // the keys of a plain object of this type

/** The profile fields that are there; nothing else can get in. */
function profileOf<Given extends ContactChange>(given: Given): Pick<Given, keyof ClientProfile & keyof Given> {
  const there = PROFILE_FIELDS.filter((field) => given[field] !== undefined);
  return Object.fromEntries(there.map((field) => [field, given[field]])) as Pick<
    Given,
    keyof ClientProfile & keyof Given
  >; // picked by name
}

function textOf(contact: Contact, field: string): string {
  return contact[field as keyof ClientProfile];
}

function changesBetween(before: Contact, after: Contact): Record<string, { before: unknown; after: unknown }> {
  const changed: Record<string, { before: unknown; after: unknown }> = {};
  for (const field of PROFILE_FIELDS)
    if (before[field] !== after[field]) changed[field] = { before: before[field], after: after[field] };
  for (const kind of EMAIL_CATEGORIES) {
    const [was, is] = [before.emailPreferences[kind], after.emailPreferences[kind]];
    if (was !== is) changed[`emailPreferences.${kind}`] = { before: was, after: is };
  }
  return changed;
}

function searchOf(filter: ContactFilter): ContactSearch {
  const given: [keyof ContactSearch, string | number | undefined][] = [
    ['client_id', filter.clientId],
    ['first_key', keyOf(filter.firstName)],
    ['last_key', keyOf(filter.lastName)],
    ['company_key', keyOf(filter.companyName)],
    ['email_key', keyOf(filter.email)],
    ['address1', filter.address1],
    ['address2', filter.address2],
    ['city', filter.city],
    ['state', filter.state],
    ['postcode', filter.postcode],
    ['country', filter.country],
    ['phone_number', filter.phoneNumber],
  ];
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function keyOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : comparable(text);
}

function rowLike(contact: Contact): ContactRow {
  return {
    id: contact.id,
    client_id: contact.clientId,
    ...profileColumns(contact),
    first_key: '',
    last_key: '',
    company_key: '',
    email_key: '',
    email_preferences: JSON.stringify(contact.emailPreferences),
    created_at: contact.createdAt,
    updated_at: contact.updatedAt,
  };
}

function contactFrom(row: ContactRow): Contact {
  return {
    id: row.id,
    clientId: row.client_id,
    firstName: row.first_name,
    lastName: row.last_name,
    companyName: row.company_name,
    email: row.email,
    address1: row.address1,
    address2: row.address2,
    city: row.city,
    state: row.state,
    postcode: row.postcode,
    country: row.country,
    phoneNumber: row.phone_number,
    taxId: row.tax_id,
    emailPreferences: JSON.parse(row.email_preferences) as EmailPreferences, // written by this file
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

// How a client looks on the wire: the short form of lists, and the long one of GetClientsDetails with the names, types and
// double entries that integrations have come to rely on.

import { wireInstant } from '#api/dialect/instants.ts';
import type { AnswerMap } from '#api/dialect/out.ts';
import type { Member } from '#domain/access/members.ts';
import { countryOf } from '#domain/clients/client-profile.ts';
import type { Client } from '#domain/clients/clients.ts';
import type { Currency } from '#domain/clients/currencies.ts';
import type { EmailPreferences } from '#domain/clients/email-preferences.ts';
import { EMAIL_CATEGORIES } from '#domain/clients/email-preferences.ts';
import { amountOf } from '#domain/credit/credit.ts';
import type { FieldValue } from '#domain/fields/field-values.ts';
import type { User } from '#domain/users/users.ts';
import { nameOf } from '#domain/users/users.ts';
import { phoneParts, storedPhone } from '#kit/phone.ts';

/** A client in a list. */
export function clientLine(client: Client): AnswerMap {
  return {
    id: client.id,
    firstname: client.firstName,
    lastname: client.lastName,
    companyname: client.companyName,
    email: client.email,
    datecreated: wireInstant(client.createdAt).slice(0, 10),
    groupid: client.groupId,
    status: client.status,
  };
}

/**
 * Everything about a client but its statistics. `people`: its users, the owner first; `currency`: the client's own; `fields`:
 * its custom fields, of which a password is never said: its value is empty.
 */
export function clientDetails(
  client: Client,
  people: readonly { readonly user: User; readonly member: Member }[],
  currency: Currency,
  fields: readonly FieldValue[] = [],
): AnswerMap {
  const owner = people.find(({ member }) => member.isOwner)?.user;
  return {
    client_id: client.id,
    owner_user_id: owner?.id ?? 0,
    userid: client.id,
    id: client.id,
    uuid: client.uuid,
    firstname: client.firstName,
    lastname: client.lastName,
    fullname: `${client.firstName} ${client.lastName}`.trim(),
    companyname: client.companyName,
    email: client.email,
    ...address(client),
    email_preferences: preferences(client.emailPreferences),
    statecode: client.state,
    countryname: countryOf(client),
    ...phone(client),
    billingcid: client.billingContactId,
    notes: client.notes,
    currency: client.currencyId,
    defaultgateway: client.defaultGateway,
    groupid: client.groupId,
    status: client.status,
    credit: amountOf(client.creditMinor),
    ...switches(client),
    email_verified: owner?.emailVerifiedAt !== undefined,
    language: client.language,
    isOptedInToMarketingEmails: client.marketingOptIn,
    lastlogin: lastLogin(owner),
    currency_code: currency.code,
    ...customFields(fields),
    users: { user: people.map(person) },
  };
}

/**
 * The statistics of a client. Everything that the store would count is nought until there is a store; the credit is the
 * client's own.
 */
export function clientStatistics(client: Client, currency: Currency): AnswerMap {
  const nothing = amountWithSigns(0, currency);
  return {
    numdueinvoices: 0,
    dueinvoicesbalance: nothing,
    incredit: client.creditMinor > 0,
    creditbalance: amountWithSigns(client.creditMinor, currency),
    grossRevenue: nothing,
    expenses: nothing,
    income: nothing,
    numoverdueinvoices: 0,
    overdueinvoicesbalance: nothing,
    numDraftInvoices: 0,
    draftInvoicesBalance: nothing,
    numunpaidinvoices: 0,
    unpaidinvoicesamount: nothing,
    numpaidinvoices: 0,
    paidinvoicesamount: nothing,
    numcancelledinvoices: 0,
    cancelledinvoicesamount: nothing,
    numrefundedinvoices: 0,
    refundedinvoicesamount: nothing,
    numcollectionsinvoices: 0,
    collectionsinvoicesamount: nothing,
    numpaymentpendinginvoices: 0,
    paymentpendinginvoicesamount: nothing,
    productsnumactivehosting: 0,
    productsnumhosting: 0,
    productsnumactivereseller: 0,
    productsnumreseller: 0,
    productsnumactiveservers: 0,
    productsnumservers: 0,
    productsnumactiveother: 0,
    productsnumother: 0,
    productsnumactive: 0,
    productsnumtotal: 0,
    numactivedomains: 0,
    numdomains: 0,
    numacceptedquotes: 0,
    numquotes: 0,
    numtickets: 0,
    numactivetickets: 0,
    numaffiliatesignups: 0,
    isAffiliate: false,
  };
}

/** An amount with the signs of its currency, `$12.34 USD`: two decimals in every currency, as the wire has it. */
export function amountWithSigns(minor: number, currency: Currency): string {
  return `${currency.prefix}${amountOf(minor)}${currency.suffix}`;
}

// Once as a list with ids, and once more as customfields1, customfields2 and so on, in the same order.
function customFields(fields: readonly FieldValue[]): AnswerMap {
  return {
    customfields: fields.map(({ field, text }) => ({ id: field.id, value: text })),
    ...Object.fromEntries(fields.map(({ text }, at) => [`customfields${at + 1}`, text])),
  };
}

function address(client: Client): AnswerMap {
  return {
    address1: client.address1,
    address2: client.address2,
    city: client.city,
    fullstate: client.state,
    state: client.state,
    postcode: client.postcode,
    countrycode: client.country,
    country: client.country,
    phonenumber: phoneToSendBack(client),
    tax_id: client.taxId,
  };
}

// Without the country's code where the client's country gives the same again, so that a program can send back what it
// read; a number from elsewhere keeps its code.
function phoneToSendBack({ phoneNumber, country }: Client): string {
  const { number } = phoneParts(phoneNumber);
  return storedPhone(number, country) === phoneNumber ? number : phoneNumber;
}

function phone({ phoneNumber }: Client): AnswerMap {
  return {
    phonecc: phoneParts(phoneNumber).countryCode,
    phonenumberformatted: phoneNumber,
    telephoneNumber: phoneNumber,
  };
}

function preferences(chosen: EmailPreferences): AnswerMap {
  return Object.fromEntries(EMAIL_CATEGORIES.map((name) => [name, chosen[name] ? '1' : '0']));
}

// The first two are misspelt on the wire.
function switches(client: Client): AnswerMap {
  return {
    taxexempt: client.taxExempt,
    latefeeoveride: client.lateFeeOverride,
    overideduenotices: client.overrideDueNotices,
    separateinvoices: client.separateInvoices,
    disableautocc: client.disableAutoCc,
    emailoptout: !client.marketingOptIn,
    marketing_emails_opt_in: client.marketingOptIn,
    overrideautoclose: client.overrideAutoClose,
    allowSingleSignOn: client.allowSso ? 1 : 0,
  };
}

// One text with line breaks of HTML, in UTC. No name is looked up for the address: that would ask a stranger's server.
function lastLogin(owner: User | undefined): string {
  if (owner?.lastLoginAt === undefined) return 'No Login Logged';
  const [, year, month, day, time] = /^(\d+)-(\d+)-(\d+) (\d+:\d+)/.exec(wireInstant(owner.lastLoginAt)) ?? [];
  const ip = owner.lastLoginIp ?? '';
  return `Date: ${day}/${month}/${year} ${time}<br>IP Address: ${ip}<br>Host: ${ip}`;
}

function person({ user, member }: { readonly user: User; readonly member: Member }): AnswerMap {
  return { id: user.id, name: nameOf(user), email: user.email, is_owner: member.isOwner };
}

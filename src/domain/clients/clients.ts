// Client accounts: the billable party. People reach them through `access`.

import type { Actor } from '#domain/audit/actor.ts';
import { audit, forgetClientInLog } from '#domain/audit/audit.ts';
import {
  clientBillingContactChosen,
  clientDomainLettersOff,
  clientMarketingChanged,
} from '#domain/clients/choices.events.ts';
import {
  clientClosed,
  clientCreated,
  clientDeleted,
  clientStatusChanged,
  clientUpdated,
} from '#domain/clients/clients.events.ts';
import { optionalFields } from '#domain/clients/clients.settings.ts';
import type { ClientRow, ClientStatus, CurrencyRow, GroupRow } from '#domain/clients/clients.table.ts';
import {
  clientRows,
  currencyRows,
  deleteClientRow,
  findClientRow,
  findClientRowByEmail,
  groupRows,
  insertClient,
  lockClientRow,
  lockGroupRow,
  moveCreditRow,
  putClientRow,
  setBillingContactRow,
  setMarketingRow,
  takeClientRow,
  updateClientRow,
} from '#domain/clients/clients.table.ts';
import { requireAllowedAddress } from '#domain/guard/banned-emails.ts';
import { forgetLettersOf } from '#domain/mail/outbox.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { countryName, isCountry } from '#kit/countries.ts';
import { seconds } from '#kit/duration.ts';
import { storedPhone } from '#kit/phone.ts';
import { invalid, notFound } from '#kit/problem.ts';
import { newUuid } from '#kit/secret.ts';
import { comparable, isMailAddress, manyLines, oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

export type { ClientStatus } from '#domain/clients/clients.table.ts';

/** The statuses, in the order they are shown. */
export const CLIENT_STATUSES: readonly ClientStatus[] = ['Active', 'Inactive', 'Closed'];

/** The kinds of letters that an account may switch off (behaviours.md 1.12). */
export const EMAIL_CATEGORIES = ['general', 'invoice', 'support', 'product', 'domain', 'affiliate'] as const;
/** Which kinds of letters an account gets. */
export type EmailPreferences = Readonly<Record<(typeof EMAIL_CATEGORIES)[number], boolean>>;

/** The fields that a person fills in. */
export type ClientProfile = {
  readonly firstName: string;
  readonly lastName: string;
  readonly companyName: string;
  readonly email: string;
  readonly address1: string;
  readonly address2: string;
  readonly city: string;
  readonly state: string;
  readonly postcode: string;
  readonly country: string;
  readonly phoneNumber: string;
  readonly taxId: string;
};

/** The switches and choices of staff (behaviours.md 1.3). */
export type ClientSwitches = {
  readonly language: string;
  readonly currencyId: number;
  readonly groupId: number;
  readonly defaultGateway: string;
  readonly billingContactId: number;
  readonly notes: string;
  readonly status: ClientStatus;
  readonly taxExempt: boolean;
  readonly lateFeeOverride: boolean;
  readonly overrideDueNotices: boolean;
  readonly separateInvoices: boolean;
  readonly disableAutoCc: boolean;
  readonly overrideAutoClose: boolean;
  readonly allowSso: boolean;
  readonly marketingOptIn: boolean;
  readonly emailPreferences: EmailPreferences;
};

/** A client account. Money is in minor units of its currency. */
export type Client = ClientProfile &
  ClientSwitches & {
    readonly id: number;
    readonly uuid: string;
    readonly creditMinor: number;
    readonly signupIp: string;
    readonly createdAt: number;
    readonly updatedAt: number;
    readonly closedAt: number | undefined;
  };

/** A group of clients. */
export type ClientGroup = {
  readonly id: number;
  readonly name: string;
  readonly colour: string;
  readonly discountPercent: string;
  readonly suspendExempt: boolean;
  readonly separateInvoices: boolean;
};

/** A currency. */
export type Currency = {
  readonly id: number;
  readonly code: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly isDefault: boolean;
  /** WHMCS's number for how amounts are written; 1 is 1234.56. */
  readonly format: number;
  /** How much of it one of the default currency is, as a decimal text. */
  readonly rate: string;
};

const REQUIRED: readonly [keyof ClientProfile, string][] = [
  ['firstName', 'first-name-missing'],
  ['lastName', 'last-name-missing'],
  ['email', 'email-missing'],
  ['address1', 'address1-missing'],
  ['city', 'city-missing'],
  ['state', 'state-missing'],
  ['postcode', 'postcode-missing'],
  ['country', 'country-invalid'],
  ['phoneNumber', 'phone-missing'],
];

/** The profile fields that must be filled in, given the optional ones of the settings. */
export async function requiredFields(ctx: Context): Promise<readonly (keyof ClientProfile)[]> {
  const optional = await settingOf(ctx, optionalFields);
  return REQUIRED.map(([field]) => field).filter((field) => !optional.includes(field));
}

/**
 * The faults of a profile by field, in the order WHMCS reports them. `lenient` (skipvalidation) asks only for an
 * address; what is given must fit all the same.
 */
export async function profileFaults(
  ctx: Context,
  profile: ClientProfile,
  lenient = false,
): Promise<Record<string, string>> {
  return detailFaults(profile, lenient ? ['email'] : await requiredFields(ctx));
}

/** The faults of names, addresses and numbers, of a client or of a contact: what is missing, and what is given and does not fit. */
export function detailFaults(profile: ClientProfile, required: readonly string[]): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const [field, code] of REQUIRED) {
    if (oneLine(profile[field]) === '') {
      if (required.includes(field)) faults[field] = code;
    } else if (field === 'email' && !isMailAddress(profile.email.trim())) faults['email'] = 'email-invalid';
    else if (field === 'country' && !isCountry(profile.country)) faults['country'] = 'country-invalid';
    else if (field === 'phoneNumber' && !storedPhone(profile.phoneNumber, profile.country))
      faults['phoneNumber'] = 'phone-invalid';
  }
  for (const [field, value] of Object.entries(profileOf(profile))) {
    if (value.length > 255 && !faults[field]) faults[field] = 'too-long';
  }
  return faults;
}

/** Makes a client account without any people; `signup` adds the owner in the same transaction. Throws invalid by field. */
export async function addClient(
  tx: Context,
  actor: Actor,
  given: ClientProfile & Partial<ClientSwitches>,
  options: { readonly lenient?: boolean; readonly signupIp?: string } = {},
): Promise<number> {
  const faults = await profileFaults(tx, given, options.lenient);
  if (Object.keys(faults).length > 0) throw invalid(faults);
  const currencies = await currencyRows(tx);
  const currency =
    given.currencyId === undefined
      ? currencies.find((one) => one.is_default === 1)
      : currencies.find((one) => one.id === given.currencyId);
  if (!currency) throw invalid({ currency: 'currency-not-found' });
  await checkGroup(tx, given.groupId);
  const id = await insertClient(tx, {
    uuid: newUuid(),
    ...profileColumns(given),
    language: given.language ?? '',
    currency_id: currency.id,
    group_id: given.groupId ?? 0,
    default_gateway: given.defaultGateway ?? '',
    billing_contact_id: 0, // it has no contacts yet
    notes: manyLines(given.notes ?? ''),
    status: given.status ?? 'Active',
    credit_minor: 0,
    tax_exempt: Number(given.taxExempt ?? false),
    late_fee_override: Number(given.lateFeeOverride ?? false),
    override_due_notices: Number(given.overrideDueNotices ?? false),
    separate_invoices: Number(given.separateInvoices ?? false),
    disable_auto_cc: Number(given.disableAutoCc ?? false),
    override_auto_close: Number(given.overrideAutoClose ?? false),
    allow_sso: Number(given.allowSso ?? true),
    marketing_opt_in: Number(given.marketingOptIn ?? false),
    email_preferences: JSON.stringify(given.emailPreferences ?? allPreferences()),
    signup_ip: options.signupIp ?? actor.ip,
    created_at: tx.now(),
    updated_at: tx.now(),
    closed_at: null,
  });
  await audit(tx, actor, {
    event: 'client.created',
    description: `The client ${displayName(given)} was created`,
    clientId: id,
  });
  await tx.bus.announce(tx, clientCreated, { clientId: id });
  if (given.marketingOptIn)
    await tx.bus.announce(tx, clientMarketingChanged, {
      clientId: id,
      address: given.email.trim(),
      optedIn: true,
      actor,
      isNew: true,
    });
  return id;
}

/** What may be changed of a client. Absent stays. */
export type ClientChange = Partial<ClientProfile & ClientSwitches>;

/** Changes a client. Throws not-found, or invalid by field. Answers the names of the fields that really changed. */
export async function changeClient(
  ctx: Context,
  actor: Actor,
  id: number,
  change: ClientChange,
  options: { readonly lenient?: boolean } = {},
): Promise<string[]> {
  if (change.email !== undefined) await requireAllowedMove(ctx, id, change.email);
  return ctx.transaction(async (tx) => {
    const before = await holdClient(tx, id, 'change'); // else a profile saved meanwhile could open a closed account again
    const after: Client = { ...before, ...definedOnly(change) };
    // An account that was taken over with gaps may keep them: only what is touched is checked.
    const faults = Object.entries(await profileFaults(tx, profileOf(after), options.lenient)).filter(
      ([field]) =>
        Object.hasOwn(definedOnly(change), field) && after[field as keyof Client] !== before[field as keyof Client],
    );
    if (faults.length > 0) throw invalid(Object.fromEntries(faults));
    if (change.groupId !== undefined && change.groupId !== before.groupId) await checkGroup(tx, change.groupId);
    if (!(await currencyRows(tx)).some((one) => one.id === after.currencyId))
      throw invalid({ currency: 'currency-not-found' });
    const columns = changeColumns(after);
    const changed = changedFields(before, after);
    if (Object.keys(changed).length === 0) return [];
    const closed = after.status === 'Closed' ? (before.closedAt ?? tx.now()) : null;
    await updateClientRow(tx, id, { ...columns, closed_at: closed }, columns);
    await audit(tx, actor, {
      event: before.status === after.status ? 'client.updated' : 'client.status_changed',
      description: `The client ${displayName(after)} was changed: ${Object.keys(changed).join(', ')}`,
      clientId: id,
      details: changed,
    });
    await announceChange(tx, before, after, Object.keys(changed));
    await announceChoices(tx, actor, before, after);
    return Object.keys(changed);
  });
}

async function announceChange(tx: Context, before: Client, after: Client, fields: readonly string[]): Promise<void> {
  const clientId = after.id;
  await tx.bus.announce(tx, clientUpdated, { clientId, fields });
  if (before.status === after.status) return;
  await tx.bus.announce(tx, clientStatusChanged, { clientId, before: before.status, after: after.status });
  if (after.status === 'Closed') await tx.bus.announce(tx, clientClosed, { clientId });
}

/** Refuses to move to an address that nobody may come in with. Asked outside of a transaction, so that the refusal is counted. */
export async function requireAllowedMove(ctx: Context, id: number, email: string): Promise<void> {
  const before = await findClientRow(ctx, id);
  if (before && comparable(before.email) !== comparable(email)) await requireAllowedAddress(ctx, email);
}

/** Tells the topics below of choices whose rules are theirs; they may refuse, and nothing was changed. */
async function announceChoices(tx: Context, actor: Actor, before: Client, after: Client): Promise<void> {
  const { id: clientId, billingContactId: contactId } = after;
  if (before.emailPreferences.domain && !after.emailPreferences.domain)
    await tx.bus.announce(tx, clientDomainLettersOff, { clientId });
  if (contactId !== 0 && contactId !== before.billingContactId)
    await tx.bus.announce(tx, clientBillingContactChosen, { clientId, contactId });
  if (before.marketingOptIn !== after.marketingOptIn)
    await tx.bus.announce(tx, clientMarketingChanged, {
      clientId,
      address: after.email,
      optedIn: after.marketingOptIn,
      actor,
      isNew: false,
    });
}

/**
 * Moves a client from one status to another for a rule of ours, unless it has another status meanwhile or staff exempted it.
 * Answers whether it moved.
 */
export async function moveStatus(
  ctx: Context,
  actor: Actor,
  id: number,
  from: ClientStatus,
  to: Exclude<ClientStatus, 'Closed'>,
): Promise<boolean> {
  return ctx.transaction(async (tx) => {
    const row = await lockClientRow(tx, id, 'change');
    if (row?.status !== from || row.override_auto_close === 1) return false;
    const before = clientFrom(row);
    await updateClientRow(tx, id, { status: to }, changeColumns(before));
    await audit(tx, actor, {
      event: 'client.status_changed',
      description: `The client ${displayName(before)} became ${to}`,
      clientId: id,
      details: { status: { before: from, after: to } },
    });
    await tx.bus.announce(tx, clientStatusChanged, { clientId: id, before: from, after: to });
    return true;
  });
}

/** Closes a client: its people can look, but no longer act (behaviours.md 1.4, 1.5; section 15, number 16). */
export async function closeClient(ctx: Context, actor: Actor, id: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const before = await holdClient(tx, id, 'change');
    if (before.status === 'Closed') return;
    const columns = changeColumns({ ...before, status: 'Closed' });
    await updateClientRow(tx, id, { ...columns, closed_at: tx.now() }, columns);
    await audit(tx, actor, {
      event: 'client.closed',
      description: `The client ${displayName(before)} was closed`,
      clientId: id,
    });
    await tx.bus.announce(tx, clientStatusChanged, { clientId: id, before: before.status, after: 'Closed' });
    await tx.bus.announce(tx, clientClosed, { clientId: id });
  });
}

/**
 * Removes a client's own record and with it everything about the person (behaviours.md 1.5): contacts, notes, files, consent
 * and alerts go with the row, its letters are deleted, and the log forgets names and values but not what happened. The
 * credit log stays. `access` has taken its people away before, in the same transaction.
 */
export async function removeClient(tx: Context, actor: Actor, id: number): Promise<void> {
  if (!(await deleteClientRow(tx, id))) throw notFound('client-not-found');
  await forgetLettersOf(tx, id);
  await forgetClientInLog(tx, id);
  await audit(tx, actor, { event: 'client.deleted', description: `The client number ${id} was deleted`, clientId: id });
  await tx.bus.announce(tx, clientDeleted, { clientId: id });
}

/**
 * Adds to a client's balance, or takes from it, in one statement, so that of any number at once none is lost. Only `credit`
 * calls this, with its entry in the same transaction. Answers undefined when there is no such client, or the balance would
 * fall below zero or rise above `most`.
 */
export async function moveCredit(
  tx: Context,
  id: number,
  deltaMinor: number,
  most: number,
): Promise<{ readonly creditMinor: number; readonly currencyId: number } | undefined> {
  const moved = await moveCreditRow(tx, id, deltaMinor, most);
  return moved && { creditMinor: moved.credit_minor, currencyId: moved.currency_id };
}

/** Turns marketing letters on or off. Only `consent` calls this, with its line in the same transaction. */
export async function setMarketing(tx: Context, id: number, optedIn: boolean): Promise<void> {
  await setMarketingRow(tx, id, optedIn);
}

/**
 * Takes an account out of the clients, so that nothing can come upon it, and answers it for `bringClientBack`. Whatever
 * belongs to it has to be elsewhere before: the rest goes with it. Only `merging` calls this. Throws not-found.
 */
export async function takeClientAway(tx: Context, id: number): Promise<string> {
  const row = await takeClientRow(tx, id);
  if (!row) throw notFound('client-not-found');
  return JSON.stringify(row);
}

/** Brings an account back that was taken away, as it was; without its group where that is gone. Only `merging` calls this. */
export async function bringClientBack(tx: Context, taken: string): Promise<Client> {
  const row = JSON.parse(taken) as ClientRow; // written by takeClientAway
  const hasGroup = row.group_id === 0 || (await lockGroupRow(tx, row.group_id, 'keep')) !== undefined;
  const back = { ...row, group_id: hasGroup ? row.group_id : 0 };
  await putClientRow(tx, back);
  return clientFrom(back);
}

/** Takes the billing contact off an account when it is this one. Only `contacts` calls this. */
export async function resetBillingContact(tx: Context, id: number, contactId: number): Promise<boolean> {
  return setBillingContactRow(tx, id, contactId, 0);
}

/** The client of this id, if any. */
export async function findClient(ctx: Context, id: number): Promise<Client | undefined> {
  const row = await findClientRow(ctx, id);
  return row && clientFrom(row);
}

/** The client of this id. Throws not-found `client-not-found`. */
export async function clientOf(ctx: Context, id: number): Promise<Client> {
  const client = await findClient(ctx, id);
  if (!client) throw notFound('client-not-found');
  return client;
}

/**
 * The client of this id, held until the transaction ends: `keep` against its removal, `change` against another change,
 * `remove` also against people who would be given access. Throws not-found `client-not-found`.
 */
export async function holdClient(tx: Context, id: number, strength: 'keep' | 'change' | 'remove'): Promise<Client> {
  const row = await lockClientRow(tx, id, strength);
  if (!row) throw notFound('client-not-found');
  return clientFrom(row);
}

/** The oldest client of an address. */
export async function findClientByEmail(ctx: Context, email: string): Promise<Client | undefined> {
  const row = await findClientRowByEmail(ctx, email);
  return row && clientFrom(row);
}

/** The clients of these ids, by id. */
export async function clientsOf(ctx: Context, ids: readonly number[]): Promise<Map<number, Client>> {
  return new Map((await clientRows(ctx, ids)).map((row) => [row.id, clientFrom(row)]));
}

/** Every group. */
export async function listGroups(ctx: Context): Promise<ClientGroup[]> {
  return (await groupRows(ctx)).map((row: GroupRow) => ({
    id: row.id,
    name: row.name,
    colour: row.colour,
    discountPercent: row.discount_percent,
    suspendExempt: row.suspend_exempt === 1,
    separateInvoices: row.separate_invoices === 1,
  }));
}

const CURRENCIES = 'currencies';
const AGE = seconds(1);

/** Every currency, as it was stored at most a second ago: each answer about a client asks, and they hardly ever change. */
export async function listCurrencies(ctx: Context): Promise<readonly Currency[]> {
  const now = ctx.now();
  return (
    ctx.snapshots.known<readonly Currency[]>(CURRENCIES, now, AGE) ??
    ctx.snapshots.get(CURRENCIES, now, AGE, async () => (await currencyRows(ctx)).map(currencyFrom))
  );
}

function currencyFrom(row: CurrencyRow): Currency {
  return {
    id: row.id,
    code: row.code,
    prefix: row.prefix,
    suffix: row.suffix,
    isDefault: row.is_default === 1,
    format: row.format,
    rate: row.rate,
  };
}

/** How an account is called: the company, else the person. */
export function displayName(client: Pick<ClientProfile, 'firstName' | 'lastName' | 'companyName' | 'email'>): string {
  return client.companyName.trim() || `${client.firstName} ${client.lastName}`.trim() || client.email;
}

/** The country of a client in words. */
export function countryOf(client: ClientProfile, language = 'en'): string {
  return countryName(client.country, language);
}

function profileOf(client: ClientProfile): ClientProfile {
  const {
    firstName,
    lastName,
    companyName,
    email,
    address1,
    address2,
    city,
    state,
    postcode,
    country,
    phoneNumber,
    taxId,
  } = client;
  return {
    firstName,
    lastName,
    companyName,
    email,
    address1,
    address2,
    city,
    state,
    postcode,
    country,
    phoneNumber,
    taxId,
  };
}

/** How a profile is kept, of a client or of a contact: texts cleaned, the number as `+cc.number`. */
export function profileColumns(profile: ClientProfile) {
  return {
    first_name: oneLine(profile.firstName),
    last_name: oneLine(profile.lastName),
    company_name: oneLine(profile.companyName),
    email: profile.email.trim(),
    address1: oneLine(profile.address1),
    address2: oneLine(profile.address2),
    city: oneLine(profile.city),
    state: oneLine(profile.state),
    postcode: oneLine(profile.postcode),
    country: profile.country,
    phone_number: storedPhone(profile.phoneNumber, profile.country) ?? oneLine(profile.phoneNumber),
    tax_id: oneLine(profile.taxId),
  };
}

function changeColumns(client: Client) {
  return {
    ...profileColumns(client),
    language: client.language,
    currency_id: client.currencyId,
    group_id: client.groupId,
    default_gateway: client.defaultGateway,
    billing_contact_id: client.billingContactId,
    notes: manyLines(client.notes),
    status: client.status,
    tax_exempt: Number(client.taxExempt),
    late_fee_override: Number(client.lateFeeOverride),
    override_due_notices: Number(client.overrideDueNotices),
    separate_invoices: Number(client.separateInvoices),
    disable_auto_cc: Number(client.disableAutoCc),
    override_auto_close: Number(client.overrideAutoClose),
    allow_sso: Number(client.allowSso),
    marketing_opt_in: Number(client.marketingOptIn),
    email_preferences: JSON.stringify(client.emailPreferences),
  };
}

function changedFields(before: Client, after: Client): Record<string, { before: unknown; after: unknown }> {
  const stored = clientFrom({ ...rowLike(before), ...changeColumns(after) });
  const changed: Record<string, { before: unknown; after: unknown }> = {};
  for (const field of Object.keys(before) as (keyof Client)[]) {
    // keys of a plain object of this type
    if (JSON.stringify(before[field]) !== JSON.stringify(stored[field]))
      changed[field] = { before: before[field], after: stored[field] };
  }
  return changed;
}

function rowLike(client: Client): ClientRow {
  const columns = changeColumns(client);
  return {
    ...columns,
    id: client.id,
    uuid: client.uuid,
    first_key: '',
    last_key: '',
    full_key: '',
    company_key: '',
    email_key: '',
    search_text: '',
    credit_minor: client.creditMinor,
    signup_ip: client.signupIp,
    created_at: client.createdAt,
    updated_at: client.updatedAt,
    closed_at: client.closedAt ?? null,
  };
}

async function checkGroup(tx: Context, groupId: number | undefined): Promise<void> {
  if (groupId === undefined || groupId === 0) return;
  if (!(await lockGroupRow(tx, groupId, 'keep'))) throw invalid({ groupId: 'group-not-found' });
}

function allPreferences(): EmailPreferences {
  return { general: true, invoice: true, support: true, product: true, domain: true, affiliate: true };
}

function definedOnly(change: ClientChange): ClientChange {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

export function clientFrom(row: ClientRow): Client {
  return {
    id: row.id,
    uuid: row.uuid,
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
    language: row.language,
    currencyId: row.currency_id,
    groupId: row.group_id,
    defaultGateway: row.default_gateway,
    billingContactId: row.billing_contact_id,
    notes: row.notes,
    status: row.status,
    creditMinor: row.credit_minor,
    taxExempt: row.tax_exempt === 1,
    lateFeeOverride: row.late_fee_override === 1,
    overrideDueNotices: row.override_due_notices === 1,
    separateInvoices: row.separate_invoices === 1,
    disableAutoCc: row.disable_auto_cc === 1,
    overrideAutoClose: row.override_auto_close === 1,
    allowSso: row.allow_sso === 1,
    marketingOptIn: row.marketing_opt_in === 1,
    emailPreferences: preferencesIn(row.email_preferences),
    signupIp: row.signup_ip,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    closedAt: row.closed_at ?? undefined,
  };
}

const preferences = new Map<string, EmailPreferences>();

/** Six switches have 64 texts; nearly all accounts share one. */
function preferencesIn(text: string): EmailPreferences {
  const known = preferences.get(text);
  if (known) return known;
  const read = Object.freeze(JSON.parse(text) as EmailPreferences); // written by this file
  if (preferences.size < 64) preferences.set(text, read);
  return read;
}

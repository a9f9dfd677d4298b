// Client accounts: the billable party, what one is and how it is found. People reach them through `access`.

import type { ClientProfile } from '#domain/clients/client-profile.ts';
import type { ClientRow, ClientStatus } from '#domain/clients/clients.table.ts';
import { clientRows, findClientRow, findClientRowByEmail, lockClientRow } from '#domain/clients/clients.table.ts';
import type { EmailPreferences } from '#domain/clients/email-preferences.ts';
import { preferencesIn } from '#domain/clients/email-preferences.ts';
import { notFound } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

export type { ClientStatus } from '#domain/clients/clients.table.ts';

/** The statuses, in the order they are shown. */
export const CLIENT_STATUSES: readonly ClientStatus[] = ['Active', 'Inactive', 'Closed'];

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

/** A client account. Money is in hundredths of its currency, whatever coins that has. */
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

/** A client as its row stores it; for this topic's own files, and reads that join its rows. */
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

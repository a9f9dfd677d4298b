// Many accounts at once, for the seed and for importers: their rows in few statements, one line of the log for all of them.

import type { ClientProfile } from '#domain/clients/client-profile.ts';
import { insertClients } from '#domain/clients/clients.table.ts';
import type { ClientStatus } from '#domain/clients/clients.ts';
import { listCurrencies } from '#domain/clients/currencies.ts';
import { EMAIL_CATEGORIES } from '#domain/clients/email-preferences.ts';
import type { Context } from '#src/context.ts';

/** An account as it comes, checked already by whoever brings it. */
export type ClientRecord = {
  readonly uuid: string;
  readonly profile: ClientProfile;
  readonly status: ClientStatus;
  readonly marketingOptIn: boolean;
  readonly createdAt: number;
  readonly closedAt: number | undefined;
};

/**
 * Adds accounts in the default currency, without any people. Answers their ids in the order given. Whoever calls adds the
 * owners and writes the line of the log.
 */
export async function addManyClients(tx: Context, accounts: readonly ClientRecord[]): Promise<number[]> {
  const currency = (await listCurrencies(tx)).find((one) => one.isDefault);
  if (!currency) throw new Error('there is no default currency');
  const made = await insertClients(
    tx,
    accounts.map((one) => ({
      uuid: one.uuid,
      first_name: one.profile.firstName,
      last_name: one.profile.lastName,
      company_name: one.profile.companyName,
      email: one.profile.email,
      address1: one.profile.address1,
      address2: one.profile.address2,
      city: one.profile.city,
      state: one.profile.state,
      postcode: one.profile.postcode,
      country: one.profile.country,
      phone_number: one.profile.phoneNumber,
      tax_id: one.profile.taxId,
      language: '',
      currency_id: currency.id,
      group_id: 0,
      default_gateway: '',
      billing_contact_id: 0,
      notes: '',
      status: one.status,
      credit_minor: 0,
      tax_exempt: 0,
      late_fee_override: 0,
      override_due_notices: 0,
      separate_invoices: 0,
      disable_auto_cc: 0,
      override_auto_close: 0,
      allow_sso: 1,
      marketing_opt_in: Number(one.marketingOptIn),
      email_preferences: EVERY_LETTER,
      signup_ip: '',
      created_at: one.createdAt,
      updated_at: one.createdAt,
      closed_at: one.closedAt ?? null,
    })),
  );
  return accounts.map((one) => {
    const id = made.get(one.uuid);
    if (id === undefined) throw new Error('a client was not stored');
    return id;
  });
}

const EVERY_LETTER = JSON.stringify(Object.fromEntries(EMAIL_CATEGORIES.map((category) => [category, true])));

// What is known of a client and of staff, as the fields of letters.

import type { Administrator } from '#domain/administrators/administrators.ts';
import { countryOf, displayName } from '#domain/clients/client-profile.ts';
import type { Client } from '#domain/clients/clients.ts';
import { listCurrencies } from '#domain/clients/currencies.ts';
import { listGroups } from '#domain/clients/groups.ts';
import { amountOf } from '#domain/credit/credit.ts';
import type { CLIENT_FIELDS, STAFF_FIELDS } from '#domain/mail/merge-fields.ts';
import { dayInWords } from '#domain/mail/merge-fields.ts';
import { languageFor } from '#domain/settings/language-for.ts';
import { nameOf } from '#domain/users/users.ts';
import type { Context } from '#src/context.ts';

type ValuesFor<Fields> = { readonly [Name in keyof Fields]: Fields[Name] extends number ? number : string };

/** The fields of a client, in the client's language. */
export async function clientValues(ctx: Context, client: Client): Promise<ValuesFor<typeof CLIENT_FIELDS>> {
  const language = await languageFor(ctx, client.language);
  const group = (await listGroups(ctx)).find((one) => one.id === client.groupId);
  const currency = (await listCurrencies(ctx)).find((one) => one.id === client.currencyId);
  return {
    client_id: client.id,
    client_name: `${client.firstName} ${client.lastName}`.trim() || displayName(client),
    client_first_name: client.firstName,
    client_last_name: client.lastName,
    client_company_name: client.companyName,
    client_email: client.email,
    client_address1: client.address1,
    client_address2: client.address2,
    client_city: client.city,
    client_state: client.state,
    client_postcode: client.postcode,
    client_country: client.country === '' ? '' : countryOf(client, language.code),
    client_phonenumber: client.phoneNumber,
    client_tax_id: client.taxId,
    client_group_name: group?.name ?? '',
    client_status: client.status,
    client_credit: `${currency?.prefix ?? ''}${amountOf(client.creditMinor)}${currency?.suffix ?? ''}`,
    client_signup_date: dayInWords(client.createdAt, language.code),
    client_language: language.name,
  };
}

/** The fields of a member of staff. */
export function staffValues(staff: Administrator): ValuesFor<typeof STAFF_FIELDS> {
  return {
    admin_name: nameOf(staff),
    admin_first_name: staff.firstName,
    admin_last_name: staff.lastName,
    admin_username: staff.username,
    admin_email: staff.email,
  };
}

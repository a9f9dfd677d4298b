// A new client account, as yet without any people.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { clientMarketingChanged } from '#domain/clients/choices.events.ts';
import type { ClientProfile } from '#domain/clients/client-profile.ts';
import { displayName, profileColumns, profileFaults } from '#domain/clients/client-profile.ts';
import { clientCreated } from '#domain/clients/clients.events.ts';
import { insertClient } from '#domain/clients/clients.table.ts';
import type { ClientSwitches } from '#domain/clients/clients.ts';
import { currencyRows } from '#domain/clients/currencies.table.ts';
import { keepCurrency } from '#domain/clients/currencies.ts';
import { EVERY_LETTER } from '#domain/clients/email-preferences.ts';
import { keepGroup } from '#domain/clients/groups.ts';
import { invalid } from '#kit/problem.ts';
import { newUuid } from '#kit/secret.ts';
import { manyLines } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** Makes a client account without any people; `signup` adds the owner in the same transaction. Throws invalid by field. */
export async function addClient(
  tx: Context,
  actor: Actor,
  given: ClientProfile & Partial<ClientSwitches>,
  options: { readonly lenient?: boolean; readonly signupIp?: string } = {},
): Promise<number> {
  const faults = await profileFaults(tx, given, options.lenient);
  if (Object.keys(faults).length > 0) throw invalid(faults);
  const currencyId = given.currencyId ?? (await currencyRows(tx)).find((one) => one.is_default === 1)?.id ?? 0;
  await keepCurrency(tx, currencyId);
  await keepGroup(tx, given.groupId ?? 0);
  const id = await insertClient(tx, {
    uuid: newUuid(),
    ...profileColumns(given),
    language: given.language ?? '',
    currency_id: currencyId,
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
    email_preferences: JSON.stringify(given.emailPreferences ?? EVERY_LETTER),
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

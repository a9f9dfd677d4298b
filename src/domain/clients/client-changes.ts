// Changing a client account: only what is touched is checked, and only what is another afterwards is told.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import {
  clientBillingContactChosen,
  clientDomainLettersOff,
  clientMarketingChanged,
} from '#domain/clients/choices.events.ts';
import type { ClientProfile } from '#domain/clients/client-profile.ts';
import { displayName, profileColumns, profileFaults, profileOf } from '#domain/clients/client-profile.ts';
import { clientClosed, clientStatusChanged, clientUpdated } from '#domain/clients/clients.events.ts';
import type { ClientRow } from '#domain/clients/clients.table.ts';
import { findClientRow, updateClientRow } from '#domain/clients/clients.table.ts';
import type { Client, ClientSwitches } from '#domain/clients/clients.ts';
import { clientFrom, holdClient } from '#domain/clients/clients.ts';
import { keepCurrency } from '#domain/clients/currencies.ts';
import { keepGroup } from '#domain/clients/groups.ts';
import { requireAllowedAddress } from '#domain/guard/banned-emails.ts';
import { invalid } from '#kit/problem.ts';
import { comparable, manyLines } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

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
    if (change.groupId !== undefined && change.groupId !== before.groupId) await keepGroup(tx, change.groupId);
    if (after.currencyId !== before.currencyId) await keepCurrency(tx, after.currencyId);
    // Nothing is converted, so a balance would become another amount.
    if (after.currencyId !== before.currencyId && before.creditMinor !== 0)
      throw invalid({ currency: 'currency-fixed' });
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

/** Refuses to move to an address that nobody may come in with. Asked outside of a transaction, so that the refusal is counted. */
export async function requireAllowedMove(ctx: Context, id: number, email: string): Promise<void> {
  const before = await findClientRow(ctx, id);
  if (before && comparable(before.email) !== comparable(email)) await requireAllowedAddress(ctx, email);
}

async function announceChange(tx: Context, before: Client, after: Client, fields: readonly string[]): Promise<void> {
  const clientId = after.id;
  await tx.bus.announce(tx, clientUpdated, { clientId, fields });
  if (before.status === after.status) return;
  await tx.bus.announce(tx, clientStatusChanged, { clientId, before: before.status, after: after.status });
  if (after.status === 'Closed') await tx.bus.announce(tx, clientClosed, { clientId });
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

/** What a change may set of a client, as its columns store it; for this topic's own files. */
export function changeColumns(client: Client) {
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

function definedOnly(change: ClientChange): ClientChange {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

// Which addresses get a letter about an account, by its category. What proves an address or opens an account (verification,
// a new password, a warning) goes to the person it is about and asks nobody here: it can never be switched off (1.12).

import { displayName } from '#domain/clients/client-profile.ts';
import { clientOf } from '#domain/clients/clients.ts';
import type { EMAIL_CATEGORIES } from '#domain/clients/email-preferences.ts';
import { contactName, contactsOf } from '#domain/contacts/contacts.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** The category of a letter. */
export type EmailCategory = (typeof EMAIL_CATEGORIES)[number];

/** An address that gets a letter. `contactId` is 0 for the account itself. */
export type Recipient = { readonly address: string; readonly name: string; readonly contactId: number };

/**
 * The account's own address and those of its contacts, as far as each gets letters of this category; each address once.
 * Throws not-found `client-not-found`.
 */
export async function recipientsOf(ctx: Context, clientId: number, category: EmailCategory): Promise<Recipient[]> {
  const client = await clientOf(ctx, clientId);
  const own: Recipient[] =
    client.emailPreferences[category] && client.email !== ''
      ? [{ address: client.email, name: displayName(client), contactId: 0 }]
      : [];
  const others = (await contactsOf(ctx, clientId))
    .filter((one) => one.emailPreferences[category] && one.email !== '')
    .map((one) => ({ address: one.email, name: contactName(one), contactId: one.id }));
  const seen = new Set<string>();
  return [...own, ...others].filter(({ address }) => {
    const key = comparable(address);
    return !seen.has(key) && seen.add(key);
  });
}

/**
 * Whom a client is billed to: its billing contact, else itself. Invoices go there beside whoever is ticked for them.
 * Throws not-found `client-not-found`.
 */
export async function billingRecipientOf(ctx: Context, clientId: number): Promise<Recipient> {
  const client = await clientOf(ctx, clientId);
  const contact = (await contactsOf(ctx, clientId)).find((one) => one.id === client.billingContactId);
  return contact && contact.email !== ''
    ? { address: contact.email, name: contactName(contact), contactId: contact.id }
    : { address: client.email, name: displayName(client), contactId: 0 };
}

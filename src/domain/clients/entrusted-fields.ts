// Fields of a client whose rules are another topic's: each moves here in the transaction of that topic's own entry.

import { moveCreditRow, setBillingContactRow, setMarketingRow } from '#domain/clients/clients.table.ts';
import type { Context } from '#src/context.ts';

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

/** Takes the billing contact off an account when it is this one. Only `contacts` calls this. */
export async function resetBillingContact(tx: Context, id: number, contactId: number): Promise<boolean> {
  return setBillingContactRow(tx, id, contactId, 0);
}

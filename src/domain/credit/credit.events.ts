// What credit announces.

import { defineEvent } from '#kit/events.ts';

/** A client's balance changed by an entry of the log. Amounts in hundredths, a removal below zero. */
export const creditChanged = defineEvent<{
  readonly clientId: number;
  readonly entryId: number;
  readonly amountMinor: number;
  readonly balanceMinor: number;
}>('client.credit.changed', ({ clientId, entryId, amountMinor, balanceMinor }) => ({
  client_id: clientId,
  entry_id: entryId,
  amount_minor: amountMinor,
  balance_minor: balanceMinor,
}));

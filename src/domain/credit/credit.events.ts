// What credit announces.

import { defineEvent } from '#kit/events.ts';

/** A client's balance changed by an entry of the log. Amounts in minor units of its currency, a removal below zero. */
export const creditChanged = defineEvent<{
  readonly clientId: number;
  readonly entryId: number;
  readonly amountMinor: number;
  readonly balanceMinor: number;
}>('client.credit.changed', (told) => told);

// GetCredits: every entry of a client's credit log, the oldest first.

import { ActionError, action } from '#api/action.ts';
import { integer } from '#api/dialect/parameters.ts';
import { findClient } from '#domain/clients/clients.ts';
import { amountOf, creditsOf } from '#domain/credit/credit.ts';

const NOT_FOUND = 'Client ID Not Found';

/** clientid. Answers totalresults, clientid and credits.credit, all as texts, as documented. Removals are below zero. */
export default action({
  group: 'Billing',
  answer: async ({ ctx, values }) => {
    const clientId = integer(values, 'clientid');
    if (typeof clientId !== 'number' || !(await findClient(ctx, clientId))) throw new ActionError(NOT_FOUND);
    const entries = await creditsOf(ctx, clientId);
    return {
      totalresults: String(entries.length),
      clientid: String(clientId),
      credits: {
        credit: entries.map((one) => ({
          id: String(one.id),
          date: one.day,
          description: one.description,
          amount: amountOf(one.amountMinor),
          relid: String(one.relatedId),
        })),
      },
    };
  },
});

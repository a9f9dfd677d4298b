// GetClientsDetails: everything about one client.

import { ActionError, action } from '#api/action.ts';
import { clientDetails, clientStatistics } from '#api/client-answer.ts';
import { flag, integer, scalar } from '#api/dialect/parameters.ts';
import type { WireValues } from '#api/dialect/wire.ts';
import { peopleOf } from '#domain/access/members.ts';
import { runs } from '#domain/access/terms.ts';
import type { Client } from '#domain/clients/clients.ts';
import { findClient, findClientByEmail } from '#domain/clients/clients.ts';
import { listCurrencies } from '#domain/clients/currencies.ts';
import { valuesFor } from '#domain/fields/field-values.ts';
import type { Context } from '#src/context.ts';

/**
 * clientid or email (the oldest client of that address), stats. Answers the client's fields twice, beside `result` for
 * older programs and under `client`; `stats` only when asked for.
 */
export default action({
  group: 'Client',
  answer: async ({ ctx, values }) => {
    const client = await clientIn(ctx, values);
    if (!client) throw new ActionError('Client Not Found');
    const [people, currencies, fields] = await Promise.all([
      peopleOf(ctx, client.id),
      listCurrencies(ctx),
      valuesFor(ctx, client.id, 'staff'),
    ]);
    const currency = currencies.find((one) => one.id === client.currencyId);
    if (!currency) throw new Error(`client ${client.id} has a currency that is not there`);
    const present = people.filter(({ member }) => runs(member, ctx.now()));
    const details = clientDetails(client, present, currency, fields);
    const stats = flag(values, 'stats') ? clientStatistics(client, currency) : undefined;
    return { ...details, client: details, stats };
  },
});

async function clientIn(ctx: Context, values: WireValues): Promise<Client | undefined> {
  const id = integer(values, 'clientid');
  const email = scalar(values, 'email')?.trim();
  if (id === 'invalid') return undefined;
  if (id) return findClient(ctx, id);
  if (email) return findClientByEmail(ctx, email);
  if (id === 0) return undefined;
  throw new ActionError('Either clientid Or email Is Required');
}

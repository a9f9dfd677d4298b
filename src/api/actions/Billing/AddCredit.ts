// AddCredit: adds to a client's balance or takes from it, with an entry in the credit log.

import { ActionError, action } from '#api/action.ts';
import { dateOnly, integer, scalar } from '#api/dialect/parameters.ts';
import type { WireValues } from '#api/dialect/wire.ts';
import { documented } from '#api/documented.ts';
import { findAdministrator } from '#domain/administrators/administrators.ts';
import { findClient } from '#domain/clients/clients.ts';
import { amountOf, changeCredit, readAmount } from '#domain/credit/credit.ts';
import type { Context } from '#src/context.ts';

const NOT_FOUND = 'Client ID Not Found';
const TEXTS = { 'client-not-found': NOT_FOUND };

/**
 * clientid, description, amount (above zero), date (today), adminid (whoever calls), type: add (the default) or remove.
 * Answers newbalance. A removal that would take the balance below zero is refused, and nothing is changed. The log of
 * activity names whoever called, also where adminid names another.
 */
export default action({
  group: 'Billing',
  answer: ({ ctx, caller, values }) =>
    documented(TEXTS, async () => {
      // In the documented order.
      const type = typeIn(values);
      const clientId = integer(values, 'clientid');
      if (typeof clientId !== 'number' || !(await findClient(ctx, clientId))) throw new ActionError(NOT_FOUND);
      const inNameOf = await administratorIn(ctx, values);
      const amountMinor = amountIn(values);
      const day = dateOnly(values, 'date');
      if (day === 'invalid') throw new ActionError('Date Format is not Valid');
      const description = scalar(values, 'description') ?? '';
      const done = await changeCredit(ctx, caller.actor, clientId, { type, amountMinor, description, day, inNameOf });
      if (done === 'again') throw new Error('a call of the wire has no key that could repeat');
      return { newbalance: amountOf(done.balanceMinor) };
    }),
});

function typeIn(values: WireValues): 'add' | 'remove' {
  const type = scalar(values, 'type')?.trim().toLowerCase() ?? 'add';
  if (type !== 'add' && type !== 'remove') throw new ActionError('Type can only be add or remove');
  return type;
}

async function administratorIn(ctx: Context, values: WireValues) {
  const id = integer(values, 'adminid');
  if (id === undefined || id === 0) return undefined;
  const administrator = id === 'invalid' ? undefined : await findAdministrator(ctx, id);
  if (!administrator) throw new ActionError('Admin ID Not Found');
  return { id: administrator.id, name: administrator.username };
}

function amountIn(values: WireValues): number {
  const amount = readAmount(scalar(values, 'amount') ?? '');
  if (amount === 'missing') throw new ActionError('No Amount Provided');
  if (amount === 'misshapen') throw new ActionError('Amount must be in decimal format: ### or ###.##');
  return amount;
}

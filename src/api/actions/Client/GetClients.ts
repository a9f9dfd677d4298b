// GetClients: the list of clients.

import { action } from '#api/action.ts';
import { clientLine } from '#api/client-answer.ts';
import { isDescending, partOf } from '#api/dialect/paging.ts';
import { scalar } from '#api/dialect/parameters.ts';
import type { WireValues } from '#api/dialect/wire.ts';
import { isClientOrder, sliceOfClients } from '#domain/clients/client-slice.ts';
import { CLIENT_STATUSES } from '#domain/clients/clients.ts';

/**
 * limitstart (0), limitnum (25, at most 10000), sorting (ASC), orderby (id), status, search: what e-mail, first, last, full
 * or company name starts with. Answers totalresults, startnumber, numreturned and clients.client.
 *
 * totalresults is exact without a search, and up to 10,000 (PREFIX_COUNT_CAP) with one. Above that it is at least so many, and one more
 * than startnumber and numreturned together as long as there are more: whoever asks on until it is reached gets every
 * client.
 */
export default action({
  group: 'Client',
  answer: async ({ ctx, values }) => {
    const { start, size } = partOf(values);
    const status = statusIn(values);
    if (status === 'unknown') return listOf(start, 0, []);
    const order = scalar(values, 'orderby')?.trim().toLowerCase() ?? '';
    const { clients, total } = await sliceOfClients(
      ctx,
      { status, startsWith: scalar(values, 'search') },
      { skip: start, limit: size, order: isClientOrder(order) ? order : 'id', descending: isDescending(values) },
    );
    return listOf(start, total, clients.map(clientLine));
  },
});

function listOf(start: number, total: number, lines: ReturnType<typeof clientLine>[]) {
  return { totalresults: total, startnumber: start, numreturned: lines.length, clients: { client: lines } };
}

// Nobody has a status that there is not: an empty list, rather than everybody.
function statusIn(values: WireValues) {
  const word = scalar(values, 'status')?.trim().toLowerCase();
  if (word === undefined || word === '') return undefined;
  return CLIENT_STATUSES.find((one) => one.toLowerCase() === word) ?? 'unknown';
}

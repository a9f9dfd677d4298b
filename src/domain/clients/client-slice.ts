// The list of clients by offset, as the wire leafs through it: a slice, and how long the list is.

import type { ClientFilter, ClientOffset, ClientOrder } from '#domain/clients/client-list.view.ts';
import { CLIENT_ORDERS, sliceClients } from '#domain/clients/client-list.view.ts';
import type { Client } from '#domain/clients/clients.ts';
import type { Context } from '#src/context.ts';

/** Whether a text names an order of the list, as the wire calls it. */
export function isClientOrder(name: string): name is ClientOrder {
  return Object.hasOwn(CLIENT_ORDERS, name);
}

/**
 * The clients of a slice, and how long the list is. Of a search that finds more than PREFIX_COUNT_CAP
 * (10,000) the length is that, or one more than the slice reaches to: whoever asks on until the length is reached sees every client.
 */
export async function sliceOfClients(
  ctx: Context,
  filter: Omit<ClientFilter, 'groupId'>,
  offset: ClientOffset,
): Promise<{ readonly clients: readonly Client[]; readonly total: number }> {
  return sliceClients(ctx, filter, offset);
}

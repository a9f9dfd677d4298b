// The list of clients as people leaf through it: a page, the way on and back, and how many there are.

import type { ClientFilter } from '#domain/clients/client-list.view.ts';
import { clientCounts, pageClients } from '#domain/clients/client-list.view.ts';
import type { Client, ClientStatus } from '#domain/clients/clients.ts';
import type { KeysetPage, KeysetPlace } from '#kit/keyset.ts';
import { keysetPage } from '#kit/keyset.ts';
import type { CappedCount } from '#kit/listing.ts';
import type { Context } from '#src/context.ts';

/** A page of clients, the newest first, and how many fit the filter. */
export async function pageOfClients(
  ctx: Context,
  filter: Omit<ClientFilter, 'startsWith'>,
  place: KeysetPlace,
  size: number,
): Promise<KeysetPage<Client> & { readonly count: CappedCount }> {
  const { clients, count } = await pageClients(ctx, filter, { ...place, limit: size + 1, descending: true });
  return { ...keysetPage(clients, size, place), count };
}

/** How many clients there are of each status. */
export async function clientsByStatus(ctx: Context): Promise<Record<ClientStatus, number>> {
  return clientCounts(ctx);
}

// The list of clients as people leaf through it: a page, the way on and back, and how many there are.

import type { ClientFilter } from '#domain/clients/client-list.view.ts';
import { clientCounts, countClients, listClients, pageClients } from '#domain/clients/client-list.view.ts';
import type { Client, ClientStatus } from '#domain/clients/clients.ts';
import type { KeysetPage, KeysetPlace } from '#kit/keyset.ts';
import { keysetPage } from '#kit/keyset.ts';
import type { CappedCount } from '#kit/listing-counts.ts';
import type { Context } from '#src/context.ts';

/** How people narrow the list. */
export type ListedClients = Omit<ClientFilter, 'startsWith'>;

/** A page of clients, the newest first, and how many fit the filter. */
export async function pageOfClients(
  ctx: Context,
  filter: ListedClients,
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

/** How many clients fit, counted up to a cap. */
export async function numberOfClients(ctx: Context, filter: ListedClients): Promise<CappedCount> {
  return countClients(ctx, filter);
}

/** The next clients behind an id, the oldest first: for going through all that fit, portion by portion. */
export async function clientsAfter(
  ctx: Context,
  filter: ListedClients,
  after: number,
  most: number,
): Promise<Client[]> {
  return listClients(ctx, filter, { after, limit: most });
}

/** The id of the newest client; 0 where there is none. */
export async function newestClientId(ctx: Context): Promise<number> {
  return (await listClients(ctx, {}, { limit: 1, descending: true }))[0]?.id ?? 0;
}

// The list of clients: page by page, searched, sorted by one of a fixed list, counted. Reads only.

import { clientRows } from '#domain/clients/clients.table.ts';
import type { Client, ClientStatus } from '#domain/clients/clients.ts';
import { clientFrom } from '#domain/clients/clients.ts';
import type { CappedCount } from '#kit/listing.ts';
import { countOf, idsOf, sliceOf } from '#kit/listing.ts';
import type { Listed } from '#kit/listing-sql.ts';
import type { Context } from '#src/context.ts';

// The full name starts with the first one, so whatever finds that is found by it.
const LISTED: Listed = { name: 'clients', prefixColumns: ['full_key', 'email_key', 'last_key', 'company_key'] };

/** What a list may be sorted by: each has its index. */
export const CLIENT_ORDERS = {
  id: 'id',
  firstname: 'first_key',
  lastname: 'last_key',
  companyname: 'company_key',
  email: 'email_key',
  groupid: 'group_id',
  datecreated: 'created_at',
  status: 'status',
} as const;
/** The name of an order, as the wire calls it. */
export type ClientOrder = keyof typeof CLIENT_ORDERS;

/** How a list of clients is narrowed: `contains` for staff, `startsWith` for the wire, which documents a prefix search. */
export type ClientFilter = {
  readonly contains?: string | undefined;
  readonly startsWith?: string | undefined;
  readonly status?: ClientStatus | undefined;
};

/** A page of clients: `limit` of them after the id `after`, or before `before`, in the order of ids; or the first of any order. */
export type ClientPage = {
  readonly limit: number;
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  readonly order?: ClientOrder;
  readonly descending?: boolean;
};

/** A page of clients by offset, in one of the orders. */
export type ClientOffset = {
  readonly skip: number;
  readonly limit: number;
  readonly order: ClientOrder;
  readonly descending: boolean;
};

/** A page of clients. Ids first, by an index alone, then the rows. */
export async function listClients(ctx: Context, filter: ClientFilter, page: ClientPage): Promise<Client[]> {
  const backwards = page.before !== undefined;
  const place = {
    order: CLIENT_ORDERS[page.order ?? 'id'],
    descending: (page.descending ?? false) !== backwards,
    limit: page.limit,
    edge: page.before ?? page.after,
  };
  const ids = await idsOf(ctx, LISTED, filter, place, () => clientsWith(ctx, filter.status));
  const clients = await clientsInOrder(ctx, ids);
  return backwards ? clients.reverse() : clients;
}

/** A page of clients by offset, and how long the list is: exact up to COUNT_CAP, above it see `sliceOf`. */
export async function sliceClients(
  ctx: Context,
  filter: ClientFilter,
  offset: ClientOffset,
): Promise<{ readonly clients: readonly Client[]; readonly total: number }> {
  const place = { ...offset, order: CLIENT_ORDERS[offset.order] };
  const { ids, total } = await sliceOf(ctx, LISTED, filter, place, () => clientsWith(ctx, filter.status));
  return { clients: await clientsInOrder(ctx, ids), total };
}

/** How many clients fit: kept by the database for all and for each status, counted up to COUNT_CAP when searched. */
export async function countClients(ctx: Context, filter: ClientFilter): Promise<CappedCount> {
  return countOf(ctx, LISTED, filter, () => clientsWith(ctx, filter.status));
}

/** How many clients there are of each status. One read of three rows. */
export async function clientCounts(ctx: Context): Promise<Record<ClientStatus, number>> {
  const rows = await ctx.db.selectFrom('row_counts').selectAll().where('name', 'like', 'clients:%').execute();
  const of = (status: ClientStatus): number => rows.find((row) => row.name === `clients:${status}`)?.count ?? 0;
  return { Active: of('Active'), Inactive: of('Inactive'), Closed: of('Closed') };
}

async function clientsInOrder(ctx: Context, ids: readonly number[]): Promise<Client[]> {
  const rows = new Map((await clientRows(ctx, ids)).map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = rows.get(id);
    return row ? [clientFrom(row)] : [];
  });
}

async function clientsWith(ctx: Context, status: ClientStatus | undefined): Promise<number> {
  const counts = await clientCounts(ctx);
  return status ? counts[status] : counts.Active + counts.Inactive + counts.Closed;
}

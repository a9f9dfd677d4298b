// The list of clients: page by page, searched, sorted by one of a fixed list, counted. Reads only.

import { clientRows } from '#domain/clients/clients.table.ts';
import type { Client, ClientStatus } from '#domain/clients/clients.ts';
import { clientFrom } from '#domain/clients/clients.ts';
import type { KeyedPlace } from '#kit/listing.ts';
import { countOf, idsOf, pageOf, sliceOf } from '#kit/listing.ts';
import type { CappedCount } from '#kit/listing-counts.ts';
import type { Listed } from '#kit/listing-sql.ts';
import type { Context } from '#src/context.ts';

// The full name starts with the first one, so whatever finds that is found by it.
const LISTED: Listed = {
  name: 'clients',
  prefixColumns: ['full_key', 'email_key', 'last_key', 'company_key'],
  startOf: { first_key: 'full_key' },
};

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
  /** Only pages by id are narrowed to a group; 0 for those without one. */
  readonly groupId?: number | undefined;
};

/** A page of clients in the order of their ids: `limit` of them after the id `after`, or before `before`. */
export type ClientPage = {
  readonly limit: number;
  readonly after?: number | undefined;
  readonly before?: number | undefined;
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
  const ids = await idsOf(ctx, LISTED, filter, placeOf(page), () => clientsWith(ctx, filter));
  return clientsOnPage(ctx, ids, page);
}

/** A page of clients, and how many fit as `countClients` has it. */
export async function pageClients(
  ctx: Context,
  filter: ClientFilter,
  page: ClientPage,
): Promise<{ readonly clients: Client[]; readonly count: CappedCount }> {
  const { ids, count } = await pageOf(ctx, LISTED, filter, placeOf(page), () => clientsWith(ctx, filter));
  return { clients: await clientsOnPage(ctx, ids, page), count };
}

/** A page of clients by offset, and how long the list is: exact up to PREFIX_COUNT_CAP, above it see `sliceOf`. */
export async function sliceClients(
  ctx: Context,
  filter: Omit<ClientFilter, 'groupId'>,
  offset: ClientOffset,
): Promise<{ readonly clients: readonly Client[]; readonly total: number }> {
  const place = { ...offset, order: CLIENT_ORDERS[offset.order] };
  const { ids, total } = await sliceOf(ctx, LISTED, filter, place, () => clientsWith(ctx, filter));
  return { clients: await clientsInOrder(ctx, ids), total };
}

/** How many clients fit: kept by the database for all and for each status, else counted up to a cap (see `countOf`). */
export async function countClients(ctx: Context, filter: ClientFilter): Promise<CappedCount> {
  return countOf(ctx, LISTED, filter, () => clientsWith(ctx, filter));
}

/** How many clients there are of each status. One read of three rows. */
export async function clientCounts(ctx: Context): Promise<Record<ClientStatus, number>> {
  const rows = await ctx.db.selectFrom('row_counts').selectAll().where('name', 'like', 'clients:%').execute();
  const of = (status: ClientStatus): number => rows.find((row) => row.name === `clients:${status}`)?.count ?? 0;
  return { Active: of('Active'), Inactive: of('Inactive'), Closed: of('Closed') };
}

function placeOf({ before, after, descending, limit }: ClientPage): KeyedPlace {
  const backwards = before !== undefined;
  return { order: 'id', descending: (descending ?? false) !== backwards, limit, edge: before ?? after };
}

/** The clients of a page in the order in which it is shown. */
async function clientsOnPage(ctx: Context, ids: readonly number[], { before }: ClientPage): Promise<Client[]> {
  const clients = await clientsInOrder(ctx, ids);
  return before === undefined ? clients : clients.reverse();
}

async function clientsInOrder(ctx: Context, ids: readonly number[]): Promise<Client[]> {
  const rows = new Map((await clientRows(ctx, ids)).map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = rows.get(id);
    return row ? [clientFrom(row)] : [];
  });
}

/** How many there are without the search; of a group at most one more than COUNT_CAP, which says that they are many. */
async function clientsWith(ctx: Context, { status, groupId }: ClientFilter): Promise<number> {
  if (groupId !== undefined) {
    const { count, exact } = await countOf(ctx, LISTED, { status, groupId }, async () => 0);
    return exact ? count : count + 1;
  }
  const counts = await clientCounts(ctx);
  return status ? counts[status] : counts.Active + counts.Inactive + counts.Closed;
}

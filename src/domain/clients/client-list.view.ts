// The list of clients: page by page, searched, sorted by one of a fixed list, counted. Reads only.

import type { SelectQueryBuilder } from 'kysely';
import { clientRows } from '#domain/clients/clients.table.ts';
import type { Client, ClientStatus } from '#domain/clients/clients.ts';
import { clientFrom } from '#domain/clients/clients.ts';
import type { CappedCount } from '#kit/listing.ts';
import { COUNT_CAP, containing, startingWith } from '#kit/listing.ts';
import type { Tables } from '#kit/tables.ts';
import type { Context } from '#src/context.ts';

const KEYS = ['email_key', 'first_key', 'last_key', 'full_key', 'company_key'];

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

/** A page of clients; `after` and `before` are ids of the list in the order of ids, `skip` is for the wire. */
export type ClientPage = {
  readonly limit: number;
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  readonly skip?: number;
  readonly order?: ClientOrder;
  readonly descending?: boolean;
};

type Query = SelectQueryBuilder<Tables, 'clients', object>;

/** A page of clients. Ids first, by an index alone, then the rows. */
export async function listClients(ctx: Context, filter: ClientFilter, page: ClientPage): Promise<Client[]> {
  const ids = await clientIds(ctx, filter, page);
  const rows = new Map((await clientRows(ctx, ids)).map((row) => [row.id, row]));
  const clients = ids.flatMap((id) => {
    const row = rows.get(id);
    return row ? [clientFrom(row)] : [];
  });
  return page.before === undefined ? clients : clients.reverse();
}

async function clientIds(ctx: Context, filter: ClientFilter, page: ClientPage): Promise<number[]> {
  const backwards = page.before !== undefined;
  const direction = (page.descending ?? false) !== backwards ? 'desc' : 'asc';
  const column = CLIENT_ORDERS[page.order ?? 'id'];
  let query = narrowed(ctx, filter).select('clients.id').limit(page.limit);
  if (column !== 'id') query = query.orderBy(`clients.${column}`, direction);
  query = query.orderBy('clients.id', direction);
  const edge = page.before ?? page.after;
  if (edge !== undefined) query = query.where('clients.id', direction === 'desc' ? '<' : '>', edge);
  if (page.skip) query = query.offset(page.skip);
  return (await query.execute()).map((row) => row.id);
}

/** How many clients fit: kept by the database for all and for each status, counted up to COUNT_CAP when searched. */
export async function countClients(ctx: Context, filter: ClientFilter): Promise<CappedCount> {
  if (!filter.contains && !filter.startsWith) {
    const counts = await clientCounts(ctx);
    const count = filter.status ? counts[filter.status] : counts.Active + counts.Inactive + counts.Closed;
    return { count, exact: true };
  }
  const counted = await ctx.db
    .selectFrom(
      narrowed(ctx, filter)
        .select('clients.id')
        .limit(COUNT_CAP + 1)
        .as('some'),
    )
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const count = Number(counted.count);
  return { count: Math.min(count, COUNT_CAP), exact: count <= COUNT_CAP };
}

/** How many clients there are of each status. One read of three rows. */
export async function clientCounts(ctx: Context): Promise<Record<ClientStatus, number>> {
  const rows = await ctx.db.selectFrom('row_counts').selectAll().where('name', 'like', 'clients:%').execute();
  const of = (status: ClientStatus): number => rows.find((row) => row.name === `clients:${status}`)?.count ?? 0;
  return { Active: of('Active'), Inactive: of('Inactive'), Closed: of('Closed') };
}

function narrowed(ctx: Context, filter: ClientFilter): Query {
  let query: Query = ctx.db.selectFrom('clients');
  if (filter.status) query = query.where('clients.status', '=', filter.status);
  if (filter.contains) query = containing(query, ctx.dialect, 'clients', filter.contains, KEYS);
  if (filter.startsWith) query = startingWith(query, 'clients', filter.startsWith, KEYS);
  return query;
}

// Lists as CSV, portion by portion: a million rows are never in memory, and others have their turn in between.

import { setImmediate as othersTurn } from 'node:timers/promises';
import { membershipsOf } from '#domain/access/members.ts';
import type { StaffActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { clientsAfter, numberOfClients } from '#domain/clients/client-pages.ts';
import type { Client } from '#domain/clients/clients.ts';
import type { Currency } from '#domain/clients/currencies.ts';
import { listCurrencies } from '#domain/clients/currencies.ts';
import type { ClientGroup } from '#domain/clients/groups.ts';
import { listGroups } from '#domain/clients/groups.ts';
import type { ListFilter, ListName } from '#domain/lists/filters.ts';
import { clientFilterOf, filterText } from '#domain/lists/filters.ts';
import { numberOfUsersThat, usersAfter } from '#domain/users/user-pages.ts';
import type { User } from '#domain/users/users.ts';
import type { Cell } from '#kit/csv.ts';
import { CSV_START, csvLines } from '#kit/csv.ts';
import type { CappedCount } from '#kit/listing-counts.ts';
import type { Context } from '#src/context.ts';

const PORTION = 500;

/** The columns of exported clients; the names stay the same in every language, for programs. */
export const CLIENT_COLUMNS = [
  'id',
  'status',
  'first_name',
  'last_name',
  'company_name',
  'email',
  'address1',
  'address2',
  'city',
  'state',
  'postcode',
  'country',
  'phone_number',
  'tax_id',
  'language',
  'currency',
  'credit',
  'group',
  'marketing',
  'created_at',
  'closed_at',
] as const;

/** The columns of exported users. */
export const USER_COLUMNS = [
  'id',
  'first_name',
  'last_name',
  'email',
  'language',
  'clients',
  'email_verified_at',
  'disabled_at',
  'created_at',
  'last_login_at',
] as const;

/** How many rows an export will have, counted up to a cap. */
export async function rowsToExport(ctx: Context, list: ListName, filter: ListFilter): Promise<CappedCount> {
  return list === 'clients'
    ? numberOfClients(ctx, clientFilterOf(filter))
    : numberOfUsersThat(ctx, { contains: filter.contains });
}

/** Notes in the log that a list leaves the house, and answers it as pieces of CSV in UTF-8, the oldest row first. */
export async function exportList(
  ctx: Context,
  actor: StaffActor,
  list: ListName,
  filter: ListFilter,
): Promise<AsyncIterable<Uint8Array>> {
  await audit(ctx, actor, {
    event: 'list.exported',
    description: `The list of ${list} was exported`,
    details: { list, filter: filterText(filter) },
  });
  return inBytes(list === 'clients' ? clientPortions(ctx, filter) : userPortions(ctx, filter));
}

async function* inBytes(portions: AsyncIterable<readonly (readonly Cell[])[]>): AsyncIterable<Uint8Array> {
  yield Buffer.from(CSV_START);
  for await (const rows of portions) {
    yield Buffer.from(csvLines(rows));
    await othersTurn();
  }
}

async function* clientPortions(ctx: Context, filter: ListFilter): AsyncIterable<readonly (readonly Cell[])[]> {
  yield [CLIENT_COLUMNS];
  const [groups, currencies] = [byId(await listGroups(ctx)), byId(await listCurrencies(ctx))];
  for (let after = 0; ; ) {
    const clients = await clientsAfter(ctx, clientFilterOf(filter), after, PORTION);
    if (clients.length === 0) return;
    yield clients.map((client) => clientCells(client, groups, currencies));
    after = clients.at(-1)?.id ?? after;
  }
}

async function* userPortions(ctx: Context, { contains }: ListFilter): AsyncIterable<readonly (readonly Cell[])[]> {
  yield [USER_COLUMNS];
  for (let after = 0; ; ) {
    const users = await usersAfter(ctx, { contains }, after, PORTION);
    if (users.length === 0) return;
    const clients = await membershipsOf(
      ctx,
      users.map((user) => user.id),
    );
    yield users.map((user) => userCells(user, clients.get(user.id)?.length ?? 0));
    after = users.at(-1)?.id ?? after;
  }
}

function clientCells(
  client: Client,
  groups: ReadonlyMap<number, ClientGroup>,
  currencies: ReadonlyMap<number, Currency>,
): Cell[] {
  const cells: Record<(typeof CLIENT_COLUMNS)[number], Cell> = {
    id: client.id,
    status: client.status,
    first_name: client.firstName,
    last_name: client.lastName,
    company_name: client.companyName,
    email: client.email,
    address1: client.address1,
    address2: client.address2,
    city: client.city,
    state: client.state,
    postcode: client.postcode,
    country: client.country,
    phone_number: client.phoneNumber,
    tax_id: client.taxId,
    language: client.language,
    currency: currencies.get(client.currencyId)?.code,
    credit: (client.creditMinor / 100).toFixed(2),
    group: groups.get(client.groupId)?.name,
    marketing: client.marketingOptIn ? 'yes' : 'no',
    created_at: instant(client.createdAt),
    closed_at: instant(client.closedAt),
  };
  return CLIENT_COLUMNS.map((name) => cells[name]);
}

function userCells(user: User, clients: number): Cell[] {
  const cells: Record<(typeof USER_COLUMNS)[number], Cell> = {
    id: user.id,
    first_name: user.firstName,
    last_name: user.lastName,
    email: user.email,
    language: user.language,
    clients,
    email_verified_at: instant(user.emailVerifiedAt),
    disabled_at: instant(user.disabledAt),
    created_at: instant(user.createdAt),
    last_login_at: instant(user.lastLoginAt),
  };
  return USER_COLUMNS.map((name) => cells[name]);
}

function byId<Row extends { readonly id: number }>(rows: readonly Row[]): ReadonlyMap<number, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}

function instant(at: number | undefined): string {
  return at === undefined ? '' : new Date(at).toISOString();
}

// The tables of client accounts, their groups and the currencies.

import type { Generated } from 'kysely';
import { locked } from '#kit/database/database.ts';
import { hotQuery } from '#kit/database/hot-query.ts';
import { insertMany } from '#kit/database/many-rows.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** The three states of an account. */
export type ClientStatus = 'Active' | 'Inactive' | 'Closed';

/** A client account as stored. The *_key columns follow from the others; see `clientKeys`. */
export type ClientRow = {
  id: number;
  uuid: string;
  first_name: string;
  last_name: string;
  company_name: string;
  email: string;
  first_key: string;
  last_key: string;
  full_key: string;
  company_key: string;
  email_key: string;
  search_text: string;
  address1: string;
  address2: string;
  city: string;
  state: string;
  postcode: string;
  country: string;
  phone_number: string;
  tax_id: string;
  language: string;
  currency_id: number;
  group_id: number;
  default_gateway: string;
  billing_contact_id: number;
  notes: string;
  status: ClientStatus;
  credit_minor: number;
  tax_exempt: number;
  late_fee_override: number;
  override_due_notices: number;
  separate_invoices: number;
  disable_auto_cc: number;
  override_auto_close: number;
  allow_sso: number;
  marketing_opt_in: number;
  email_preferences: string;
  signup_ip: string;
  created_at: number;
  updated_at: number;
  closed_at: number | null;
};

/** A group of clients as stored. */
export type GroupRow = {
  id: number;
  name: string;
  colour: string;
  discount_percent: string;
  suspend_exempt: number;
  separate_invoices: number;
};

/** A currency as stored. */
export type CurrencyRow = { id: number; code: string; prefix: string; suffix: string; is_default: number };

declare module '#kit/tables.ts' {
  interface Tables {
    clients: Omit<ClientRow, 'id'> & { id: Generated<number> };
    client_groups: Omit<GroupRow, 'id'> & { id: Generated<number> };
    currencies: Omit<CurrencyRow, 'id'> & { id: Generated<number> };
    clients_search: { rowid: number; search_text: string };
  }
}

type Keys = Pick<ClientRow, 'first_key' | 'last_key' | 'full_key' | 'company_key' | 'email_key' | 'search_text'>;
type Named = Pick<ClientRow, 'first_name' | 'last_name' | 'company_name' | 'email'>;

/** The columns by which clients are compared, sorted and searched. */
export function clientKeys(named: Named): Keys {
  const full = comparable(`${named.first_name} ${named.last_name}`);
  const company = comparable(named.company_name);
  const email = comparable(named.email);
  return {
    first_key: comparable(named.first_name),
    last_key: comparable(named.last_name),
    full_key: full,
    company_key: company,
    email_key: email,
    search_text: `${full}\n${company}\n${email}`,
  };
}

/** Makes a client account. Answers the id. */
export async function insertClient(tx: Context, row: Omit<ClientRow, 'id' | keyof Keys>): Promise<number> {
  const made = await tx.db
    .insertInto('clients')
    .values({ ...row, ...clientKeys(row) })
    .returning('id')
    .executeTakeFirstOrThrow();
  return made.id;
}

/** Makes many accounts. Answers their ids by uuid. */
export async function insertClients(
  tx: Context,
  rows: readonly Omit<ClientRow, 'id' | keyof Keys>[],
): Promise<Map<string, number>> {
  return insertMany(
    tx,
    'clients',
    rows.map((row) => ({ ...row, ...clientKeys(row) })),
  );
}

/** One account by id. */
export async function findClientRow(ctx: Context, id: number): Promise<ClientRow | undefined> {
  return (await ONE(ctx, id))[0];
}

const ONE = hotQuery<ClientRow>('select * from clients where id = ?');

/** One account by id, locked: see `locked` of kit/database. */
export async function lockClientRow(
  tx: Context,
  id: number,
  strength: 'keep' | 'change' | 'remove',
): Promise<ClientRow | undefined> {
  return locked(tx, tx.db.selectFrom('clients').selectAll().where('id', '=', id), strength).executeTakeFirst();
}

/** The oldest account of an address. Several may share one. */
export async function findClientRowByEmail(ctx: Context, email: string): Promise<ClientRow | undefined> {
  return ctx.db
    .selectFrom('clients')
    .selectAll()
    .where('email_key', '=', comparable(email))
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
}

/** Accounts of these ids, in no order. */
export async function clientRows(ctx: Context, ids: readonly number[]): Promise<ClientRow[]> {
  if (ids.length === 0) return [];
  return ctx.db.selectFrom('clients').selectAll().where('id', 'in', ids).execute();
}

/** Changes columns of one account; the keys follow. */
export async function updateClientRow(
  tx: Context,
  id: number,
  change: Partial<Omit<ClientRow, 'id' | 'uuid' | keyof Keys>>,
  named: Named,
): Promise<void> {
  await tx.db
    .updateTable('clients')
    .set({ ...change, ...clientKeys(named), updated_at: tx.now() })
    .where('id', '=', id)
    .execute();
}

/** Removes an account for good. */
export async function deleteClientRow(tx: Context, id: number): Promise<boolean> {
  const done = await tx.db.deleteFrom('clients').where('id', '=', id).executeTakeFirst();
  return done.numDeletedRows === 1n;
}

/** Every group. There are few. */
export async function groupRows(ctx: Context): Promise<GroupRow[]> {
  return ctx.db.selectFrom('client_groups').selectAll().orderBy('id').execute();
}

/** Every currency. There are few. */
export async function currencyRows(ctx: Context): Promise<CurrencyRow[]> {
  return [...(await CURRENCIES(ctx))];
}

const CURRENCIES = hotQuery<CurrencyRow>('select * from currencies order by id');

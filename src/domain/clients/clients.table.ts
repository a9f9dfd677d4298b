// The table of client accounts.

import type { Generated } from 'kysely';
import { locked } from '#kit/database/database.ts';
import { hotQuery } from '#kit/database/hot-query.ts';
import { insertMany } from '#kit/database/many-rows.ts';
import { comparable, comparableStart } from '#kit/text.ts';
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

declare module '#kit/tables.ts' {
  interface Tables {
    clients: Omit<ClientRow, 'id'> & { id: Generated<number> };
    clients_search: { rowid: number; search_text: string };
  }
}

type Keys = Pick<ClientRow, 'first_key' | 'last_key' | 'full_key' | 'company_key' | 'email_key' | 'search_text'>;
type Named = Pick<ClientRow, 'first_name' | 'last_name' | 'company_name' | 'email'>;

/** The columns by which clients are compared, sorted and searched. Cut, since four of them share each row of an index. */
export function clientKeys(named: Named): Keys {
  const full = `${named.first_name} ${named.last_name}`;
  const email = comparable(named.email);
  return {
    first_key: comparableStart(named.first_name, 100),
    last_key: comparableStart(named.last_name, 100),
    full_key: comparableStart(full, 200),
    company_key: comparableStart(named.company_name, 100),
    email_key: email,
    search_text: `${comparableStart(full, 300)}\n${comparableStart(named.company_name, 200)}\n${email}`,
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

/** Moves the balance of one account within its bounds, by one statement. */
export async function moveCreditRow(
  tx: Context,
  id: number,
  delta: number,
  most: number,
): Promise<Pick<ClientRow, 'credit_minor' | 'currency_id'> | undefined> {
  return tx.db
    .updateTable('clients')
    .set((eb) => ({ credit_minor: eb('credit_minor', '+', delta) }))
    .where('id', '=', id)
    .where((eb) => eb.between(eb('credit_minor', '+', delta), 0, most))
    .returning(['credit_minor', 'currency_id'])
    .executeTakeFirst();
}

/** Turns marketing letters of one account on or off. */
export async function setMarketingRow(tx: Context, id: number, optedIn: boolean): Promise<void> {
  await tx.db
    .updateTable('clients')
    .set({ marketing_opt_in: Number(optedIn), updated_at: tx.now() })
    .where('id', '=', id)
    .execute();
}

/** Puts another billing contact in the place of this one. Answers whether it was that. */
export async function setBillingContactRow(tx: Context, id: number, from: number, to: number): Promise<boolean> {
  const done = await tx.db
    .updateTable('clients')
    .set({ billing_contact_id: to, updated_at: tx.now() })
    .where('id', '=', id)
    .where('billing_contact_id', '=', from)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Removes an account for good. */
export async function deleteClientRow(tx: Context, id: number): Promise<boolean> {
  const done = await tx.db.deleteFrom('clients').where('id', '=', id).executeTakeFirst();
  return done.numDeletedRows === 1n;
}

/** Takes an account out, and answers it as it was. */
export async function takeClientRow(tx: Context, id: number): Promise<ClientRow | undefined> {
  return tx.db.deleteFrom('clients').where('id', '=', id).returningAll().executeTakeFirst();
}

/** Puts an account back that was taken out, as it was, under its own id. */
export async function putClientRow(tx: Context, row: ClientRow): Promise<void> {
  await tx.db
    .insertInto('clients')
    .values({ ...row, ...clientKeys(row) }) // keys may be made otherwise by now
    .execute();
}

/** Whether an account is kept in a currency. One step of an index. */
export async function currencyIsUsed(ctx: Context, id: number): Promise<boolean> {
  const some = await ctx.db
    .selectFrom('clients')
    .select('id')
    .where('currency_id', '=', id)
    .limit(1)
    .executeTakeFirst();
  return some !== undefined;
}

/** Whether an account is in a group. One step of an index. */
export async function groupIsUsed(ctx: Context, id: number): Promise<boolean> {
  const some = await ctx.db.selectFrom('clients').select('id').where('group_id', '=', id).limit(1).executeTakeFirst();
  return some !== undefined;
}

// The table of contacts: records of a client's address book.

import type { Generated } from 'kysely';
import { rowMover } from '#kit/database/moved-rows.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** A contact as stored. The *_key columns follow from the others. */
export type ContactRow = {
  id: number;
  client_id: number;
  first_name: string;
  last_name: string;
  company_name: string;
  email: string;
  first_key: string;
  last_key: string;
  company_key: string;
  email_key: string;
  address1: string;
  address2: string;
  city: string;
  state: string;
  postcode: string;
  country: string;
  phone_number: string;
  tax_id: string;
  email_preferences: string;
  created_at: number;
  updated_at: number;
};

type Keys = Pick<ContactRow, 'first_key' | 'last_key' | 'company_key' | 'email_key'>;

declare module '#kit/tables.ts' {
  interface Tables {
    contacts: Omit<ContactRow, 'id'> & { id: Generated<number> };
  }
}

function keysOf(row: Pick<ContactRow, 'first_name' | 'last_name' | 'company_name' | 'email'>): Keys {
  return {
    first_key: comparable(row.first_name),
    last_key: comparable(row.last_name),
    company_key: comparable(row.company_name),
    email_key: comparable(row.email),
  };
}

/** Makes a contact. Answers the id. */
export async function insertContact(tx: Context, row: Omit<ContactRow, 'id' | keyof Keys>): Promise<number> {
  const made = await tx.db
    .insertInto('contacts')
    .values({ ...row, ...keysOf(row) })
    .returning('id')
    .executeTakeFirstOrThrow();
  return made.id;
}

/** Puts the fields of a contact anew. */
export async function updateContactRow(
  tx: Context,
  id: number,
  row: Omit<ContactRow, 'id' | 'client_id' | 'created_at' | 'updated_at' | keyof Keys>,
): Promise<void> {
  await tx.db
    .updateTable('contacts')
    .set({ ...row, ...keysOf(row), updated_at: tx.now() })
    .where('id', '=', id)
    .execute();
}

/** Removes a contact. Answers whether it was there. */
export async function deleteContactRow(tx: Context, id: number): Promise<boolean> {
  const done = await tx.db.deleteFrom('contacts').where('id', '=', id).executeTakeFirst();
  return done.numDeletedRows === 1n;
}

/** One contact by id. */
export async function findContactRow(ctx: Context, id: number): Promise<ContactRow | undefined> {
  return ctx.db.selectFrom('contacts').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The contact of a client with this address, whatever its case. */
export async function findContactRowByEmail(
  ctx: Context,
  clientId: number,
  email: string,
): Promise<ContactRow | undefined> {
  return ctx.db
    .selectFrom('contacts')
    .selectAll()
    .where('client_id', '=', clientId)
    .where('email_key', '=', comparable(email))
    .executeTakeFirst();
}

/** Contacts of a client by id: up to `limit` behind `after`, or in front of `before`, nearest first. */
export async function contactRowsOf(
  ctx: Context,
  clientId: number,
  page: { readonly limit: number; readonly after?: number | undefined; readonly before?: number | undefined },
): Promise<ContactRow[]> {
  let query = ctx.db.selectFrom('contacts').selectAll().where('client_id', '=', clientId).limit(page.limit);
  if (page.after !== undefined) query = query.where('id', '>', page.after);
  if (page.before !== undefined) query = query.where('id', '<', page.before);
  return query.orderBy('id', page.before === undefined ? 'asc' : 'desc').execute();
}

/** How many contacts a client has, counted up to `most`. */
export async function countContactRows(ctx: Context, clientId: number, most: number): Promise<number> {
  const some = ctx.db.selectFrom('contacts').select('id').where('client_id', '=', clientId).limit(most).as('some');
  const counted = await ctx.db
    .selectFrom(some)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(counted.count);
}

/** The columns that contacts are looked for by. Names and addresses are compared without case, the rest as stored. */
export type ContactSearch = Partial<
  Pick<
    ContactRow,
    | 'first_key'
    | 'last_key'
    | 'company_key'
    | 'email_key'
    | 'address1'
    | 'address2'
    | 'city'
    | 'state'
    | 'postcode'
    | 'country'
    | 'phone_number'
  > & { client_id: number }
>;

/** A slice of the contacts of all clients that are just so, by id, and how many there are, counted up to `most`. */
export async function sliceContactRows(
  ctx: Context,
  search: ContactSearch,
  slice: { readonly skip: number; readonly limit: number },
  most: number,
): Promise<{ readonly rows: ContactRow[]; readonly count: number }> {
  let found = ctx.db.selectFrom('contacts');
  for (const [column, value] of Object.entries(search) as [keyof ContactSearch, string | number][])
    found = found.where(column, '=', value); // the keys are those of the type
  const [rows, counted] = await Promise.all([
    found.selectAll().orderBy('id').offset(slice.skip).limit(slice.limit).execute(),
    ctx.db
      .selectFrom(found.select('id').limit(most).as('some'))
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow(),
  ]);
  return { rows, count: Number(counted.count) };
}

/** Gives contacts of one client to another: all, or only these. Answers the ids of those that moved. */
export const moveContactRows = rowMover('contacts', 'client_id');

/** Puts back a contact that was taken away, as it was. */
export async function putContactRow(tx: Context, row: ContactRow): Promise<void> {
  await tx.db.insertInto('contacts').values(row).execute();
}

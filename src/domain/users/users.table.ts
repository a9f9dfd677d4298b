// The table of users.

import type { Generated } from 'kysely';
import { locked } from '#kit/database/database.ts';
import { hotQuery } from '#kit/database/hot-query.ts';
import { insertMany } from '#kit/database/many-rows.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** A user as stored. The *_key columns follow from the others; see `keysOf`. */
export type UserRow = {
  id: number;
  uuid: string;
  first_name: string;
  last_name: string;
  email: string;
  email_key: string;
  first_key: string;
  last_key: string;
  full_key: string;
  search_text: string;
  password_hash: string | null;
  password_must_change: number;
  password_changed_at: number | null;
  language: string;
  email_verified_at: number | null;
  disabled_at: number | null;
  created_at: number;
  updated_at: number;
  last_login_at: number | null;
  last_login_ip: string | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    users: Omit<UserRow, 'id'> & { id: Generated<number> };
    row_counts: { name: string; count: number };
    users_search: { rowid: number; search_text: string };
  }
}

type Named = { first_name: string; last_name: string; email: string };

/** The columns by which users are compared, sorted and searched. */
export function keysOf(
  named: Named,
): Pick<UserRow, 'email_key' | 'first_key' | 'last_key' | 'full_key' | 'search_text'> {
  const full = comparable(`${named.first_name} ${named.last_name}`);
  return {
    email_key: comparable(named.email),
    first_key: comparable(named.first_name),
    last_key: comparable(named.last_name),
    full_key: full,
    search_text: `${full}\n${comparable(named.email)}`,
  };
}

/** Makes a user. A taken address breaks the unique key: look first, and be ready for the race. Answers the id. */
export async function insertUser(
  tx: Context,
  row: Omit<UserRow, 'id' | keyof ReturnType<typeof keysOf>>,
): Promise<number> {
  const made = await tx.db
    .insertInto('users')
    .values({ ...row, ...keysOf(row) })
    .returning('id')
    .executeTakeFirstOrThrow();
  return made.id;
}

/** Makes many users. Answers their ids by uuid. */
export async function insertUsers(
  tx: Context,
  rows: readonly Omit<UserRow, 'id' | keyof ReturnType<typeof keysOf>>[],
): Promise<Map<string, number>> {
  return insertMany(
    tx,
    'users',
    rows.map((row) => ({ ...row, ...keysOf(row) })),
  );
}

/** The user of this address, in whatever case it was typed. */
export async function findUserRowByEmail(ctx: Context, email: string): Promise<UserRow | undefined> {
  return (await BY_EMAIL(ctx, comparable(email)))[0];
}

const BY_EMAIL = hotQuery<UserRow>('select * from users where email_key = ?');

/** The user of this id. */
export async function findUserRow(ctx: Context, id: number): Promise<UserRow | undefined> {
  return (await ONE(ctx, id))[0];
}

const ONE = hotQuery<UserRow>('select * from users where id = ?');

/** The user of this id, locked: see `locked` of kit/database. */
export async function lockUserRow(
  tx: Context,
  id: number,
  strength: 'keep' | 'change' | 'remove',
): Promise<UserRow | undefined> {
  return locked(tx, tx.db.selectFrom('users').selectAll().where('id', '=', id), strength).executeTakeFirst();
}

/** Users of these ids, locked in the order of their ids, so that two who lock several never wait for each other. */
export async function lockUserRows(tx: Context, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await locked(tx, tx.db.selectFrom('users').select('id').where('id', 'in', ids).orderBy('id'), 'remove').execute();
}

/** Users of these ids, in no order. */
export async function userRows(ctx: Context, ids: readonly number[]): Promise<UserRow[]> {
  const [first, ...others] = ids;
  if (first === undefined) return [];
  if (others.length === 0) return [...(await ONE(ctx, first))];
  return ctx.db.selectFrom('users').selectAll().where('id', 'in', ids).execute();
}

/** Changes columns of one user. Answers whether there was one. */
export async function updateUserRow(
  tx: Context,
  id: number,
  change: Partial<Omit<UserRow, 'id' | 'uuid'>>,
): Promise<boolean> {
  const done = await tx.db
    .updateTable('users')
    .set({ ...change, updated_at: tx.now() })
    .where('id', '=', id)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Puts a better hash of the same password in place, unless it was changed in between. Answers whether it did. */
export async function replaceHash(tx: Context, id: number, before: string, after: string): Promise<boolean> {
  const done = await tx.db
    .updateTable('users')
    .set({ password_hash: after })
    .where('id', '=', id)
    .where('password_hash', '=', before)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Notes a sign-in; `ip` undefined leaves the address that was noted before. */
export async function touchUser(tx: Context, id: number, ip: string | undefined): Promise<void> {
  const change = { last_login_at: tx.now(), ...(ip === undefined ? {} : { last_login_ip: ip }) };
  await tx.db.updateTable('users').set(change).where('id', '=', id).execute();
}

/** Removes a user for good. */
export async function deleteUserRow(tx: Context, id: number): Promise<boolean> {
  const done = await tx.db.deleteFrom('users').where('id', '=', id).executeTakeFirst();
  return done.numDeletedRows === 1n;
}

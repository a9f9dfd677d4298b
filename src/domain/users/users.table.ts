// The table of users.

import type { Generated } from 'kysely';
import { locked } from '#kit/database/database.ts';
import { hotLock, hotQuery, hotWrite } from '#kit/database/hot-query.ts';
import { insertMany } from '#kit/database/many-rows.ts';
import { comparable, comparableStart } from '#kit/text.ts';
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

/** The columns by which users are compared, sorted and searched. Cut, since three of them share each row of an index. */
export function keysOf(
  named: Named,
): Pick<UserRow, 'email_key' | 'first_key' | 'last_key' | 'full_key' | 'search_text'> {
  const full = `${named.first_name} ${named.last_name}`;
  const email = comparable(named.email);
  return {
    email_key: email,
    first_key: comparableStart(named.first_name, 100),
    last_key: comparableStart(named.last_name, 100),
    full_key: comparableStart(full, 200),
    search_text: `${comparableStart(full, 400)}\n${email}`,
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
  return (await HELD[strength](tx, id))[0];
}

const HELD = {
  keep: hotLock<UserRow>('select * from users where id = ?', 'keep'),
  change: hotLock<UserRow>('select * from users where id = ?', 'change'),
  remove: hotLock<UserRow>('select * from users where id = ?', 'remove'),
};

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
  await TOUCH(tx, tx.now(), ip ?? null, id);
}

const TOUCH = hotWrite('update users set last_login_at = ?, last_login_ip = coalesce(?, last_login_ip) where id = ?');

/** Notes that an address was proved to be this user's, if it still is and was not yet. Answers whether it was noted. */
export async function proveAddressRow(tx: Context, id: number, emailKey: string): Promise<boolean> {
  const done = await tx.db
    .updateTable('users')
    .set({ email_verified_at: tx.now(), updated_at: tx.now() })
    .where('id', '=', id)
    .where('email_key', '=', emailKey)
    .where('email_verified_at', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Removes a user for good. */
export async function deleteUserRow(tx: Context, id: number): Promise<boolean> {
  const done = await tx.db.deleteFrom('users').where('id', '=', id).executeTakeFirst();
  return done.numDeletedRows === 1n;
}

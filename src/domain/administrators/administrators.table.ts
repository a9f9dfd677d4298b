// The tables of administrators and their roles.

import type { Generated } from 'kysely';
import { locked } from '#kit/database/database.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** A role as stored; `permissions` and `mail_kinds` are JSON lists. */
export type RoleRow = {
  id: number;
  name: string;
  name_key: string;
  permissions: string;
  mail_kinds: string;
  created_at: number;
};

/** An administrator as stored. */
export type AdministratorRow = {
  id: number;
  uuid: string;
  role_id: number;
  username: string;
  username_key: string;
  first_name: string;
  last_name: string;
  email: string;
  email_key: string;
  password_hash: string | null;
  password_must_change: number;
  signature: string;
  notes: string;
  language: string;
  disabled_at: number | null;
  created_at: number;
  updated_at: number;
  last_login_at: number | null;
  last_login_ip: string | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    admin_roles: Omit<RoleRow, 'id'> & { id: Generated<number> };
    administrators: Omit<AdministratorRow, 'id' | 'password_must_change' | 'signature' | 'notes' | 'language'> & {
      id: Generated<number>;
      password_must_change: Generated<number>;
      signature: Generated<string>;
      notes: Generated<string>;
      language: Generated<string>;
    };
    setup_invitations: { token_hash: string; created_at: number; used_at: number | null };
  }
}

/** Every role, in the order they were made. */
export async function roleRows(ctx: Context): Promise<RoleRow[]> {
  return ctx.db.selectFrom('admin_roles').selectAll().orderBy('id').execute();
}

/** Makes a role unless one of that name is there. Answers its id, or undefined. */
export async function insertRole(
  tx: Context,
  row: { name: string; permissions: string; mail_kinds: string },
): Promise<number | undefined> {
  const made = await tx.db
    .insertInto('admin_roles')
    .values({ ...row, name_key: comparable(row.name), created_at: tx.now() })
    .onConflict((on) => on.column('name_key').doNothing())
    .returning('id')
    .executeTakeFirst();
  return made?.id;
}

/** Changes a role. */
export async function updateRole(
  tx: Context,
  id: number,
  change: { name: string; permissions: string; mail_kinds: string },
): Promise<boolean> {
  const done = await tx.db
    .updateTable('admin_roles')
    .set({ ...change, name_key: comparable(change.name) })
    .where('id', '=', id)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Removes a role that nobody holds. Answers whether it went. */
export async function deleteRole(tx: Context, id: number): Promise<boolean> {
  const done = await tx.db
    .deleteFrom('admin_roles')
    .where('id', '=', id)
    .where((eb) => eb.not(eb.exists(eb.selectFrom('administrators').select('id').where('role_id', '=', id))))
    .executeTakeFirst();
  return done.numDeletedRows === 1n;
}

/** Makes an administrator. Answers the id. */
export async function insertAdministrator(
  tx: Context,
  row: Omit<
    AdministratorRow,
    'id' | 'username_key' | 'email_key' | 'password_must_change' | 'signature' | 'notes' | 'language'
  >,
): Promise<number> {
  const made = await tx.db
    .insertInto('administrators')
    .values({ ...row, username_key: comparable(row.username), email_key: comparable(row.email) })
    .returning('id')
    .executeTakeFirstOrThrow();
  return made.id;
}

/** Every administrator, with the disabled ones. There are few. */
export async function administratorRows(ctx: Context): Promise<AdministratorRow[]> {
  return ctx.db.selectFrom('administrators').selectAll().orderBy('id').execute();
}

/** One by id. */
export async function findAdministratorRow(ctx: Context, id: number): Promise<AdministratorRow | undefined> {
  return ctx.db.selectFrom('administrators').selectAll().where('id', '=', id).executeTakeFirst();
}

/** One by id, locked until the transaction ends. */
export async function lockAdministratorRow(tx: Context, id: number): Promise<AdministratorRow | undefined> {
  return locked(tx, tx.db.selectFrom('administrators').selectAll().where('id', '=', id), 'change').executeTakeFirst();
}

/** One by user name, in whatever case it was typed. */
export async function findAdministratorRowByUsername(
  ctx: Context,
  username: string,
): Promise<AdministratorRow | undefined> {
  return ctx.db
    .selectFrom('administrators')
    .selectAll()
    .where('username_key', '=', comparable(username))
    .executeTakeFirst();
}

/** One by address, in whatever case it was typed. */
export async function findAdministratorRowByEmail(ctx: Context, email: string): Promise<AdministratorRow | undefined> {
  return ctx.db.selectFrom('administrators').selectAll().where('email_key', '=', comparable(email)).executeTakeFirst();
}

/** Changes columns of one administrator. */
export async function updateAdministratorRow(
  tx: Context,
  id: number,
  change: Partial<Omit<AdministratorRow, 'id' | 'uuid' | 'username_key' | 'email_key'>>,
): Promise<boolean> {
  const keys = {
    ...(change.username === undefined ? {} : { username_key: comparable(change.username) }),
    ...(change.email === undefined ? {} : { email_key: comparable(change.email) }),
  };
  const done = await tx.db
    .updateTable('administrators')
    .set({ ...change, ...keys, updated_at: tx.now() })
    .where('id', '=', id)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Puts a better hash of the same password in place, unless it was changed in between. Answers whether it did. */
export async function replaceAdministratorHash(
  tx: Context,
  id: number,
  before: string,
  after: string,
): Promise<boolean> {
  const done = await tx.db
    .updateTable('administrators')
    .set({ password_hash: after })
    .where('id', '=', id)
    .where('password_hash', '=', before)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/**
 * Lets one transaction at a time decide about staff and their roles: so that two administrators cannot demote each other at
 * once, and no role goes while somebody is being given it.
 */
export async function lockAdministrators(tx: Context): Promise<void> {
  await locked(tx, tx.db.selectFrom('admin_roles').select('id').orderBy('id'), 'remove').execute();
}

/** Whether there is any administrator. */
export async function anyAdministrator(ctx: Context): Promise<boolean> {
  return (await ctx.db.selectFrom('administrators').select('id').limit(1).executeTakeFirst()) !== undefined;
}

/** Keeps the hash of a set-up token. */
export async function insertSetupInvitation(tx: Context, tokenHash: string): Promise<void> {
  await tx.db
    .insertInto('setup_invitations')
    .values({ token_hash: tokenHash, created_at: tx.now(), used_at: null })
    .execute();
}

/** Whether a set-up token could still be spent. */
export async function setupInvitationHolds(ctx: Context, tokenHash: string): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('setup_invitations')
    .select('token_hash')
    .where('token_hash', '=', tokenHash)
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** Spends a set-up token; true for exactly one caller. */
export async function spendSetupInvitation(tx: Context, tokenHash: string): Promise<boolean> {
  const done = await tx.db
    .updateTable('setup_invitations')
    .set({ used_at: tx.now() })
    .where('token_hash', '=', tokenHash)
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Every set-up token dies: a newer one was printed, or the first administrator is made. */
export async function voidSetupInvitations(tx: Context): Promise<void> {
  await tx.db.updateTable('setup_invitations').set({ used_at: tx.now() }).where('used_at', 'is', null).execute();
}

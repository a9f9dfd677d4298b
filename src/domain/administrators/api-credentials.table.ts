// The tables of API credentials and API roles.

import type { Generated } from 'kysely';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** An API role as stored; `actions` is a JSON list of lower-cased action names. */
export type ApiRoleRow = {
  id: number;
  name: string;
  name_key: string;
  description: string;
  actions: string;
  created_at: number;
};

/** A credential as stored. Neither form of the secret can be turned back. */
export type ApiCredentialRow = {
  id: number;
  administrator_id: number;
  identifier: string;
  secret_hash: string;
  secret_md5_hash: string;
  description: string;
  every_action: number;
  allowed_addresses: string;
  expires_at: number | null;
  created_at: number;
  last_used_at: number | null;
  last_used_ip: string | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    api_roles: Omit<ApiRoleRow, 'id'> & { id: Generated<number> };
    api_credentials: Omit<ApiCredentialRow, 'id'> & { id: Generated<number> };
    api_credential_roles: { credential_id: number; role_id: number };
  }
}

/** Every API role. */
export async function apiRoleRows(ctx: Context): Promise<ApiRoleRow[]> {
  return ctx.db.selectFrom('api_roles').selectAll().orderBy('id').execute();
}

/** Makes an API role, undefined when the name is taken. */
export async function insertApiRole(
  tx: Context,
  row: { name: string; description: string; actions: string },
): Promise<number | undefined> {
  const made = await tx.db
    .insertInto('api_roles')
    .values({ ...row, name_key: comparable(row.name), created_at: tx.now() })
    .onConflict((on) => on.column('name_key').doNothing())
    .returning('id')
    .executeTakeFirst();
  return made?.id;
}

/** Changes an API role. */
export async function updateApiRole(
  tx: Context,
  id: number,
  row: { name: string; description: string; actions: string },
): Promise<boolean> {
  const done = await tx.db
    .updateTable('api_roles')
    .set({ ...row, name_key: comparable(row.name) })
    .where('id', '=', id)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Removes an API role, and so takes it from every credential. */
export async function deleteApiRole(tx: Context, id: number): Promise<boolean> {
  const done = await tx.db.deleteFrom('api_roles').where('id', '=', id).executeTakeFirst();
  return done.numDeletedRows === 1n;
}

/** Makes a credential. */
export async function insertCredential(
  tx: Context,
  row: Omit<ApiCredentialRow, 'id'>,
  roleIds: readonly number[],
): Promise<number> {
  const made = await tx.db.insertInto('api_credentials').values(row).returning('id').executeTakeFirstOrThrow();
  await putCredentialRoles(tx, made.id, roleIds);
  return made.id;
}

/** Replaces the roles of a credential. */
async function putCredentialRoles(tx: Context, id: number, roleIds: readonly number[]): Promise<void> {
  await tx.db.deleteFrom('api_credential_roles').where('credential_id', '=', id).execute();
  if (roleIds.length === 0) return;
  await tx.db
    .insertInto('api_credential_roles')
    .values(roleIds.map((role_id) => ({ credential_id: id, role_id })))
    .execute();
}

/** Every credential with its roles' ids, newest first. There are few. */
export async function credentialRows(ctx: Context): Promise<ApiCredentialRow[]> {
  return ctx.db.selectFrom('api_credentials').selectAll().orderBy('id', 'desc').execute();
}

/** One credential by its id. */
export async function findCredentialRow(ctx: Context, id: number): Promise<ApiCredentialRow | undefined> {
  return ctx.db.selectFrom('api_credentials').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Which roles each credential has. */
export async function credentialRoleRows(
  ctx: Context,
  credentialId?: number,
): Promise<{ credential_id: number; role_id: number }[]> {
  const query = ctx.db.selectFrom('api_credential_roles').selectAll();
  return (credentialId === undefined ? query : query.where('credential_id', '=', credentialId)).execute();
}

/** Notes a use. */
export async function touchCredential(ctx: Context, id: number, ip: string): Promise<void> {
  await ctx.db
    .updateTable('api_credentials')
    .set({ last_used_at: ctx.now(), last_used_ip: ip })
    .where('id', '=', id)
    .execute();
}

/** Removes a credential. */
export async function deleteCredential(tx: Context, id: number): Promise<string | undefined> {
  const gone = await tx.db
    .deleteFrom('api_credentials')
    .where('id', '=', id)
    .returning('identifier')
    .executeTakeFirst();
  return gone?.identifier;
}

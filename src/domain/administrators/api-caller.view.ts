// The check of every API call: one keyed read that brings the credential, its administrator with their role, and the API
// roles. One of the hottest queries, so its text is made once.

import { CompiledQuery } from 'kysely';
import type { AdministratorRow } from '#domain/administrators/administrators.table.ts';
import type { ApiCredentialRow } from '#domain/administrators/api-credentials.table.ts';
import type { Context } from '#src/context.ts';

const TEXT = `select c.id as "credentialId", c.identifier, c.secret_hash, c.secret_md5_hash, c.description, c.every_action,
 c.allowed_addresses, c.expires_at, c.created_at as "credentialCreatedAt", c.last_used_at, c.last_used_ip,
 a.id, a.uuid, a.role_id, a.username, a.username_key, a.first_name, a.last_name, a.email, a.email_key,
 case when a.password_hash is null then null else '' end as password_hash,
 a.signature, a.notes, a.language, a.disabled_at, a.created_at, a.updated_at, a.last_login_at, a.last_login_ip,
 r.name as "roleName", r.permissions as "rolePermissions", ar.id as "apiRoleId", ar.actions as "apiRoleActions"
 from api_credentials c join administrators a on a.id = c.administrator_id join admin_roles r on r.id = a.role_id
 left join api_credential_roles cr on cr.credential_id = c.id left join api_roles ar on ar.id = cr.role_id
 where c.identifier = `;

// `password_hash` says only whether there is one: an API call has no use for the hash.

/** A credential with its administrator and one of its API roles; a credential with several comes as several rows. */
export type ApiCallerRow = AdministratorRow &
  Omit<ApiCredentialRow, 'id' | 'administrator_id' | 'created_at'> & {
    credentialId: number;
    credentialCreatedAt: number;
    roleName: string;
    rolePermissions: string;
    apiRoleId: number | null;
    apiRoleActions: string | null;
  };

/** The rows of an identifier: none when there is no such credential. One statement. */
export async function apiCallerRows(ctx: Context, identifier: string): Promise<readonly ApiCallerRow[]> {
  const query = CompiledQuery.raw(`${TEXT}${ctx.dialect === 'sqlite' ? '?' : '$1'}`, [identifier]);
  const { rows } = await ctx.db.executeQuery(query);
  return rows as readonly ApiCallerRow[]; // the columns named above
}

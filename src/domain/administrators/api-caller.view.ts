// The check of every API call: one keyed read that brings the credential, its administrator with their role, and the API
// roles. One of the hottest queries, so its text is made once.

import type { AdministratorRow } from '#domain/administrators/administrators.table.ts';
import type { ApiCredentialRow } from '#domain/administrators/api-credentials.table.ts';
import { FULL_ADMINISTRATOR } from '#domain/administrators/permissions.ts';
import { hotQuery } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

// `password_hash` says only whether there is one: an API call has no use for the hash. The full administrator's role holds
// every permission, whatever is stored.
const CALLER =
  hotQuery<ApiCallerRow>(`select c.id as "credentialId", c.secret_hash, c.secret_md5_hash, c.every_action, c.allowed_addresses,
 c.expires_at, c.last_used_at, c.last_used_ip, a.id, a.uuid, a.role_id, a.username, a.first_name, a.last_name, a.email,
 case when a.password_hash is null then null else '' end as password_hash, a.signature, a.notes, a.language,
 a.disabled_at, a.created_at, a.updated_at, a.last_login_at, a.last_login_ip, r.name as "roleName",
 case when r.name = '${FULL_ADMINISTRATOR}' then '[]' else r.permissions end as "rolePermissions",
 ar.id as "apiRoleId", ar.actions as "apiRoleActions"
 from api_credentials c join administrators a on a.id = c.administrator_id join admin_roles r on r.id = a.role_id
 left join api_credential_roles cr on cr.credential_id = c.id left join api_roles ar on ar.id = cr.role_id
 where c.identifier = ?`);

/** A credential with its administrator and one of its API roles; a credential with several comes as several rows. */
export type ApiCallerRow = Omit<AdministratorRow, 'username_key' | 'email_key'> &
  Pick<
    ApiCredentialRow,
    | 'secret_hash'
    | 'secret_md5_hash'
    | 'every_action'
    | 'allowed_addresses'
    | 'expires_at'
    | 'last_used_at'
    | 'last_used_ip'
  > & {
    credentialId: number;
    roleName: string;
    rolePermissions: string;
    apiRoleId: number | null;
    apiRoleActions: string | null;
  };

/** The rows of an identifier: none when there is no such credential. One statement. */
export async function apiCallerRows(ctx: Context, identifier: string): Promise<readonly ApiCallerRow[]> {
  return CALLER(ctx, identifier);
}

// GetAdminDetails: the administrator behind the credential.

import { action } from '#api/action.ts';
import { COMPATIBILITY } from '#api/compatibility.ts';
import { wireInstant } from '#api/dialect/instants.ts';
import type { Permission } from '#domain/administrators/permissions.ts';
import { WHMCS_PERMISSIONS } from '#domain/administrators/permissions.ts';

/**
 * No parameters. Answers adminid, name, notes, signature, allowedpermissions (WHMCS's names, joined by commas),
 * departments (empty: there are none here), requesttime and whmcs.
 */
export default action({
  group: 'System',
  answer: async ({ ctx, caller: { administrator } }) => ({
    adminid: administrator.id,
    name: `${administrator.firstName} ${administrator.lastName}`,
    notes: administrator.notes,
    signature: administrator.signature,
    allowedpermissions: namesForPrograms(administrator.role.permissions),
    departments: '',
    requesttime: wireInstant(ctx.now()),
    whmcs: COMPATIBILITY,
  }),
});

const KNOWN: ReadonlySet<string> = new Set(WHMCS_PERMISSIONS);

/** Names that are ours alone are left out: a program could not know them. */
function namesForPrograms(permissions: readonly Permission[]): string {
  return permissions.filter((one) => KNOWN.has(one)).join(',');
}

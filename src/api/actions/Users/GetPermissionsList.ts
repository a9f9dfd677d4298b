// GetPermissionsList: the permissions that a user can hold on a client account.

import { action } from '#api/action.ts';
import { ACCESS_PERMISSIONS } from '#domain/access/permissions.ts';

/** No parameters. Answers permissions.permission; `status` beside `result`, as the documented example has it. */
export default action({
  group: 'Users',
  answer: async () => ({ status: 'success', permissions: { permission: ACCESS_PERMISSIONS } }),
});

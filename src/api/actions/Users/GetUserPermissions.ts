// GetUserPermissions: what a user may do in a client account.

import { ActionError, action } from '#api/action.ts';
import { NOT_ASSOCIATED, namedPair } from '#api/user-and-client.ts';

/** user_id, client_id. Answers permissions.permission; of an owner, every one. */
export default action({
  group: 'Users',
  answer: async ({ ctx, values }) => {
    const { member } = await namedPair(ctx, values);
    if (!member) throw new ActionError(NOT_ASSOCIATED);
    return { permissions: { permission: member.permissions } };
  },
});

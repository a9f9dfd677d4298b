// GetUserPermissions: what a user may do in a client account.

import { ActionError, action } from '#api/action.ts';
import { NOT_ASSOCIATED, namedPair } from '#api/user-and-client.ts';
import { runs } from '#domain/access/terms.ts';

/**
 * user_id, client_id. Answers permissions.permission; of an owner, every one. Whose access has not begun yet, or is over, is
 * not associated. Of Doorward's own: serviceids.serviceid, where the access is limited to some services.
 */
export default action({
  group: 'Users',
  answer: async ({ ctx, values }) => {
    const { member } = await namedPair(ctx, values);
    if (!member || !runs(member, ctx.now())) throw new ActionError(NOT_ASSOCIATED);
    return {
      permissions: { permission: member.permissions },
      ...(member.serviceIds.length > 0 ? { serviceids: { serviceid: member.serviceIds } } : {}),
    };
  },
});

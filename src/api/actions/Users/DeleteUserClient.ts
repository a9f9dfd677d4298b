// DeleteUserClient: takes a user's access to a client account away. Neither of the two is deleted.

import { ActionError, action } from '#api/action.ts';
import { documented } from '#api/documented.ts';
import { NOT_ASSOCIATED, namedPair } from '#api/user-and-client.ts';
import { removeMember } from '#domain/access/member-changes.ts';

const TEXTS = { 'not-a-member': NOT_ASSOCIATED, 'owner-not-removable': 'You cannot remove the account owner' };

/** user_id, client_id. */
export default action({
  group: 'Users',
  answer: ({ ctx, caller, values }) =>
    documented(TEXTS, async () => {
      const { userId, clientId, member } = await namedPair(ctx, values);
      if (!member) throw new ActionError(NOT_ASSOCIATED);
      await removeMember(ctx, caller.actor, userId, clientId);
      return {};
    }),
});

// UpdateUserPermissions: what a user may do in a client account from now on.

import { ActionError, action } from '#api/action.ts';
import { list } from '#api/dialect/parameters.ts';
import { documented } from '#api/documented.ts';
import { NOT_ASSOCIATED, namedPair } from '#api/user-and-client.ts';
import { changePermissions } from '#domain/access/member-changes.ts';

const OWNER = 'Permissions cannot be set on a client owner';
const MISSING = 'Missing permissions definition';
const TEXTS = { 'owner-permissions-fixed': OWNER, 'permissions-missing': MISSING, 'not-a-member': NOT_ASSOCIATED };

/**
 * user_id, client_id, permissions: a comma list of the keys of GetPermissionsList, all that the user shall hold. A key that
 * there is not refuses the whole list: half of what was asked for would be a surprise.
 */
export default action({
  group: 'Users',
  answer: ({ ctx, caller, values }) =>
    documented(TEXTS, async () => {
      const { userId, clientId, member } = await namedPair(ctx, values);
      if (member?.isOwner) throw new ActionError(OWNER);
      const permissions = list(values, 'permissions', { commas: true })?.map((one) => one.toLowerCase());
      if (permissions === undefined) throw new ActionError(MISSING);
      if (!member) throw new ActionError(NOT_ASSOCIATED);
      await changePermissions(ctx, caller.actor, userId, clientId, permissions);
      return {};
    }),
});

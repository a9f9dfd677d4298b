// CreateClientInvite: invites somebody into a client account by letter.

import { ActionError, action } from '#api/action.ts';
import { integer, list, scalar } from '#api/dialect/parameters.ts';
import { documented } from '#api/documented.ts';
import { invite } from '#domain/access/invitations.ts';
import { isAccessPermission } from '#domain/access/permissions.ts';
import { findClient } from '#domain/clients/clients.ts';

const INVALID_CLIENT = 'Invalid client id';
const PERMISSIONS = 'User permissions are required';
const TEXTS = {
  'client-not-found': INVALID_CLIENT,
  'email-missing': 'Email is required',
  'email-invalid': 'The email address entered is not valid',
  'email-banned': 'The email address entered is not available for use.',
  'permissions-missing': PERMISSIONS,
  'already-member': 'User already associated with client',
};

/**
 * client_id, email, permissions: a comma list of the keys of GetPermissionsList; one that there is not refuses them all. The
 * letter is always sent: an invitation of this address that waits is replaced, and its link is dead.
 */
export default action({
  group: 'Users',
  answer: ({ ctx, caller, values }) =>
    documented(TEXTS, async () => {
      const email = (scalar(values, 'email') ?? '').trim();
      if (email === '') throw new ActionError(TEXTS['email-missing']);
      const clientId = integer(values, 'client_id');
      if (typeof clientId !== 'number' || !(await findClient(ctx, clientId))) throw new ActionError(INVALID_CLIENT);
      const named = list(values, 'permissions', { commas: true })?.map((one) => one.toLowerCase()) ?? [];
      const permissions = named.filter(isAccessPermission);
      await invite(ctx, caller.actor, clientId, {
        email,
        permissions: permissions.length < named.length ? [] : permissions,
        serviceIds: [],
        mayInvite: false,
        startsAt: undefined,
        endsAt: undefined,
        replace: true,
      });
      return {};
    }),
});

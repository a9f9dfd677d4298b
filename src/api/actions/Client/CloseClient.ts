// CloseClient: closes an account. Its people can look for a while, but no longer act.

import { ActionError, action } from '#api/action.ts';
import { integer } from '#api/dialect/parameters.ts';
import { documented } from '#api/documented.ts';
import { closeClient } from '#domain/clients/client-status.ts';

const NOT_FOUND = 'Client ID Not Found';

/** clientid, which is also answered. Closing a closed account changes nothing and is no fault. */
export default action({
  group: 'Client',
  answer: async ({ ctx, caller, values }) => {
    const id = integer(values, 'clientid');
    if (id === undefined || id === 'invalid') throw new ActionError(NOT_FOUND);
    await documented({ 'client-not-found': NOT_FOUND }, () => closeClient(ctx, caller.actor, id));
    return { clientid: id };
  },
});

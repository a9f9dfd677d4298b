// LogActivity: a line of a program's own in the audit log, in the name of its administrator and under an event of its own,
// so that it cannot pass for one of ours.

import { ActionError, action } from '#api/action.ts';
import { integer, present, scalar } from '#api/dialect/parameters.ts';
import { audit } from '#domain/audit/audit.ts';
import { findClient } from '#domain/clients/clients.ts';

/** description (required), clientid (until 8.0: userid). Answers nothing but success. */
export default action({
  group: 'System',
  answer: async ({ ctx, caller, values }) => {
    const description = scalar(values, 'description')?.trim();
    if (!description) throw new ActionError('Description is required');
    const clientId = integer(values, present(values, 'clientid') ? 'clientid' : 'userid') || undefined; // 0: none
    if (clientId === 'invalid') throw new ActionError('Client ID Not Found');
    if (clientId !== undefined && !(await findClient(ctx, clientId))) throw new ActionError('Client ID Not Found');
    await audit(ctx, caller.actor, { event: 'api.activity.logged', description, clientId });
    return {};
  },
});

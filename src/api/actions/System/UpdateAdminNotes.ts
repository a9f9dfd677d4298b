// UpdateAdminNotes: the notes of the administrator behind the credential, as GetAdminDetails reads them back.

import { ActionError, action } from '#api/action.ts';
import { present, scalar } from '#api/dialect/parameters.ts';
import { changeAdministrator } from '#domain/administrators/administrators.ts';
import { manyLines } from '#kit/text.ts';

/** notes (required; empty empties them, at most 10,000 characters). Answers nothing but success. */
export default action({
  group: 'System',
  answer: async ({ ctx, caller, values }) => {
    if (!present(values, 'notes')) throw new ActionError('Parameter notes is required');
    const notes = manyLines(scalar(values, 'notes') ?? '');
    await changeAdministrator(ctx, caller.actor, caller.administrator.id, { notes });
    return {};
  },
});

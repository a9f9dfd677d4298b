// DeleteClient: removes an account for good.

import { ActionError, action } from '#api/action.ts';
import { wordsOf } from '#api/call.ts';
import { flag, integer } from '#api/dialect/parameters.ts';
import { documented } from '#api/documented.ts';
import { deleteClient } from '#domain/access/deletion.ts';
import { Problem } from '#kit/problem.ts';

const NOT_FOUND = 'Client ID Not Found';

/**
 * clientid, deleteusers: also the people who are left without any client. deletetransactions is accepted and does nothing,
 * since there are no transactions yet. Answers clientid.
 */
export default action({
  group: 'Client',
  answer: async ({ ctx, caller, values }) => {
    const id = integer(values, 'clientid');
    if (id === undefined || id === 'invalid') throw new ActionError(NOT_FOUND);
    const withUsers = flag(values, 'deleteusers') ?? false;
    await documented({ 'client-not-found': NOT_FOUND }, () => deleteClient(ctx, caller.actor, id, withUsers)).catch(
      inDocumentedForm,
    );
    return { clientid: String(id) }; // a text in the documented example
  },
});

function inDocumentedForm(error: unknown): never {
  if (error instanceof Problem) throw new ActionError(`Client Delete Failed: ${wordsOf(error)}`);
  throw error;
}

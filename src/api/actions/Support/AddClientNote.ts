// AddClientNote: a dated note of staff about a client.

import { ActionError, action } from '#api/action.ts';
import { flag, integer, scalar } from '#api/dialect/parameters.ts';
import { documented } from '#api/documented.ts';
import { findClient } from '#domain/clients/clients.ts';
import { addNote } from '#domain/notes/notes.ts';
import type { Context } from '#src/context.ts';

const NOT_FOUND = 'Client ID not found'; // in lower case for this action alone
const TEXTS = { 'client-not-found': NOT_FOUND, 'note-missing': 'Notes can not be empty' };

/** userid (a client's id), notes, sticky (no). Answers noteid. */
export default action({
  group: 'Support',
  answer: ({ ctx, caller, values }) =>
    documented(TEXTS, async () => {
      const clientId = integer(values, 'userid');
      if (typeof clientId !== 'number') throw new ActionError(NOT_FOUND);
      const note = { body: scalar(values, 'notes') ?? '', isSticky: flag(values, 'sticky') ?? false };
      // In the documented order: whose it is, before what it says.
      await requireClient(ctx, clientId);
      return { noteid: String(await addNote(ctx, caller.actor, clientId, note)) }; // a text in the documented example
    }),
});

async function requireClient(ctx: Context, clientId: number): Promise<void> {
  if (!(await findClient(ctx, clientId))) throw new ActionError(NOT_FOUND);
}

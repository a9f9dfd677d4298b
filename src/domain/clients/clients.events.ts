// What client accounts announce, also to other programs; heard in the same transaction.

import { defineEvent } from '#kit/events.ts';

/** An account was made. */
export const clientCreated = defineEvent<{ clientId: number }>('client.created', told);
/** Fields of an account changed: which of them. */
export const clientUpdated = defineEvent<{ clientId: number; fields: readonly string[] }>(
  'client.updated',
  ({ clientId, fields }) => ({ client_id: clientId, fields }),
);
/** The status became another. */
export const clientStatusChanged = defineEvent<{ clientId: number; before: string; after: string }>(
  'client.status_changed',
  ({ clientId, before, after }) => ({ client_id: clientId, before, after }),
);
/** An account was closed, by the status or by the act of closing. */
export const clientClosed = defineEvent<{ clientId: number }>('client.closed', told);
/** An account is gone. */
export const clientDeleted = defineEvent<{ clientId: number }>('client.deleted', told);

function told({ clientId }: { readonly clientId: number }): { client_id: number } {
  return { client_id: clientId };
}

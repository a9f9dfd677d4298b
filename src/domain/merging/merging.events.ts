// What merging announces, as WHMCS's hook AfterClientMerge does (there: toUserID, fromUserID). Ids alone.

import { defineEvent } from '#kit/events.ts';

/** `clientId` is the account that stands, `fromClientId` the one that became a part of it. */
type Merged = { readonly clientId: number; readonly fromClientId: number };

/** An account became a part of another. Its people are people of the other now; nothing answers to its own number. */
export const clientMerged = defineEvent<Merged>('client.merged', told);
/** That was undone: the account stands again, with its people. */
export const clientMergeUndone = defineEvent<Merged>('client.merge_undone', told);

function told({ clientId, fromClientId }: Merged): { client_id: number; from_client_id: number } {
  return { client_id: clientId, from_client_id: fromClientId };
}

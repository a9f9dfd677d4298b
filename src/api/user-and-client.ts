// The actions about a user in a client account name both the same way, and refuse them in the same words.

import { ActionError } from '#api/action.ts';
import { integer } from '#api/dialect/parameters.ts';
import type { WireValues } from '#api/dialect/wire.ts';
import type { Member } from '#domain/access/members.ts';
import { findMembership } from '#domain/access/members.ts';
import { findClient } from '#domain/clients/clients.ts';
import { findUser } from '#domain/users/users.ts';
import type { Context } from '#src/context.ts';

/** What is said when the two know nothing of each other. */
export const NOT_ASSOCIATED = 'User is not associated with client';

/**
 * The user and the client that user_id and client_id name, and the one's standing in the other, if any: now or, where its
 * term is still to begin, from then on.
 */
export async function namedPair(
  ctx: Context,
  values: WireValues,
): Promise<{ readonly userId: number; readonly clientId: number; readonly member: Member | undefined }> {
  const userId = integer(values, 'user_id');
  if (typeof userId !== 'number' || !(await findUser(ctx, userId))) throw new ActionError('Invalid user id');
  const clientId = integer(values, 'client_id');
  if (typeof clientId !== 'number' || !(await findClient(ctx, clientId))) throw new ActionError('Invalid client id');
  return { userId, clientId, member: await findMembership(ctx, userId, clientId) };
}

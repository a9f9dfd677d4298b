// What is announced of staff in the place of a user.

import { defineEvent } from '#kit/events.ts';

/** Why staff are no longer there: they left, their time ran out, they went on to another user, or something ended it. */
export type ActingEnd = 'left' | 'time' | 'replaced' | 'ended';

type Acting = {
  readonly administratorId: number;
  readonly userId: number;
  readonly clientId: number | undefined;
  readonly sessionId: number;
  readonly mayWrite: boolean;
};

/** Staff entered the client area in the place of a user. */
export const actingStarted = defineEvent<Acting>('admin.impersonation.started', told);
/** They are there no more. */
export const actingEnded = defineEvent<Acting & { readonly why: ActingEnd }>(
  'admin.impersonation.ended',
  ({ why, ...acting }) => ({ ...told(acting), why }),
);

function told({ administratorId, userId, clientId, mayWrite }: Acting) {
  return { admin_id: administratorId, user_id: userId, client_id: clientId ?? null, may_write: mayWrite };
}

// What access announces; topics below hear it in the same transaction, and all of it is told outside: ids, names of fields.

import type { EndedBy } from '#domain/access/former-members.table.ts';
import { defineEvent } from '#kit/events.ts';

/** What happened to an invitation. */
type OfInvitation = { readonly clientId: number; readonly invitationId: number };
/** What happened to a membership. */
type OfMember = { readonly clientId: number; readonly userId: number };

/** Somebody was linked to a client at once, by staff or by a program. */
export const accessAdded = defineEvent<OfMember>('access.added', ofMember);
/** An invitation was sent. */
export const accessInvited = defineEvent<OfInvitation>('access.invited', ofInvitation);
/** It was sent again, under a new link. */
export const accessResent = defineEvent<OfInvitation>('access.resent', ofInvitation);
/** It was taken back: by hand, or because whoever sent it may not give that much any more. */
export const accessCancelled = defineEvent<OfInvitation>('access.cancelled', ofInvitation);
/** Somebody accepted it and is a member now. */
export const accessAccepted = defineEvent<OfInvitation & OfMember>('access.accepted', (told) => ({
  ...ofInvitation(told),
  ...ofMember(told),
}));
/** Whoever holds the link does not want it. */
export const accessDeclined = defineEvent<OfInvitation>('access.declined', ofInvitation);
/** Nobody accepted it in time. */
export const accessExpired = defineEvent<OfInvitation>('access.expired', ofInvitation);
/** What a member may do was changed. `fields`: the names of what is another now. */
export const accessPermissionsChanged = defineEvent<OfMember & { readonly fields: readonly string[] }>(
  'access.permissions_changed',
  (told) => ({ ...ofMember(told), fields: told.fields }),
);
/** A membership ended. */
export const accessRemoved = defineEvent<OfMember & { readonly why: EndedBy }>('access.removed', (told) => ({
  ...ofMember(told),
  why: told.why,
}));

function ofInvitation({ clientId, invitationId }: OfInvitation): { client_id: number; invitation_id: number } {
  return { client_id: clientId, invitation_id: invitationId };
}

function ofMember({ clientId, userId }: OfMember): { client_id: number; user_id: number } {
  return { client_id: clientId, user_id: userId };
}

// What a person may read of the log about themselves: sign-ins, refused tries, and what became of their password, address,
// sessions and access. Not the staff's sentences, and of others neither name nor address.

import { ACTING } from '#domain/audit/audit.ts';
import type { AuditFound, DetailedLine } from '#domain/audit/audit-search.ts';
import { searchAudit } from '#domain/audit/audit-search.ts';
import type { KeysetPlace } from '#kit/keyset.ts';
import type { Context } from '#src/context.ts';

/** The events that are shown; each has its words. */
export const OWN_EVENTS = [
  'user.login.success',
  'user.login.failed',
  'user.login.blocked',
  'user.logout',
  'user.session.ended',
  'user.device.trusted',
  'user.device.distrusted',
  'user.device.forgotten',
  'user.device.copied',
  'user.remembered.copied',
  'user.password.changed',
  'user.password.reset_requested',
  'user.password.reset_completed',
  'user.password.set_by_admin',
  'user.email.change_requested',
  'user.email.change_cancelled',
  'user.email.change_undone',
  'user.email.verification_sent',
  'user.email.verified',
  'user.created',
  'user.updated',
  'user.data_exported',
  'access.added',
  'access.removed',
  'access.permissions_changed',
  'access.owner_set',
  'access.owner_changed',
  'sso.token.issued',
  'sso.token.redeemed',
  'sso.token.refused',
  'admin.impersonation.started',
  'admin.impersonation.ended',
  'admin.impersonation.forwarded',
  'user.support_pin.made',
  'user.support_pin.matched',
  'user.support_pin.refused',
  'user.identity_check.asked',
  'user.identity_check.confirmed',
  'user.identity_check.declined',
] as const;
/** One of them. */
export type OwnEvent = (typeof OWN_EVENTS)[number];

/** A line as its person reads it. */
export type OwnActivity = {
  readonly id: number;
  readonly at: number;
  readonly event: OwnEvent;
  /**
   * `you`: with your sign-in; `unknown`: somebody who had not signed in; `other`: a person of the account; `staff`; `system`:
   * by itself; `acting`: staff in your place.
   */
  readonly by: 'acting' | 'you' | 'unknown' | 'other' | 'staff' | 'system';
  /** Where from; only for what happened as you, or as nobody in your name. */
  readonly ip: string | undefined;
  /** The account it is about. */
  readonly clientId: number | undefined;
  /** Who of staff was in the person's place, and why they said that they had to be. */
  readonly acting: { readonly administratorId: number; readonly reason: string | undefined } | undefined;
};

/** A page of what happened to a person, the newest first; `searchedTo` as in `searchAudit`. */
export async function ownActivity(
  ctx: Context,
  userId: number,
  place: KeysetPlace,
  size: number,
): Promise<Omit<AuditFound, 'rows'> & { readonly rows: readonly OwnActivity[] }> {
  const found = await searchAudit(ctx, { userId, events: OWN_EVENTS }, place, size);
  return { ...found, rows: found.rows.flatMap(ownLine) };
}

function ownLine(line: DetailedLine): OwnActivity[] {
  const event = OWN_EVENTS.find((one) => one === line.event);
  if (event === undefined) return [];
  const by = whoOf(line);
  const ip = (by === 'you' || by === 'unknown') && line.ip !== '' ? line.ip : undefined;
  return [{ id: line.id, at: line.at, event, by, ip, clientId: line.clientId, acting: actingOf(line) }];
}

function actingOf({ event, actorKind, administratorId, details }: DetailedLine): OwnActivity['acting'] {
  const isActing = actorKind === ACTING || event.startsWith('admin.impersonation.');
  if (!isActing || administratorId === undefined) return undefined;
  const { reason } = details ?? {};
  return { administratorId, reason: typeof reason === 'string' ? reason : undefined };
}

// Access to an account is given and taken by its people: the line then bears whom it happened to, not who did it.
function whoOf({ actorKind, event }: DetailedLine): OwnActivity['by'] {
  if (actorKind === ACTING) return 'acting';
  if (actorKind === 'user') return event.startsWith('access.') ? 'other' : 'you';
  if (actorKind === 'stranger') return 'unknown';
  return actorKind === 'administrator' ? 'staff' : 'system';
}

// What becomes of an invitation: looked at by whoever holds its link, accepted once, or declined. A link that opens nothing
// is one and the same to whoever holds it: unknown, spent, taken back, too old.

import { accessAccepted, accessDeclined } from '#domain/access/access.events.ts';
import { invitedAddressOnly } from '#domain/access/access.settings.ts';
import { tellAnswer } from '#domain/access/access-news.ts';
import type { Given } from '#domain/access/giving.ts';
import { endWhenTaken } from '#domain/access/giving.ts';
import type { InvitationRow } from '#domain/access/invitations.table.ts';
import { findInvitationByToken, noteAccepter, spendInvitation } from '#domain/access/invitations.table.ts';
import { givenOf, giverOfInvitation, note } from '#domain/access/invitations.ts';
import { linkMember } from '#domain/access/member-changes.ts';
import { isOver } from '#domain/access/terms.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { strangerActor } from '#domain/audit/actor.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import { findClient, holdClient } from '#domain/clients/clients.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { findUserByEmail, keepUser } from '#domain/users/users.ts';
import { notAllowed } from '#kit/problem.ts';
import { fingerprint } from '#kit/secret.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** An invitation as whoever holds its link sees it. */
export type OpenInvitation = Given & {
  readonly clientId: number;
  readonly accountName: string;
  /** Who sent it; empty for staff. */
  readonly invitedBy: string;
  readonly email: string;
  readonly expiresAt: number;
  /** Whether only this address may accept. */
  readonly addressOnly: boolean;
  /** Whether somebody signs in here with this address: then they do that rather than choosing a password. */
  readonly isKnown: boolean;
};

/** Looks at an invitation by its link and spends nothing. Undefined: it opens nothing, for whatever reason. */
export async function findOpenInvitation(ctx: Context, token: string): Promise<OpenInvitation | undefined> {
  const row = await findInvitationByToken(ctx, fingerprint(token));
  if (row?.state !== 'waiting' || row.expires_at <= ctx.now()) return undefined;
  const client = await findClient(ctx, row.client_id);
  const access = await accessWhenTaken(ctx, row);
  if (!client || client.status === 'Closed' || !access) return undefined;
  return {
    ...givenOf(row),
    clientId: row.client_id,
    accountName: displayName(client),
    invitedBy: row.invited_by_name,
    email: row.email,
    expiresAt: row.expires_at,
    addressOnly: await settingOf(ctx, invitedAddressOnly),
    isKnown: (await findUserByEmail(ctx, row.email)) !== undefined,
  };
}

/** Whether an address may accept: the invited one in whatever case, or any where the operator allows that. */
export function mayAccept(invitation: Pick<OpenInvitation, 'email' | 'addressOnly'>, address: string): boolean {
  return !invitation.addressOnly || comparable(address) === comparable(invitation.email);
}

/**
 * Accepts an invitation as somebody who is signed in. Of any number of callers one gets the access. Throws not-allowed
 * `invitation-over`, or `invitation-other-address` and conflict `already-member`, by which nothing is spent. Answers the
 * account's id. It does not count as having verified an address: links are forwarded.
 */
export async function acceptInvitation(
  ctx: Context,
  actor: Actor & { readonly kind: 'user' },
  token: string,
): Promise<number> {
  return ctx.transaction(async (tx) => {
    const user = await keepUser(tx, actor.userId);
    const spent = await spendOpen(tx, token, 'accepted');
    if (!mayAccept({ email: spent.email, addressOnly: await settingOf(tx, invitedAddressOnly) }, user.email))
      throw notAllowed('invitation-other-address');
    return enterBy(tx, actor, spent, user.id);
  });
}

/**
 * The same for somebody who is made in this very transaction, once the invitation is spent: `make` answers who they are.
 * For `signup`, which has held their address to the invitation.
 */
export async function acceptInvitationAs(
  tx: Context,
  token: string,
  make: () => Promise<Actor & { readonly kind: 'user' }>,
): Promise<{ readonly clientId: number; readonly userId: number }> {
  const spent = await spendOpen(tx, token, 'accepted');
  const actor = await make();
  return { clientId: await enterBy(tx, actor, spent, actor.userId), userId: actor.userId };
}

/** Declines an invitation: its link is spent, and whoever sent it is told. Throws not-allowed `invitation-over`. */
export async function declineInvitation(ctx: Context, token: string, ip: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    const row = await spendOpen(tx, token, 'declined');
    await note(tx, strangerActor(ip), 'access.declined', row, `The invitation of ${row.email} was declined`);
    await tellAnswer(
      tx,
      { clientId: row.client_id, email: row.email, invitedBy: row.invited_by ?? undefined },
      { is: 'declined' },
    );
    await tx.bus.announce(tx, accessDeclined, { clientId: row.client_id, invitationId: row.id });
  });
}

/** The account first and then the invitation, as everything does that ends invitations: nobody waits for each other. */
async function spendOpen(tx: Context, token: string, as: 'accepted' | 'declined'): Promise<InvitationRow> {
  const found = await findInvitationByToken(tx, fingerprint(token));
  if (!found) throw notAllowed('invitation-over');
  const client = await holdClient(tx, found.client_id, 'keep');
  const spent = client.status === 'Closed' ? undefined : await spendInvitation(tx, found.token_hash, as);
  if (!spent) throw notAllowed('invitation-over');
  return spent;
}

async function enterBy(tx: Context, actor: Actor, row: InvitationRow, userId: number): Promise<number> {
  const access = await accessWhenTaken(tx, row);
  if (!access) throw notAllowed('invitation-over');
  await linkMember(tx, userId, row.client_id, access);
  await noteAccepter(tx, row.id, userId);
  await note(tx, actor, 'access.accepted', row, `The invitation of ${row.email} was accepted`, userId);
  await tellAnswer(
    tx,
    { clientId: row.client_id, email: row.email, invitedBy: row.invited_by ?? undefined },
    { is: 'accepted', userId },
  );
  await tx.bus.announce(tx, accessAccepted, { clientId: row.client_id, invitationId: row.id, userId });
  return row.client_id;
}

/** What an invitation gives when it is taken now; undefined when nothing is left of it. */
async function accessWhenTaken(ctx: Context, row: InvitationRow): Promise<Given | undefined> {
  const giver = await giverOfInvitation(ctx, row);
  if (!giver) return undefined;
  const given = givenOf(row);
  const endsAt = endWhenTaken(giver, given, ctx.now());
  if (isOver({ endsAt }, Math.max(ctx.now(), given.startsAt ?? 0))) return undefined;
  return { ...given, endsAt, lastsMs: undefined };
}

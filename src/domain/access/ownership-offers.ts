// An owner offers an account to one of its members, who accepts or declines it, in seven days.

import { ownersManagePeople } from '#domain/access/access.settings.ts';
import { findMemberRow } from '#domain/access/members.table.ts';
import { findMember, ownerIdOf } from '#domain/access/members.ts';
import {
  handOver,
  holdMembers,
  holdPeople,
  isDisabled,
  liveClient,
  OFFER_MS,
  tell,
  transferRow,
} from '#domain/access/ownership.ts';
import { endOffer, endOffersFrom, insertTransfer, offerRow } from '#domain/access/ownership-transfers.table.ts';
import { ownershipUndoOf } from '#domain/access/ownership-undo.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { holdClient } from '#domain/clients/clients.ts';
import { spendLimit } from '#domain/guard/limits.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { User } from '#domain/users/users.ts';
import { usersOf } from '#domain/users/users.ts';
import { days, hours } from '#kit/duration.ts';
import { conflict, invalid, notAllowed, notFound } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

const OFFERS = { name: 'ownership-offers', most: 10, withinMs: hours(24) };

/** An offer that waits for its answer. */
export type OwnershipOffer = {
  readonly clientId: number;
  readonly from: User;
  readonly to: User;
  readonly createdAt: number;
  readonly expiresAt: number;
};

/**
 * The owner offers the account to one of its members, having just proved who they are (login/step-up.ts). A new offer takes the
 * place of an older one; both people get a letter. Throws invalid with the field `to`, `too-many`, not-found,
 * not-allowed `people-by-staff` where staff alone look after people, or conflict `ownership-undo-open` while the last change
 * can still be put back: passing an account on at once would bar the way of whoever it was taken from.
 */
export async function offerOwnership(
  ctx: Context,
  actor: Actor,
  clientId: number,
  given: { readonly from: number; readonly to: number | undefined },
): Promise<void> {
  if (!(await settingOf(ctx, ownersManagePeople))) throw notAllowed('people-by-staff');
  const to = given.to;
  if (to === undefined || to === given.from) throw invalid({ to: 'new-owner-missing' });
  await spendLimit(ctx, OFFERS, `client ${clientId}`);
  await ctx.transaction(async (tx) => {
    const people = await holdPeople(tx, [given.from, to]);
    const [from, heir] = [people.get(given.from), people.get(to)];
    if (!from) throw notFound('user-not-found');
    const client = await liveClient(tx, clientId);
    await requireOwner(tx, given.from, clientId);
    if (!heir || heir.user.disabledAt !== undefined || !(await findMember(tx, to, clientId)))
      throw invalid({ to: 'new-owner-not-a-member' });
    if (await ownershipUndoOf(tx, clientId)) throw conflict('ownership-undo-open');
    await endOffer(tx, clientId, 'replaced');
    await insertTransfer(tx, transferRow(tx, clientId, given.from, to, { byStaff: false }));
    await audit(tx, actor, {
      event: 'access.ownership_offered',
      description: `The account was offered to user ${to}`,
      clientId,
      details: { to },
    });
    const offer = { client, from: from.user, to: heir.user, byStaff: false };
    const page = await publicLink(tx, `/account/${clientId}/ownership`);
    await tell(tx, 'offered', offer, `${page}/offer`, OFFER_MS);
    await tell(tx, 'offering', offer, page, OFFER_MS);
  });
}

/** The offer of an account that waits for its answer, if any. */
export async function ownershipOfferOf(ctx: Context, clientId: number): Promise<OwnershipOffer | undefined> {
  const row = await offerRow(ctx, clientId);
  if (!row || row.expires_at <= ctx.now() || (await ownerIdOf(ctx, clientId)) !== row.from_user_id) return undefined;
  const people = await usersOf(ctx, [row.from_user_id, row.to_user_id]);
  const [from, to] = [people.get(row.from_user_id), people.get(row.to_user_id)];
  if (!from || !to) return undefined;
  return { clientId, from, to, createdAt: row.created_at, expiresAt: row.expires_at };
}

/**
 * The member accepts: one of any number of tries. The owner until now keeps every permission as a member. Throws
 * not-allowed `ownership-offer-over` when there is no such offer any more, or whoever made it owns the account no more.
 */
export async function acceptOwnership(ctx: Context, actor: Actor, clientId: number, userId: number): Promise<void> {
  const seen = await offerRow(ctx, clientId);
  if (!seen || seen.to_user_id !== userId) throw notAllowed('ownership-offer-over');
  await ctx.transaction(async (tx) => {
    const people = await holdPeople(tx, [seen.from_user_id, userId]);
    const [from, to] = [people.get(seen.from_user_id)?.user, people.get(userId)?.user];
    const client = await liveClient(tx, clientId);
    // The memberships before the offer, as whoever removes a member holds them: nobody waits for each other.
    const held = await holdMembers(tx, clientId, seen.from_user_id, userId);
    const offer = await endOffer(tx, clientId, 'accepted', { from: seen.from_user_id, to: userId, inTime: true });
    if (!offer || !from || !to || isDisabled(from) || isDisabled(to)) throw notAllowed('ownership-offer-over');
    if (held?.from.is_owner !== 1) throw notAllowed('ownership-offer-over');
    // Gone and let in again since: it was offered to the member that they were.
    if (held.to.created_at > offer.created_at) throw notAllowed('ownership-offer-over');
    await handOver(tx, actor, { id: offer.id, client, from, to, toRow: held.to, byStaff: false });
  });
}

/** The member declines; the owner is told. Throws not-allowed `ownership-offer-over`. */
export async function declineOwnership(ctx: Context, actor: Actor, clientId: number, userId: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const client = await holdClient(tx, clientId, 'keep');
    const offer = await endOffer(tx, clientId, 'declined', { to: userId, inTime: true });
    if (!offer) throw notAllowed('ownership-offer-over');
    await audit(tx, actor, {
      event: 'access.ownership_declined',
      description: `User ${userId} did not take the account over`,
      clientId,
    });
    const people = await usersOf(tx, [offer.from_user_id, userId]);
    const [from, to] = [people.get(offer.from_user_id), people.get(userId)];
    if (from && to) await tell(tx, 'declined', { client, from, to, byStaff: false }, undefined, days(7));
  });
}

/** Calls the open offer of an account off: its owner, or staff. Throws not-allowed `ownership-offer-over` when there is none. */
export async function cancelOwnershipOffer(ctx: Context, actor: Actor, clientId: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    await holdClient(tx, clientId, 'keep');
    if (!(await endOffer(tx, clientId, 'cancelled'))) throw notAllowed('ownership-offer-over');
    await auditCancelled(tx, actor, clientId);
  });
}

/** A changed password or address, or a deactivated person, ends what they had offered: it may have been somebody else. */
export async function cancelOffersOf(tx: Context, actor: Actor, userId: number): Promise<void> {
  for (const { client_id } of await endOffersFrom(tx, userId)) await auditCancelled(tx, actor, client_id);
}

/** Whoever is a member no more was not offered the account for the day on which they are let in again. */
export async function cancelOfferTo(tx: Context, actor: Actor, clientId: number, userId: number): Promise<void> {
  if (await endOffer(tx, clientId, 'cancelled', { to: userId })) await auditCancelled(tx, actor, clientId);
}

async function requireOwner(tx: Context, userId: number, clientId: number): Promise<void> {
  if ((await findMemberRow(tx, userId, clientId))?.is_owner !== 1) throw notAllowed('owner-only');
}

async function auditCancelled(tx: Context, actor: Actor, clientId: number): Promise<void> {
  await audit(tx, actor, {
    event: 'access.ownership_cancelled',
    description: 'The offer of the account was called off',
    clientId,
  });
}

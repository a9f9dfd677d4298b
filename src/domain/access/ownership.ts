// Who owns an account becomes somebody else: staff decide it at once; an owner offers it and a member accepts. For three
// days the owner before, by a link, or staff can put it back. At every instant an account has exactly one owner: each
// change holds the people, the account and both memberships, and the index members_one_owner stands behind it.

import type { AccessColumns, MemberRow } from '#domain/access/members.table.ts';
import { lockMemberRow, updateOwnership } from '#domain/access/members.table.ts';
import { findMember, ownerIdOf } from '#domain/access/members.ts';
import { ownerChanged } from '#domain/access/ownership.events.ts';
import type { OwnershipLetter } from '#domain/access/ownership.mail.ts';
import { ownershipLetter } from '#domain/access/ownership.mail.ts';
import type { TransferRow } from '#domain/access/ownership-transfers.table.ts';
import {
  doneTransferRows,
  endOffer,
  endUndosOf,
  insertTransfer,
  keepUndo,
} from '#domain/access/ownership-transfers.table.ts';
import { ACCESS_PERMISSIONS } from '#domain/access/permissions.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import type { Client } from '#domain/clients/clients.ts';
import { holdClient } from '#domain/clients/clients.ts';
import { queueLetter } from '#domain/mail/outbox.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { openEmailUndos } from '#domain/users/email-undos.ts';
import type { User } from '#domain/users/users.ts';
import { holdUser, nameOf } from '#domain/users/users.ts';
import { days, hours } from '#kit/duration.ts';
import { conflict, notAllowed, notFound } from '#kit/problem.ts';
import { fingerprint, randomToken } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

/** How long an offer waits for its answer. */
export const OFFER_MS = days(7);
/** How long a change of owner can be put back (behaviours.md, section 15, number 13). */
export const UNDO_OWNER_MS = hours(72);
/** For so long staff who repeat what the owner before has put back are believed: no link goes out a second time. */
const SETTLED_MS = days(30);

/**
 * Staff make a member the owner, at once. Both are told, and the owner before can put it back by a link, once: staff who
 * decide the same again within a month have looked into it. Throws not-found, conflict `already-owner`, or not-allowed.
 */
export async function makeOwner(ctx: Context, actor: Actor, clientId: number, userId: number): Promise<void> {
  const ownerId = await ownerIdOf(ctx, clientId);
  if (ownerId === undefined) return makeFirstOwner(ctx, actor, clientId, userId);
  if (ownerId === userId) throw conflict('already-owner');
  await ctx.transaction(async (tx) => {
    const people = await holdPeople(tx, [ownerId, userId]);
    const [from, to] = [people.get(ownerId)?.user, people.get(userId)?.user];
    const client = await holdClient(tx, clientId, 'change');
    const held = await holdMembers(tx, clientId, ownerId, userId);
    if (!from || !to || !held) throw notFound('not-a-member');
    if (isDisabled(to)) throw conflict('new-owner-disabled');
    if (held.from.is_owner !== 1) throw conflict('changed-meanwhile'); // another change was quicker: look again
    await endOffer(tx, clientId, 'replaced');
    const row = transferRow(tx, clientId, ownerId, userId, { byStaff: true });
    const id = await insertTransfer(tx, { ...row, ended_at: tx.now(), ended_how: 'accepted' });
    await handOver(tx, actor, { id, client, from, to, toRow: held.to, byStaff: true });
  });
}

type HandOver = {
  readonly id: number;
  readonly client: Client;
  readonly from: User;
  readonly to: User;
  readonly toRow: MemberRow;
  readonly byStaff: boolean;
};

/** Both memberships are held and are as they should be: the change itself. First one owner less, then one more. */
export async function handOver(tx: Context, actor: Actor, change: HandOver): Promise<void> {
  const { id, client, from, to, toRow, byStaff } = change;
  await updateOwnership(tx, from.id, client.id, {
    is_owner: 0,
    ...NO_LIMITS,
    permissions: ACCESS_PERMISSIONS.join(','),
  });
  await updateOwnership(tx, to.id, client.id, { is_owner: 1, ...NO_LIMITS, permissions: '' });
  const token = (await isSettled(tx, change)) ? undefined : randomToken();
  await endUndosOf(tx, client.id, id);
  await keepUndo(tx, id, {
    undo_token_hash: token === undefined ? null : fingerprint(token),
    undo_until: tx.now() + UNDO_OWNER_MS,
    to_access: JSON.stringify(accessOf(toRow)),
  });
  await sayOwnerChanged(tx, actor, { client, before: from, after: to, putBack: false });
  const url = token === undefined ? undefined : await publicLink(tx, `/ownership/undo/${token}`);
  for (const email of await readersOf(tx, from, byStaff))
    await tell(tx, 'handed-over', { client, from: { ...from, email }, to, byStaff }, url, UNDO_OWNER_MS);
  const home = await publicLink(tx, `/account/${client.id}`);
  await tell(tx, 'received', { client, from, to, byStaff }, home, days(7));
}

/**
 * Where the owner before reads of it: also at the addresses they had until lately. Whoever stole a sign-in moves its address
 * first, and would else be the only one to hear that the account is gone.
 */
async function readersOf(tx: Context, from: User, byStaff: boolean): Promise<string[]> {
  const before = byStaff ? [] : await openEmailUndos(tx, from.id);
  return [from.email, ...before.map((undo) => undo.email)];
}

/** Whether staff do again what the owner before has put back by their link: then it is decided. */
async function isSettled(tx: Context, { client, from, byStaff }: HandOver): Promise<boolean> {
  if (!byStaff) return false;
  const done = await doneTransferRows(tx, client.id, 20);
  return done.some(
    (row) =>
      row.from_user_id === from.id &&
      row.undone_by_staff === 0 &&
      row.undone_at !== null &&
      row.undone_at > tx.now() - SETTLED_MS,
  );
}

/** Writes the change down and tells those below. For this topic's own files, as is all that follows. */
export async function sayOwnerChanged(
  tx: Context,
  actor: Actor,
  change: { readonly client: Client; readonly before: User; readonly after: User; readonly putBack: boolean },
): Promise<void> {
  const [before, after] = [change.before.id, change.after.id];
  await audit(tx, actor, {
    event: 'access.owner_changed',
    description: change.putBack
      ? `User ${after} is the owner again, and no more user ${before}`
      : `User ${after} became the owner in place of user ${before}`,
    clientId: change.client.id,
    userId: after,
    details: { before, after, putBack: change.putBack },
  });
  await tx.bus.announce(tx, ownerChanged, { clientId: change.client.id, before, after });
}

/** An account that lost its owner, such as a closed one whose owner deleted themselves: a member becomes it. */
async function makeFirstOwner(ctx: Context, actor: Actor, clientId: number, userId: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const person = (await holdPeople(tx, [userId])).get(userId)?.user;
    const client = await holdClient(tx, clientId, 'change');
    await lockMemberRow(tx, userId, clientId);
    if (!person || !(await findMember(tx, userId, clientId))) throw notFound('not-a-member'); // nor one whose time is over
    if (isDisabled(person)) throw conflict('new-owner-disabled');
    if ((await ownerIdOf(tx, clientId)) !== undefined) throw conflict('changed-meanwhile');
    await updateOwnership(tx, userId, clientId, { is_owner: 1, ...NO_LIMITS, permissions: '' });
    await audit(tx, actor, {
      event: 'access.owner_set',
      description: `User ${userId} became the owner`,
      clientId: client.id,
      userId,
    });
  });
}

/** People in the order of their ids, so that two who hold several never wait for each other. */
export async function holdPeople(
  tx: Context,
  ids: readonly number[],
): Promise<Map<number, { readonly user: User; readonly hash: string | undefined }>> {
  const held = new Map<number, { readonly user: User; readonly hash: string | undefined }>();
  for (const id of [...new Set(ids)].sort((a, b) => a - b)) {
    const one = await holdUser(tx, id);
    if (one) held.set(id, one);
  }
  return held;
}

/** Both memberships, held in the order of the people's ids; undefined when one is not there, or not in force. */
export async function holdMembers(
  tx: Context,
  clientId: number,
  fromId: number,
  toId: number,
): Promise<{ readonly from: MemberRow; readonly to: MemberRow } | undefined> {
  const rows = new Map<number, MemberRow>();
  for (const id of [fromId, toId].sort((a, b) => a - b)) {
    const row = await lockMemberRow(tx, id, clientId);
    if (row) rows.set(id, row);
  }
  const [from, to] = [rows.get(fromId), rows.get(toId)];
  if (!from || !to || !(await findMember(tx, toId, clientId))) return undefined;
  return { from, to };
}

/** An account that is not closed, held. Throws not-allowed `account-closed`. */
export async function liveClient(tx: Context, clientId: number): Promise<Client> {
  const client = await holdClient(tx, clientId, 'change');
  if (client.status === 'Closed') throw notAllowed('account-closed');
  return client;
}

type Told = { readonly client: Client; readonly from: User; readonly to: User; readonly byStaff: boolean };

/** Queues one of the letters to whom it is for. `holdsMs`: for how long it is worth sending. */
export async function tell(
  tx: Context,
  which: OwnershipLetter,
  { client, from, to, byStaff }: Told,
  url: string | undefined,
  holdsMs: number,
): Promise<void> {
  const [reader, other] = which === 'offered' || which === 'received' || which === 'lost' ? [to, from] : [from, to];
  await queueLetter(
    tx,
    ownershipLetter({
      which,
      to: reader,
      other: nameOf(other),
      account: displayName(client),
      company: await settingOf(tx, companyName),
      byStaff,
      url,
      clientId: client.id,
      expiresAt: tx.now() + holdsMs,
    }),
  );
}

/** A transfer that begins now. */
export function transferRow(
  tx: Context,
  clientId: number,
  from: number,
  to: number,
  how: { readonly byStaff: boolean },
): Omit<TransferRow, 'id'> {
  return {
    client_id: clientId,
    from_user_id: from,
    to_user_id: to,
    by_staff: how.byStaff ? 1 : 0,
    created_at: tx.now(),
    expires_at: tx.now() + OFFER_MS,
    ended_at: null,
    ended_how: null,
    undo_token_hash: null,
    undo_until: null,
    undone_at: null,
    undone_by_staff: null,
    to_access: null,
  };
}

/** A membership of the whole account and without an end. */
export const NO_LIMITS = { service_ids: '', may_invite: 0, starts_at: null, ends_at: null };

function accessOf({ permissions, service_ids, may_invite, starts_at, ends_at }: MemberRow): AccessColumns {
  return { permissions, service_ids, may_invite, starts_at, ends_at };
}

/** Whether somebody may not sign in any more. */
export function isDisabled(user: User): boolean {
  return user.disabledAt !== undefined;
}

// Inviting people into an account: a letter with a link that opens it once, for seven days (behaviours.md 2.5; section 15,
// numbers 10 to 12). Sending it again kills the older link. Nothing that is answered here tells whether an address is known.

import { accessCancelled, accessExpired, accessInvited, accessResent } from '#domain/access/access.events.ts';
import { accessFaults, columnsOf, serviceIdsIn, wholeAccess } from '#domain/access/access.ts';
import type { Given, Giver } from '#domain/access/giving.ts';
import { excessOf, giverOf, servicesWhenGiven } from '#domain/access/giving.ts';
import { invitationTemplate } from '#domain/access/invitation.mail.ts';
import { permissionsLine, termLine } from '#domain/access/invitation-words.ts';
import type { InvitationRow } from '#domain/access/invitations.table.ts';
import {
  acceptedInvitationRows,
  endInvitation,
  findInvitationRow,
  insertInvitation,
  lockInvitationRow,
  noteInvitationLetter,
  overdueInvitationRows,
  renewInvitation,
  waitingInvitationRows,
  waitingInvitationRowsBy,
  waitingInvitationRowsOf,
  waitingInvitationTo,
} from '#domain/access/invitations.table.ts';
import type { Member } from '#domain/access/members.ts';
import { findMember, findMembership, mayInvite } from '#domain/access/members.ts';
import { permissionsIn } from '#domain/access/permissions.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import type { Client } from '#domain/clients/clients.ts';
import { clientOf, holdClient } from '#domain/clients/clients.ts';
import { requireAllowedAddress } from '#domain/guard/banned-emails.ts';
import type { Limit } from '#domain/guard/limits.ts';
import { countUse, usesSoFar } from '#domain/guard/limits.ts';
import { letterBy } from '#domain/mail/letter-template.ts';
import { queueLetter, withdrawLetter } from '#domain/mail/outbox.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { languageFor } from '#domain/settings/language-for.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { findUser, findUserByEmail, nameOf } from '#domain/users/users.ts';
import { days, hours } from '#kit/duration.ts';
import { conflict, invalid, notFound, Problem } from '#kit/problem.ts';
import { fingerprint, randomToken } from '#kit/secret.ts';
import { comparable, harmlessName, isMailAddress } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** How long a link holds. */
export const INVITATION_MS = days(7);
/** So many wait at a time in one account. */
const MOST_WAITING = 100;

// Nobody is flooded by our letters: neither from one account nor at one address, nor by sending one again and again.
const FROM_ONE_ACCOUNT: Limit = { name: 'invitations-account', most: 40, withinMs: days(1) };
const TO_ONE_ADDRESS: Limit = { name: 'invitations-address', most: 10, withinMs: days(1) };
const AGAIN: Limit = { name: 'invitation-again', most: 5, withinMs: days(1) };

/** An invitation that waits. */
export type Invitation = Given & {
  readonly id: number;
  readonly clientId: number;
  readonly email: string;
  /** The person who sent it; undefined for staff, and for somebody who is gone. */
  readonly invitedBy: number | undefined;
  readonly sentAt: number;
  readonly expiresAt: number;
};

/** Whom to invite to what. `replace`: one that waits for this address already makes way, rather than being a conflict. */
export type NewInvitation = Given & { readonly email: string; readonly replace?: boolean };

/**
 * Invites somebody by letter. Throws invalid by field, not-found, not-allowed `may-not-invite`, too-many, or conflict
 * (`already-member`, `already-invited`, `account-closed`). Answers the id.
 */
export async function invite(ctx: Context, actor: Actor, clientId: number, wanted: NewInvitation): Promise<number> {
  const client = await clientOf(ctx, clientId);
  const email = wanted.email.trim();
  const given = await checkedGift(ctx, actor, clientId, { ...wanted, email });
  await requireAllowedAddress(ctx, email);
  if (client.status === 'Closed') throw conflict('account-closed');
  const known = await findUserByEmail(ctx, email);
  if (known && (await findMembership(ctx, known.id, clientId))) throw conflict('already-member');
  if (actor.kind === 'user') {
    await spendLetters(ctx, FROM_ONE_ACCOUNT, String(clientId), 'invitations-account');
    await spendLetters(ctx, TO_ONE_ADDRESS, comparable(email), 'invitations-address');
  }
  return ctx.transaction(async (tx) => {
    await holdClient(tx, clientId, 'keep');
    await makeWay(tx, actor, clientId, email, wanted.replace ?? false);
    if ((await waitingInvitationRows(tx, clientId, MOST_WAITING)).length === MOST_WAITING)
      throw conflict('invitations-waiting', { most: MOST_WAITING });
    const { token, fresh } = freshLink(tx);
    const row = { ...(await rowOf(tx, actor, clientId, email, given)), ...fresh };
    const id = await insertInvitation(tx, row);
    if (id === undefined) throw conflict('already-invited');
    await sendLetter(tx, { ...row, id }, client, token);
    await note(tx, actor, 'access.invited', { ...row, id }, `${email} was invited`);
    await tx.bus.announce(tx, accessInvited, { clientId, invitationId: id });
    return id;
  });
}

/**
 * Sends an invitation again, with a new link; the old one is dead and the clock starts anew. Throws not-found, too-many
 * after five times a day, or not-allowed when whoever sends it may not give that much.
 */
export async function resendInvitation(ctx: Context, actor: Actor, clientId: number, id: number): Promise<void> {
  const client = await clientOf(ctx, clientId);
  if (client.status === 'Closed') throw conflict('account-closed');
  const found = await findInvitationRow(ctx, clientId, id);
  // Asked before anything is counted: nobody uses up what others may send.
  if (found?.state !== 'waiting' || !(await mayTend(ctx, actor, found))) throw notFound('invitation-not-found');
  await spendLetters(ctx, AGAIN, String(id), 'invitation-again');
  if (actor.kind === 'user') await spendLetters(ctx, TO_ONE_ADDRESS, found.email_key, 'invitations-address');
  await ctx.transaction(async (tx) => {
    await holdClient(tx, clientId, 'keep');
    const row = await lockInvitationRow(tx, clientId, id);
    if (!row || !(await mayTend(tx, actor, row))) throw notFound('invitation-not-found');
    const { token, fresh } = freshLink(tx);
    if (!(await renewInvitation(tx, id, fresh))) throw notFound('invitation-not-found');
    if (row.letter_id !== null) await withdrawLetter(tx, row.letter_id); // its link would open nothing
    await sendLetter(tx, { ...row, ...fresh }, client, token);
    await note(tx, actor, 'access.resent', row, `The invitation of ${row.email} was sent again`);
    await tx.bus.announce(tx, accessResent, { clientId, invitationId: id });
  });
}

/** Takes an invitation back: its link opens nothing any more. Throws not-found when it does not wait (any more). */
export async function cancelInvitation(ctx: Context, actor: Actor, clientId: number, id: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const row = await lockInvitationRow(tx, clientId, id);
    if (!row || !(await mayTend(tx, actor, row)) || !(await cancel(tx, actor, row)))
      throw notFound('invitation-not-found');
  });
}

/** The invitations of an account that wait, the oldest first: all, or those that one person sent. */
export async function invitationsOf(ctx: Context, clientId: number, sentBy?: number): Promise<Invitation[]> {
  const rows =
    sentBy === undefined
      ? await waitingInvitationRows(ctx, clientId, MOST_WAITING)
      : await waitingInvitationRowsBy(ctx, clientId, sentBy);
  return rows.map(invitationFrom);
}

/** One that waits, for whoever may tend it: staff and the owner every one, another member their own. Throws not-found. */
export async function invitationOf(ctx: Context, actor: Actor, clientId: number, id: number): Promise<Invitation> {
  const row = await findInvitationRow(ctx, clientId, id);
  if (row?.state !== 'waiting' || row.expires_at <= ctx.now() || !(await mayTend(ctx, actor, row)))
    throw notFound('invitation-not-found');
  return invitationFrom(row);
}

/** By which address each member came in who accepted an invitation, by user id. */
export async function invitedAddresses(ctx: Context, clientId: number): Promise<Map<number, string>> {
  const rows = await acceptedInvitationRows(ctx, clientId, 500);
  return new Map(rows.reverse().flatMap((row) => (row.accepted_by === null ? [] : [[row.accepted_by, row.email]])));
}

/**
 * Takes back those invitations of one person that give more than this person may give now, in the transaction of what
 * changed that: they were removed, may do less, may invite no more, own the account no more.
 */
export async function endUncoveredInvitations(
  tx: Context,
  actor: Actor,
  clientId: number,
  userId: number,
): Promise<void> {
  for (const row of await waitingInvitationRowsBy(tx, clientId, userId)) {
    if (!(await giverOfInvitation(tx, row))) await cancel(tx, actor, row);
  }
}

/** Takes back every invitation that one person sent, in whatever account. */
export async function endInvitationsBy(tx: Context, actor: Actor, userId: number): Promise<void> {
  for (const row of await waitingInvitationRowsOf(tx, userId)) await cancel(tx, actor, row);
}

/** Takes back every invitation to an account. */
export async function endInvitationsTo(tx: Context, actor: Actor, clientId: number): Promise<void> {
  for (const row of await waitingInvitationRows(tx, clientId, MOST_WAITING)) await cancel(tx, actor, row);
}

/** Ends what nobody accepted in time, up to `limit`. Answers how many there were. */
export async function expireInvitations(ctx: Context, actor: Actor, limit: number): Promise<number> {
  const rows = await overdueInvitationRows(ctx, limit);
  for (const row of rows) await ctx.transaction((tx) => expire(tx, actor, row));
  return rows.length;
}

/**
 * Whoever stands behind an invitation, as a giver; undefined when they may not, or no longer, give that much: then it
 * opens nothing.
 */
export async function giverOfInvitation(ctx: Context, row: InvitationRow): Promise<Giver | undefined> {
  if (row.by_staff === 1) return { within: undefined };
  const member = row.invited_by === null ? undefined : await findMember(ctx, row.invited_by, row.client_id);
  if (!member || !mayInvite(member)) return undefined;
  const giver: Giver = { within: member.isOwner ? undefined : member };
  const { endsAt: _, ...faults } = excessOf(giver, givenOf(row), ctx.now()); // its end is held to theirs when it is taken
  return Object.keys(faults).length === 0 ? giver : undefined;
}

/** What an invitation gives; for this topic's own files. */
export function givenOf(row: InvitationRow): Given {
  return {
    ...wholeAccess(permissionsIn(row.permissions), {
      serviceIds: serviceIdsIn(row.service_ids),
      mayInvite: row.may_invite === 1,
      startsAt: row.starts_at ?? undefined,
      endsAt: row.ends_at ?? undefined,
    }),
    lastsMs: row.lasts_ms ?? undefined,
  };
}

/** The kinds of lines that the log has of invitations. */
export type InvitationEvent = `access.${'invited' | 'resent' | 'cancelled' | 'accepted' | 'declined' | 'expired'}`;

/** Writes a line about an invitation; for this topic's own files. */
export async function note(
  tx: Context,
  actor: Actor,
  event: InvitationEvent,
  row: Pick<InvitationRow, 'id' | 'client_id' | 'permissions'>,
  description: string,
  userId?: number,
): Promise<void> {
  await audit(tx, actor, {
    event,
    description,
    clientId: row.client_id,
    ...(userId === undefined ? {} : { userId }),
    details: { invitationId: row.id, permissions: row.permissions },
  });
}

async function checkedGift(ctx: Context, actor: Actor, clientId: number, wanted: NewInvitation): Promise<Given> {
  const giver = await giverOf(ctx, actor, clientId);
  const serviceIds = servicesWhenGiven(giver, wanted.serviceIds);
  const given = { ...wholeAccess(wanted.permissions, { ...wanted, serviceIds }), lastsMs: wanted.lastsMs };
  const faults = {
    ...emailFault(wanted.email),
    ...accessFaults(given, ctx.now()),
    ...excessOf(giver, given, ctx.now()),
  };
  if (Object.keys(faults).length > 0) throw invalid(faults, { until: giver.within?.endsAt ?? 0 });
  return given;
}

function emailFault(email: string): Record<string, string> {
  if (email === '') return { email: 'email-missing' };
  return isMailAddress(email) ? {} : { email: 'email-invalid' };
}

/** Staff and the owner tend every invitation of an account, another member those they sent. */
async function mayTend(ctx: Context, actor: Actor, row: InvitationRow): Promise<boolean> {
  if (actor.kind !== 'user') return actor.kind !== 'stranger';
  const member = await findMember(ctx, actor.userId, row.client_id);
  return member !== undefined && mayTendAs(member, row.invited_by ?? undefined);
}

function mayTendAs(member: Member, invitedBy: number | undefined): boolean {
  return member.isOwner || (member.mayInvite && invitedBy === member.userId);
}

async function spendLetters(ctx: Context, limit: Limit, whom: string, code: string): Promise<void> {
  if ((await countUse(ctx, limit, whom)) <= limit.most) return;
  const wait = Math.max(1, (await usesSoFar(ctx, limit, whom)).resetsAt - ctx.now());
  throw new Problem('too-many', code, {
    retryAfterSeconds: Math.ceil(wait / 1000),
    values: { most: limit.most, hours: Math.ceil(wait / hours(1)) },
  });
}

/** One invitation at a time waits for an address: an overdue one goes, another makes way only when asked to. */
async function makeWay(tx: Context, actor: Actor, clientId: number, email: string, replace: boolean): Promise<void> {
  const older = await waitingInvitationTo(tx, clientId, comparable(email));
  if (!older) return;
  if (older.expires_at <= tx.now()) return expire(tx, actor, older);
  if (!replace) throw conflict('already-invited');
  await cancel(tx, actor, older);
}

async function cancel(tx: Context, actor: Actor, row: InvitationRow): Promise<boolean> {
  if (!(await endInvitation(tx, row.id, 'cancelled'))) return false;
  if (row.letter_id !== null) await withdrawLetter(tx, row.letter_id);
  await note(tx, actor, 'access.cancelled', row, `The invitation of ${row.email} was cancelled`);
  await tx.bus.announce(tx, accessCancelled, { clientId: row.client_id, invitationId: row.id });
  return true;
}

async function expire(tx: Context, actor: Actor, row: InvitationRow): Promise<void> {
  if (!(await endInvitation(tx, row.id, 'expired'))) return;
  await note(tx, actor, 'access.expired', row, `The invitation of ${row.email} was not accepted in time`);
  await tx.bus.announce(tx, accessExpired, { clientId: row.client_id, invitationId: row.id });
}

function freshLink(tx: Context): {
  token: string;
  fresh: Pick<InvitationRow, 'token_hash' | 'sent_at' | 'expires_at'>;
} {
  const token = randomToken(); // 256 bits; only its fingerprint is stored
  const now = tx.now();
  return { token, fresh: { token_hash: fingerprint(token), sent_at: now, expires_at: now + INVITATION_MS } };
}

type Unsent = Omit<InvitationRow, 'id' | 'token_hash' | 'sent_at' | 'expires_at'>;

async function rowOf(tx: Context, actor: Actor, clientId: number, email: string, given: Given): Promise<Unsent> {
  const sender = actor.kind === 'user' ? await findUser(tx, actor.userId) : undefined;
  return {
    ...columnsOf(given),
    client_id: clientId,
    email,
    email_key: comparable(email),
    lasts_ms: given.lastsMs ?? null,
    by_staff: Number(sender === undefined),
    invited_by: sender?.id ?? null,
    invited_by_name: sender ? nameOf(sender) : '',
    letter_id: null,
    state: 'waiting',
    created_at: tx.now(),
    ended_at: null,
    accepted_by: null,
  };
}

/** The letter is the same for an address that is known and for one that is not, but for its language. */
async function sendLetter(tx: Context, row: InvitationRow, client: Client, token: string): Promise<void> {
  const known = await findUserByEmail(tx, row.email);
  const company = await settingOf(tx, companyName);
  const language = (await languageFor(tx, known?.language || client.language)).code;
  const letter = letterBy(invitationTemplate, {
    to: { address: row.email, name: '', language },
    values: {
      company,
      // Names are chosen by whoever writes to strangers: in a letter of ours they must not be advertisements with a link.
      inviter: row.invited_by_name === '' ? company : harmlessName(row.invited_by_name),
      account: harmlessName(displayName(client)),
      permissions: permissionsLine(permissionsIn(row.permissions), language),
      term: termLine(givenOf(row), language),
      holds_until: new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(row.expires_at),
      address: row.email,
    },
    url: await publicLink(tx, `/invite/${token}`),
    expiresAt: row.expires_at,
    userId: known?.id,
    clientId: row.client_id,
  });
  await noteInvitationLetter(tx, row.id, await queueLetter(tx, letter));
}

function invitationFrom(row: InvitationRow): Invitation {
  return {
    ...givenOf(row),
    id: row.id,
    clientId: row.client_id,
    email: row.email,
    invitedBy: row.invited_by ?? undefined,
    sentAt: row.sent_at,
    expiresAt: row.expires_at,
  };
}

// The table of invitations: by whom, to which address, to what, and what became of it. Tokens are hashed at rest.

import type { Generated } from 'kysely';
import { locked } from '#kit/database/database.ts';
import type { Context } from '#src/context.ts';

/** Where an invitation stands. Only one that waits opens anything, and only until `expires_at`. */
export type InvitationState = 'waiting' | 'accepted' | 'declined' | 'cancelled' | 'expired';

/** An invitation as stored. `by_staff`: nobody's own permissions bound it; else `invited_by` says whose do. */
export type InvitationRow = {
  id: number;
  client_id: number;
  email: string;
  email_key: string;
  token_hash: string;
  permissions: string;
  service_ids: string;
  may_invite: number;
  starts_at: number | null;
  ends_at: number | null;
  lasts_ms: number | null;
  by_staff: number;
  invited_by: number | null;
  invited_by_name: string;
  letter_id: number | null;
  state: InvitationState;
  created_at: number;
  sent_at: number;
  expires_at: number;
  ended_at: number | null;
  accepted_by: number | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    invitations: Omit<InvitationRow, 'id'> & { id: Generated<number> };
  }
}

/** Adds an invitation that waits. Answers its id, or undefined when another to this address waits already. */
export async function insertInvitation(tx: Context, row: Omit<InvitationRow, 'id'>): Promise<number | undefined> {
  const made = await tx.db
    .insertInto('invitations')
    .values(row)
    .onConflict((on) => on.doNothing())
    .returning('id')
    .executeTakeFirst();
  return made?.id;
}

/** One invitation by its link, whatever its state. */
export async function findInvitationByToken(ctx: Context, tokenHash: string): Promise<InvitationRow | undefined> {
  return ctx.db.selectFrom('invitations').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();
}

/** One invitation of an account. Another account's id is not found. */
export async function findInvitationRow(
  ctx: Context,
  clientId: number,
  id: number,
): Promise<InvitationRow | undefined> {
  return ctx.db
    .selectFrom('invitations')
    .selectAll()
    .where('id', '=', id)
    .where('client_id', '=', clientId)
    .executeTakeFirst();
}

/** The same, locked until the transaction ends. */
export async function lockInvitationRow(tx: Context, clientId: number, id: number): Promise<InvitationRow | undefined> {
  const query = tx.db.selectFrom('invitations').selectAll().where('id', '=', id).where('client_id', '=', clientId);
  return locked(tx, query, 'change').executeTakeFirst();
}

/** The invitations of an account that can still be accepted, the oldest first. */
export async function waitingInvitationRows(ctx: Context, clientId: number, limit: number): Promise<InvitationRow[]> {
  return ctx.db
    .selectFrom('invitations')
    .selectAll()
    .where('client_id', '=', clientId)
    .where('state', '=', 'waiting')
    .where('expires_at', '>', ctx.now())
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Those of them that one person sent. */
export async function waitingInvitationRowsBy(
  ctx: Context,
  clientId: number,
  userId: number,
): Promise<InvitationRow[]> {
  return ctx.db
    .selectFrom('invitations')
    .selectAll()
    .where('client_id', '=', clientId)
    .where('state', '=', 'waiting')
    .where('expires_at', '>', ctx.now())
    .where('invited_by', '=', userId)
    .orderBy('id')
    .execute();
}

/** Every invitation of one person that waits, in any account. */
export async function waitingInvitationRowsOf(ctx: Context, userId: number): Promise<InvitationRow[]> {
  return ctx.db
    .selectFrom('invitations')
    .selectAll()
    .where('invited_by', '=', userId)
    .where('state', '=', 'waiting')
    .orderBy('id')
    .execute();
}

/** The invitation of an address to an account that waits, also one whose time is over. */
export async function waitingInvitationTo(
  ctx: Context,
  clientId: number,
  emailKey: string,
): Promise<InvitationRow | undefined> {
  return ctx.db
    .selectFrom('invitations')
    .selectAll()
    .where('client_id', '=', clientId)
    .where('email_key', '=', emailKey)
    .where('state', '=', 'waiting')
    .executeTakeFirst();
}

/** By which addresses the members of an account were invited. */
export async function acceptedInvitationRows(
  ctx: Context,
  clientId: number,
  limit: number,
): Promise<Pick<InvitationRow, 'accepted_by' | 'email'>[]> {
  return ctx.db
    .selectFrom('invitations')
    .select(['accepted_by', 'email'])
    .where('client_id', '=', clientId)
    .where('state', '=', 'accepted')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** Gives an invitation that waits a new link, so that the old one is dead. False when it waits no more. */
export async function renewInvitation(
  tx: Context,
  id: number,
  fresh: Pick<InvitationRow, 'token_hash' | 'sent_at' | 'expires_at'>,
): Promise<boolean> {
  const done = await tx.db
    .updateTable('invitations')
    .set(fresh)
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Notes the letter that an invitation went out by. */
export async function noteInvitationLetter(tx: Context, id: number, letterId: number): Promise<void> {
  await tx.db.updateTable('invitations').set({ letter_id: letterId }).where('id', '=', id).execute();
}

/** Spends an invitation by its link; it answers for exactly one caller. */
export async function spendInvitation(
  tx: Context,
  tokenHash: string,
  as: 'accepted' | 'declined',
): Promise<InvitationRow | undefined> {
  return tx.db
    .updateTable('invitations')
    .set({ state: as, ended_at: tx.now() })
    .where('token_hash', '=', tokenHash)
    .where('state', '=', 'waiting')
    .where('expires_at', '>', tx.now())
    .returningAll()
    .executeTakeFirst();
}

/** Notes who accepted. */
export async function noteAccepter(tx: Context, id: number, userId: number): Promise<void> {
  await tx.db.updateTable('invitations').set({ accepted_by: userId }).where('id', '=', id).execute();
}

/** Ends an invitation that waits. False when it waited no more. */
export async function endInvitation(tx: Context, id: number, as: 'cancelled' | 'expired'): Promise<boolean> {
  const done = await tx.db
    .updateTable('invitations')
    .set({ state: as, ended_at: tx.now() })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Invitations whose time is over and that wait all the same, the longest first. */
export async function overdueInvitationRows(ctx: Context, limit: number): Promise<InvitationRow[]> {
  return ctx.db
    .selectFrom('invitations')
    .selectAll()
    .where('state', '=', 'waiting')
    .where('expires_at', '<=', ctx.now())
    .orderBy('expires_at')
    .limit(limit)
    .execute();
}

/** Forgets invitations that ended before `before` without anybody coming in by them who is still here. */
export async function sweepInvitations(ctx: Context, before: number): Promise<void> {
  await ctx.db
    .deleteFrom('invitations')
    .where('ended_at', '<', before)
    .where((eb) => eb.or([eb('state', '<>', 'accepted'), eb('accepted_by', 'is', null)]))
    .execute();
}

/** The invitations of an account, taken away with it. */
export async function takeInvitationRows(tx: Context, clientId: number): Promise<InvitationRow[]> {
  return tx.db.deleteFrom('invitations').where('client_id', '=', clientId).returningAll().execute();
}

/** Puts an invitation back that was taken away, as it was. */
export async function putInvitationRow(tx: Context, row: InvitationRow): Promise<void> {
  await tx.db.insertInto('invitations').values(row).execute();
}

/** Takes a person who leaves for good out of the invitations that they sent or accepted; `instead` stands for their name. */
export async function forgetInInvitations(tx: Context, userId: number, instead: string): Promise<void> {
  await tx.db.updateTable('invitations').set({ invited_by_name: instead }).where('invited_by', '=', userId).execute();
  await tx.db
    .updateTable('invitations')
    .set({ email: instead, email_key: instead })
    .where('accepted_by', '=', userId)
    .execute();
}

// The table of sessions. Only a hash of each token is kept.

import type { Generated } from 'kysely';
import { hotInsert } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

/** Why a session ended, for the person and the log. */
export type EndReason =
  | 'signed-out'
  | 'ended-elsewhere'
  | 'password-changed'
  | 'address-changed'
  | 'deactivated'
  | 'replaced'
  | 'handed-over'
  | 'ended-by-staff'
  | 'acting-over'
  | 'address-moved'
  | 'remember-stolen'
  | 'factor-changed'
  | 'provider-changed';

/** A session as stored. */
export type SessionRow = {
  id: number;
  token_hash: string;
  kind: 'user' | 'administrator';
  user_id: number | null;
  administrator_id: number | null;
  methods: string;
  origin: string;
  ip: string;
  user_agent: string;
  created_at: number;
  last_seen_at: number;
  expires_at: number;
  handover_until: number | null;
  ended_at: number | null;
  ended_reason: EndReason | null;
  /** When the person last proved who they are in this session, and by what; 0 and '' when somebody else vouched for them. */
  proven_at: number;
  proven_by: string;
  acting_administrator_id: number | null;
  acting_may_write: number;
  acting_session_id: number | null;
  /** Until when the person is asked on their pages whether it is they who speak to support. */
  asked_until: number;
  device_id: number | null;
  /** The "remember me" that it goes back to (topic devices). */
  remembered_id: number | null;
};

declare module '#kit/tables.ts' {
  interface Tables {
    sessions: Omit<SessionRow, 'id'> & { id: Generated<number> };
  }
}

/** Opens a session. Answers its id. */
export async function insertSession(tx: Context, row: Omit<SessionRow, 'id'>): Promise<number> {
  const [made] = await OPEN(tx, row);
  if (!made) throw new Error('a session was opened without an id');
  return made.id;
}

const OPEN = hotInsert<Omit<SessionRow, 'id'>, Pick<SessionRow, 'id'>>(
  'sessions',
  {
    token_hash: true,
    kind: true,
    user_id: true,
    administrator_id: true,
    methods: true,
    origin: true,
    ip: true,
    user_agent: true,
    created_at: true,
    last_seen_at: true,
    expires_at: true,
    handover_until: true,
    ended_at: true,
    ended_reason: true,
    proven_at: true,
    proven_by: true,
    acting_administrator_id: true,
    acting_may_write: true,
    acting_session_id: true,
    asked_until: true,
    device_id: true,
    remembered_id: true,
  },
  'id',
);

/** Puts a new token's hash in place of the old one, for as long as the session holds; true for exactly one caller. */
export async function replaceSessionToken(ctx: Context, before: string, after: string): Promise<boolean> {
  const done = await ctx.db
    .updateTable('sessions')
    .set({ token_hash: after, handover_until: null })
    .where('token_hash', '=', before)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', ctx.now())
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Notes that a session was used. */
export async function touchSession(ctx: Context, id: number): Promise<void> {
  await ctx.db
    .updateTable('sessions')
    .set({ last_seen_at: ctx.now() })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute();
}

/** Notes that the person of a session proved again who they are, and by what; false when it is over. */
export async function noteProven(tx: Context, id: number, by: string): Promise<boolean> {
  const done = await tx.db
    .updateTable('sessions')
    .set({ proven_at: tx.now(), proven_by: by })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

/** Ends one session that is not over yet; of a certain person when told. True for exactly one caller. */
export async function endSessionRow(
  tx: Context,
  id: number,
  reason: EndReason,
  of?: { userId?: number; administratorId?: number },
): Promise<boolean> {
  let query = tx.db
    .updateTable('sessions')
    .set({ ended_at: tx.now(), ended_reason: reason })
    .where('id', '=', id)
    .where('ended_at', 'is', null);
  if (of?.userId !== undefined) query = query.where('user_id', '=', of.userId);
  if (of?.administratorId !== undefined) query = query.where('administrator_id', '=', of.administratorId);
  return (await query.executeTakeFirst()).numUpdatedRows === 1n;
}

/** Ends the sessions of staff in the place of users, of one administrator. Answers the ids of those that ended. */
export async function endActingRowsOf(tx: Context, administratorId: number, reason: EndReason): Promise<number[]> {
  const ended = await tx.db
    .updateTable('sessions')
    .set({ ended_at: tx.now(), ended_reason: reason })
    .where('ended_at', 'is', null)
    .where('acting_administrator_id', '=', administratorId)
    .returning('id')
    .execute();
  return ended.map(({ id }) => id);
}

/** Marks the sessions in which a user is there now, in a browser of their own: until when they are asked. Answers how many. */
export async function markAsked(tx: Context, userId: number, until: number, seenSince: number): Promise<number> {
  const marked = await tx.db
    .updateTable('sessions')
    .set({ asked_until: until })
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', tx.now())
    .where('last_seen_at', '>', seenSince)
    .where('acting_administrator_id', 'is', null)
    .where('origin', '<>', 'api')
    .executeTakeFirst();
  return Number(marked.numUpdatedRows);
}

/** Nobody of a user is asked any more. */
export async function unmarkAsked(tx: Context, userId: number): Promise<void> {
  await tx.db
    .updateTable('sessions')
    .set({ asked_until: 0 })
    .where('user_id', '=', userId)
    .where('asked_until', '>', 0)
    .execute();
}

/** Ends the sessions that go back to one "remember me". Answers how many. */
export async function endSessionRowsRemembered(tx: Context, rememberedId: number, reason: EndReason): Promise<number> {
  const done = await tx.db
    .updateTable('sessions')
    .set({ ended_at: tx.now(), ended_reason: reason })
    .where('remembered_id', '=', rememberedId)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return Number(done.numUpdatedRows);
}

/** Ends the sessions of a person on one browser. Answers how many. */
export async function endSessionRowsOnDevice(
  tx: Context,
  of: { userId: number } | { administratorId: number },
  deviceId: number,
  reason: EndReason,
): Promise<number> {
  const query = tx.db
    .updateTable('sessions')
    .set({ ended_at: tx.now(), ended_reason: reason })
    .where('device_id', '=', deviceId)
    .where('ended_at', 'is', null);
  const whose =
    'userId' in of ? query.where('user_id', '=', of.userId) : query.where('administrator_id', '=', of.administratorId);
  return Number((await whose.executeTakeFirst()).numUpdatedRows);
}

/** The "remember me" that a session goes back to, if any. */
export async function rememberedIdOf(tx: Context, sessionId: number): Promise<number | undefined> {
  const row = await tx.db.selectFrom('sessions').select('remembered_id').where('id', '=', sessionId).executeTakeFirst();
  return row?.remembered_id ?? undefined;
}

/** Ends every session of a person, but for one when told. Answers how many. */
export async function endSessionRowsOf(
  tx: Context,
  of: { userId: number } | { administratorId: number },
  reason: EndReason,
  exceptId?: number,
): Promise<number> {
  let query = tx.db
    .updateTable('sessions')
    .set({ ended_at: tx.now(), ended_reason: reason })
    .where('ended_at', 'is', null);
  query =
    'userId' in of ? query.where('user_id', '=', of.userId) : query.where('administrator_id', '=', of.administratorId);
  if (exceptId !== undefined) query = query.where('id', '<>', exceptId);
  return Number((await query.executeTakeFirst()).numUpdatedRows);
}

/** The sessions of a person that are neither ended nor past their absolute end, newest first. */
export async function openSessionRows(
  ctx: Context,
  of: { userId: number } | { administratorId: number },
): Promise<SessionRow[]> {
  const query = ctx.db
    .selectFrom('sessions')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('expires_at', '>', ctx.now());
  const whose =
    'userId' in of ? query.where('user_id', '=', of.userId) : query.where('administrator_id', '=', of.administratorId);
  return whose.orderBy('id', 'desc').limit(200).execute();
}

/** Whose session may be moved into a browser by this token. */
export async function findHandover(ctx: Context, tokenHash: string): Promise<Pick<SessionRow, 'user_id'> | undefined> {
  return ctx.db
    .selectFrom('sessions')
    .select('user_id')
    .where('token_hash', '=', tokenHash)
    .where('handover_until', '>', ctx.now())
    .executeTakeFirst();
}

/** Takes the one right to move a session into a browser: ends the old token, once. Answers the session it was. */
export async function spendHandover(tx: Context, tokenHash: string): Promise<SessionRow | undefined> {
  return tx.db
    .updateTable('sessions')
    .set({ ended_at: tx.now(), ended_reason: 'handed-over' })
    .where('token_hash', '=', tokenHash)
    .where('ended_at', 'is', null)
    .where('handover_until', '>', tx.now())
    .where('expires_at', '>', tx.now())
    .returningAll()
    .executeTakeFirst();
}

/** Takes away sessions that ended or ran out before `before`. */
export async function sweepSessionRows(ctx: Context, before: number): Promise<void> {
  await ctx.db.deleteFrom('sessions').where('expires_at', '<', before).execute();
}

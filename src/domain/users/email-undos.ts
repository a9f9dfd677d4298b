// The way back to the address that a person had: for seven days after it was changed, by whomever. While it holds nobody
// else gets the address, or whoever stole a sign-in could bar the way by taking it.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import type { EmailUndoRow } from '#domain/users/email-undos.table.ts';
import {
  earlierAddresses,
  endEmailUndoRowsFrom,
  findEmailUndoRow,
  insertEmailUndo,
  openEmailUndoRows,
  spendEmailUndoRow,
  sweepEmailUndoRows,
} from '#domain/users/email-undos.table.ts';
import { days } from '#kit/duration.ts';
import { notFound } from '#kit/problem.ts';
import { fingerprint, randomToken } from '#kit/secret.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** For how long an address can be put back (behaviours.md, section 15, number 21). */
export const UNDO_MS = days(7);

/** A way back that was offered. */
export type EmailUndo = {
  readonly id: number;
  readonly userId: number;
  readonly email: string;
  readonly createdAt: number;
  readonly expiresAt: number;
};

/** Keeps the way back to `email`. Answers the token of its link, which is told to nobody but that address. */
export async function keepEmailUndo(tx: Context, userId: number, email: string): Promise<string> {
  const token = randomToken();
  await insertEmailUndo(tx, {
    token_hash: fingerprint(token),
    user_id: userId,
    email,
    email_key: comparable(email),
    created_at: tx.now(),
    expires_at: tx.now() + UNDO_MS,
  });
  return token;
}

/** The undos of a person that hold now, the oldest first. */
export async function openEmailUndos(ctx: Context, userId: number): Promise<EmailUndo[]> {
  return (await openEmailUndoRows(ctx, userId)).map(undoFrom);
}

/** What a link is worth now. */
export type EmailUndoState =
  | { readonly is: 'open'; readonly undo: EmailUndo }
  | { readonly is: 'used' | 'ended' | 'expired' | 'unknown' };

/** Looks at a link without spending it. */
export async function emailUndoState(ctx: Context, token: string): Promise<EmailUndoState> {
  const row = await findEmailUndoRow(ctx, fingerprint(token));
  if (!row) return { is: 'unknown' };
  if (row.ended_how === 'used') return { is: 'used' };
  if (row.ended_at !== null) return { is: 'ended' };
  if (row.expires_at <= ctx.now()) return { is: 'expired' };
  return { is: 'open', undo: undoFrom(row) };
}

/**
 * Spends a link, for one of any number of callers, and ends those of every later change: the change that it undoes carried
 * them, and the address of one of them may be a thief's.
 */
export async function spendEmailUndo(tx: Context, token: string): Promise<EmailUndo | undefined> {
  const row = await spendEmailUndoRow(tx, fingerprint(token));
  if (!row) return undefined;
  await endEmailUndoRowsFrom(tx, row.user_id, row.id, 'outdated');
  return undoFrom(row);
}

/**
 * An address that a person returns to was put back by that: its way back ends, and those of every later change with it.
 * Answers whether there was one.
 */
export async function endUndosByReturn(tx: Context, userId: number, email: string): Promise<boolean> {
  // By its very letters, not as addresses are compared: one that only looks alike may be a thief's.
  const returned = (await openEmailUndoRows(tx, userId)).find((row) => sameLetters(row.email, email));
  return returned !== undefined && (await endEmailUndoRowsFrom(tx, userId, returned.id, 'outdated')) > 0;
}

/** Staff end every way back of a person: an earlier address was never theirs. Throws not-found when none holds. */
export async function withdrawEmailUndos(ctx: Context, actor: Actor, userId: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const open = await openEmailUndoRows(tx, userId);
    if ((await endEmailUndoRowsFrom(tx, userId, open[0]?.id ?? 0, 'withdrawn')) === 0) throw notFound('no-email-undo');
    await audit(tx, actor, {
      event: 'user.email.undo_withdrawn',
      description: 'The links that put back earlier addresses of a user were withdrawn',
      userId,
      details: { addresses: open.map((row) => row.email) },
    });
  });
}

/** Every address that a person had lately. */
export async function addressesBefore(ctx: Context, userId: number): Promise<string[]> {
  return earlierAddresses(ctx, userId);
}

/** Takes away undos that were over before `before`. They opened nothing any more. */
export async function sweepEmailUndos(ctx: Context, before: number): Promise<void> {
  await sweepEmailUndoRows(ctx, before);
}

function sameLetters(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

function undoFrom(row: EmailUndoRow): EmailUndo {
  return {
    id: row.id,
    userId: row.user_id,
    email: row.email,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}

// A sign-in under way: the password was right, something is still due. No session exists yet.

import { hotAppend, hotQuery } from '#kit/database/hot-query.ts';
import type { Context } from '#src/context.ts';

/** An attempt as stored, by the hash of its token. */
export type AttemptRow = {
  token_hash: string;
  user_id: number | null;
  administrator_id: number | null;
  methods: string;
  tries: number;
  /** Whether "remember me" was ticked at the first step. */
  remember: 0 | 1;
  /** Whether they ticked that this browser need not be asked for the second factor again. */
  trust: 0 | 1;
  ip: string;
  created_at: number;
  expires_at: number;
};

declare module '#kit/tables.ts' {
  interface Tables {
    login_attempts: AttemptRow;
  }
}

/** Keeps an attempt. */
export async function insertAttempt(tx: Context, row: AttemptRow): Promise<void> {
  await ADD(tx, row);
}

const ADD = hotAppend<AttemptRow>('login_attempts', {
  token_hash: true,
  user_id: true,
  administrator_id: true,
  methods: true,
  tries: true,
  remember: true,
  trust: true,
  ip: true,
  created_at: true,
  expires_at: true,
});

/** Counts one try before anything is checked; nothing when the attempt is over or has had its tries. */
export async function countAttemptTry(ctx: Context, tokenHash: string, most: number): Promise<AttemptRow | undefined> {
  return (await COUNT(ctx, tokenHash, most, ctx.now()))[0];
}

const COUNT = hotQuery<AttemptRow>(
  'update login_attempts set tries = tries + 1 where token_hash = ? and tries < ? and expires_at > ? returning *',
);

/** The attempt, while it holds; for drawing its page. */
export async function findAttempt(ctx: Context, tokenHash: string): Promise<AttemptRow | undefined> {
  return (await FIND(ctx, tokenHash, ctx.now()))[0];
}

const FIND = hotQuery<AttemptRow>('select * from login_attempts where token_hash = ? and expires_at > ?');

/** Ends an attempt; true for exactly one caller. */
export async function endAttempt(tx: Context, tokenHash: string): Promise<boolean> {
  return (await END(tx, tokenHash)).length === 1;
}

const END = hotQuery<Pick<AttemptRow, 'token_hash'>>(
  'delete from login_attempts where token_hash = ? returning token_hash',
);

/** Ends every attempt of a person: their password changed, or they were deactivated. */
export async function endAttemptsOf(tx: Context, of: { userId: number } | { administratorId: number }): Promise<void> {
  const query = tx.db.deleteFrom('login_attempts');
  await ('userId' in of
    ? query.where('user_id', '=', of.userId)
    : query.where('administrator_id', '=', of.administratorId)
  ).execute();
}

/** Takes away attempts whose time is over. */
export async function sweepAttempts(ctx: Context): Promise<void> {
  await ctx.db.deleteFrom('login_attempts').where('expires_at', '<=', ctx.now()).execute();
}
